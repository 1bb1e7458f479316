import { decodeTime } from 'ulid';
import type { Run, Toast } from '../../../../contract/schedule/index.js';
import type { ClaimedNotice, NewNotice, Notice, Outbox } from '../../../schedule/notify/ports.js';
import { SCREEN } from '../../../schedule/notify/targets.js';
import type { Connection } from '../connection.js';

type Row = Record<string, unknown>;
type Notices = Pick<Outbox, 'claim' | 'sent' | 'later' | 'giveUp' | 'toasts' | 'claimToast'>;

/** Notices: `waiting`, then `sent`, `shown` or `given-up`. One that waits may be claimed by a worker for a while. */
export function createNotices(
  connection: Connection,
  isGone: (worker: string) => boolean
): { insert: (run: Run, round: number, notice: NewNotice) => void; outbox: Notices } {
  const { sql } = connection;

  function insert(run: Run, round: number, { id, target, notice }: NewNotice): void {
    sql(
      `INSERT OR IGNORE INTO notices (id, run_id, round, kind, target, owner, at, state, notice)
       VALUES (?, ?, ?, ?, ?, ?, ?, 'waiting', ?)`
    ).run(id, run.id, round, notice.kind, target, run.owner, decodeTime(id), JSON.stringify(notice));
  }

  /** Ends a claim. False where it is not this worker's any more. */
  function end(id: string, worker: string, state: string, notBefore: number, reason: string | null): boolean {
    const { changes } = sql(
      `UPDATE notices SET state = ?, not_before = ?, reason = ?, worker = NULL, claimed_until = 0
       WHERE id = ? AND worker = ? AND state = 'waiting'`
    ).run(state, notBefore, reason, id, worker);
    return changes > 0;
  }

  return {
    insert,
    outbox: {
      claim(worker, now, until, limit) {
        const free = (): Row[] =>
          sql(
            `SELECT id, run_id, worker, claimed_until, attempts, at, target, notice FROM notices
             WHERE state = 'waiting' AND target <> ? AND not_before <= ? ORDER BY not_before, id`
          )
            .all(SCREEN, now)
            .filter(row => isFree(row, now, isGone))
            .slice(0, limit);
        // The usual case writes nothing: an idle process keeps no disk awake.
        if (limit <= 0 || connection.read(() => free().length) === 0) return [];
        return connection.write(() =>
          free().map((row): ClaimedNotice => {
            sql('UPDATE notices SET worker = ?, claimed_until = ?, attempts = attempts + 1 WHERE id = ?').run(
              worker,
              until,
              String(row['id'])
            );
            return {
              id: String(row['id']),
              attempt: Number(row['attempts']) + 1,
              at: new Date(Number(row['at'])).toISOString(),
              target: String(row['target']),
              notice: noticeOf(row)
            };
          })
        );
      },
      sent: (id, worker) => connection.write(() => end(id, worker, 'sent', 0, null)),
      later: (id, worker, notBefore, reason) =>
        connection.write(() => {
          end(id, worker, 'waiting', notBefore, reason);
        }),
      giveUp: (id, worker, reason, instead) =>
        connection.write(() => {
          const row = sql('SELECT run, round FROM notices JOIN runs ON runs.id = run_id WHERE notices.id = ?').get(id);
          if (!end(id, worker, 'given-up', 0, reason) || row === undefined || instead === undefined) return;
          insert(JSON.parse(String(row['run'])) as Run, Number(row['round']), instead);
        }),
      toasts: (owner, since) =>
        connection.read(() =>
          sql(
            `SELECT id, run_id, at, notice FROM notices
             WHERE owner = ? AND state = 'waiting' AND target = '${SCREEN}' AND at >= ? ORDER BY id`
          )
            .all(owner, since)
            .map(toastOf)
        ),
      claimToast: (owner, id) =>
        connection.write(
          () =>
            sql(
              `UPDATE notices SET state = 'shown' WHERE id = ? AND owner = ? AND target = '${SCREEN}' AND state = 'waiting'`
            ).run(id, owner).changes > 0
        )
    }
  };
}

function isFree(row: Row, now: number, isGone: (worker: string) => boolean): boolean {
  const { worker } = row;
  return typeof worker !== 'string' || Number(row['claimed_until']) <= now || isGone(worker);
}

function noticeOf(row: Row): Notice {
  return JSON.parse(String(row['notice'])) as Notice;
}

function toastOf(row: Row): Toast {
  const { kind, title, text, schedule } = noticeOf(row);
  return {
    id: String(row['id']),
    kind,
    title,
    text,
    scheduleId: schedule.id,
    runId: String(row['run_id']),
    at: new Date(Number(row['at'])).toISOString()
  };
}
