import { isEnded } from '../../../../contract/schedule/records.js';
import type { Run } from '../../../../contract/schedule/index.js';
import type { ScheduleStore } from '../../../schedule/ports.js';
import type { Connection } from '../connection.js';

type Row = Record<string, unknown>;
type Runs = Pick<
  ScheduleStore,
  | 'run'
  | 'runs'
  | 'underWay'
  | 'add'
  | 'waiting'
  | 'begin'
  | 'change'
  | 'orphans'
  | 'adopt'
  | 'again'
  | 'wish'
  | 'wishes'
  | 'thin'
>;

/** Runs as rows. What is asked for often has a column of its own beside the whole as JSON. */
export function createRuns(
  connection: Connection,
  isGone: (worker: string) => boolean,
  nextChange: () => number
): Runs {
  const { sql } = connection;

  function get(id: string): { run: Run; worker: string | undefined } | undefined {
    const row = sql('SELECT run, worker FROM runs WHERE id = ?').get(id);
    if (row === undefined) return undefined;
    const { worker } = row;
    return { run: runOf(row), worker: typeof worker === 'string' ? worker : undefined };
  }

  function store(run: Run, worker: string | undefined): void {
    sql('UPDATE runs SET state = ?, ready_at = ?, ended_at = ?, worker = ?, changed = ?, run = ? WHERE id = ?').run(
      run.state,
      readyAt(run),
      endedAt(run),
      worker ?? null,
      nextChange(),
      JSON.stringify(run),
      run.id
    );
  }

  function insert(run: Run): boolean {
    const { changes } = sql(
      `INSERT INTO runs (id, schedule_id, owner, state, due_at, is_planned, ready_at, ended_at, changed, run)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
    ).run(
      run.id,
      run.scheduleId,
      run.owner,
      run.state,
      Date.parse(run.dueAt),
      isPlanned(run) ? 1 : 0,
      readyAt(run),
      endedAt(run),
      nextChange(),
      JSON.stringify(run)
    );
    return changes > 0;
  }

  return {
    run: id => connection.read(() => get(id)?.run),
    runs: ({ scheduleId, owner, states, after, limit }) =>
      connection.read(() => {
        const conditions = [
          ...(scheduleId === undefined ? [] : ['schedule_id = ?']),
          ...(owner === undefined ? [] : ['owner = ?']),
          ...(states === undefined ? [] : ['state IN (SELECT value FROM json_each(?))']),
          ...(after === undefined ? [] : ['id < ?'])
        ];
        const values = [scheduleId, owner, states && JSON.stringify(states), after].filter(
          value => value !== undefined
        );
        const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
        return sql(`SELECT run FROM runs ${where} ORDER BY id DESC LIMIT ?`)
          .all(...values, limit)
          .map(runOf);
      }),
    underWay: scheduleId =>
      connection.read(() =>
        sql('SELECT run FROM runs WHERE schedule_id = ? AND ended_at IS NULL ORDER BY due_at')
          .all(scheduleId)
          .map(runOf)
      ),
    add: runs =>
      connection.write(() => {
        for (const run of runs) insert(run);
      }),
    again: runs =>
      connection.write(() =>
        runs.flatMap(run => {
          if (insert(run)) return [run];
          const row = sql('SELECT run FROM runs WHERE schedule_id = ? AND due_at = ? AND is_planned = 1').get(
            run.scheduleId,
            Date.parse(run.dueAt)
          );
          const found = row && runOf(row);
          if (found === undefined || !isEnded(found.state) || found.state === 'SUCCEEDED') return [];
          const { reason: _, endedAt: __, ...rest } = found;
          const waiting: Run = { ...rest, state: 'QUEUED', trigger: run.trigger };
          store(waiting, undefined);
          return [waiting];
        })
      ),
    wish: (id, reason) =>
      connection.write(() => {
        sql(`UPDATE runs SET wish = ? WHERE id = ? AND state = 'RUNNING'`).run(reason, id);
      }),
    wishes: worker =>
      connection.read(() =>
        sql(`SELECT id, wish FROM runs WHERE worker = ? AND ended_at IS NULL AND wish IS NOT NULL`)
          .all(worker)
          .map(row => ({ id: String(row['id']), reason: String(row['wish']) }))
      ),
    waiting: (now, limit) =>
      connection.read(() =>
        // One of each, so that a schedule with many waiting runs hides no other. SQLite takes the row of the least value.
        sql(
          'SELECT run, min(ready_at) AS first FROM runs WHERE ready_at <= ? GROUP BY schedule_id ORDER BY first, id LIMIT ?'
        )
          .all(now, limit)
          .map(runOf)
      ),
    begin: (id, attempt, worker) =>
      connection.write(() => {
        const found = get(id);
        if (found?.run.state !== 'QUEUED') return false;
        const { notBefore: _, ...run } = found.run;
        store({ ...run, state: 'RUNNING', attempts: [...run.attempts, attempt] }, worker);
        return true;
      }),
    change: (run, worker) =>
      connection.write(() => {
        const found = get(run.id);
        if (found === undefined || isEnded(found.run.state) || found.worker !== worker) return false;
        store(run, run.state === 'RUNNING' ? worker : undefined);
        return true;
      }),
    orphans: () =>
      connection.read(() =>
        sql(`SELECT run, worker FROM runs WHERE state = 'RUNNING' AND ended_at IS NULL`)
          .all()
          .filter(({ worker }) => typeof worker !== 'string' || isGone(worker))
          .map(runOf)
      ),
    adopt: run =>
      connection.write(() => {
        const found = get(run.id);
        if (found?.run.state !== 'RUNNING' || (found.worker !== undefined && !isGone(found.worker))) return false;
        store(run, undefined);
        return true;
      }),
    thin: (scheduleId, keep, since) =>
      connection.note(() =>
        Number(
          sql(
            `DELETE FROM runs WHERE schedule_id = ?1 AND ended_at < ?2
             AND id NOT IN (SELECT id FROM runs WHERE schedule_id = ?1 ORDER BY id DESC LIMIT ?3)`
          ).run(scheduleId, since, keep).changes
        )
      )
  };
}

function runOf(row: Row): Run {
  return JSON.parse(String(row['run'])) as Run;
}

/** Whether it stands for a due time, of which each has one run. */
function isPlanned({ trigger }: Run): boolean {
  return trigger === 'schedule' || trigger === 'catch-up' || trigger === 'backfill';
}

/** When a run may begin; none where it does not wait. */
function readyAt({ state, dueAt, notBefore }: Run): number | null {
  return state === 'QUEUED' ? Date.parse(notBefore ?? dueAt) : null;
}

function endedAt({ state, endedAt: ended, createdAt }: Run): number | null {
  return isEnded(state) ? Date.parse(ended ?? createdAt) : null;
}
