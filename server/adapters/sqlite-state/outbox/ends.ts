import { isEnded } from '../../../../contract/schedule/records.js';
import type { Run, RunState, Schedule } from '../../../../contract/schedule/index.js';
import type { NewNotice, Outbox, RunEnd } from '../../../schedule/notify/ports.js';
import type { Connection } from '../connection.js';

type Row = Record<string, unknown>;
type Ends = Pick<
  Outbox,
  'ends' | 'before' | 'isOutdone' | 'isLastMissed' | 'publication' | 'settle' | 'unended' | 'tell'
>;

/** Runs that have no end yet are told of as late: once each, whatever their attempts. */
const NO_ROUND = 0;

/** Ends of runs. Triggers of the database write them with the end itself (see migrations.ts). */
export function createEnds(
  connection: Connection,
  insert: (run: Run, round: number, notice: NewNotice) => void,
  nextChange: () => number
): Ends {
  const { sql } = connection;
  const has = (query: string, ...values: (string | number)[]): boolean =>
    connection.read(() => sql(query).get(...values) !== undefined);

  return {
    ends: limit =>
      connection.read(() =>
        sql(
          `SELECT number, round, run_ends.state, run, schedule FROM run_ends
           JOIN runs ON runs.id = run_id JOIN schedules ON schedules.id = run_ends.schedule_id
           WHERE settled = 0 ORDER BY number LIMIT ?`
        )
          .all(limit)
          .map(endOf)
      ),
    before: ({ number, schedule }) =>
      connection.read(() => {
        const row = sql(
          `SELECT state FROM run_ends WHERE schedule_id = ? AND number < ? AND state <> 'MISSED'
           ORDER BY number DESC LIMIT 1`
        ).get(schedule.id, number);
        return row && (String(row['state']) as RunState);
      }),
    isOutdone: ({ scheduleId, dueAt }) =>
      has(
        `SELECT 1 FROM runs WHERE schedule_id = ? AND state = 'SUCCEEDED' AND due_at > ? LIMIT 1`,
        scheduleId,
        Date.parse(dueAt)
      ),
    isLastMissed: ({ scheduleId, dueAt }) =>
      !has(
        `SELECT 1 FROM runs WHERE schedule_id = ? AND is_planned = 1 AND due_at > ? LIMIT 1`,
        scheduleId,
        Date.parse(dueAt)
      ),
    publication: ({ number }, id) =>
      connection.write(() => {
        sql('UPDATE run_ends SET publication = coalesce(publication, ?) WHERE number = ?').run(id, number);
        return String(sql('SELECT publication FROM run_ends WHERE number = ?').get(number)?.['publication'] ?? id);
      }),
    settle: ({ number, run, round }, notices, published) =>
      connection.write(() => {
        const { changes } = sql('UPDATE run_ends SET settled = 1 WHERE number = ? AND settled = 0').run(number);
        if (changes === 0) return false;
        for (const notice of notices) insert(run, round, notice);
        if (published !== undefined) {
          const row = sql('SELECT run FROM runs WHERE id = ?').get(run.id);
          const now = row && (JSON.parse(String(row['run'])) as Run);
          // A run that waits to be done again has nothing published of what is to come.
          if (now && isEnded(now.state)) {
            const changed = JSON.stringify({ ...now, published });
            sql('UPDATE runs SET changed = ?, run = ? WHERE id = ?').run(nextChange(), changed, run.id);
          }
        }
        return true;
      }),
    unended: () =>
      connection.read(() =>
        sql(
          `SELECT run, schedule FROM runs INDEXED BY runs_under_way JOIN schedules ON schedules.id = schedule_id
           WHERE ended_at IS NULL AND schedules.state IN ('active', 'paused')
           AND json_extract(schedule, '$.spec.policy.lateAfter') IS NOT NULL
           AND NOT EXISTS (SELECT 1 FROM notices WHERE run_id = runs.id AND kind = 'late')`
        )
          .all()
          .map(row => ({ run: runOf(row), schedule: scheduleOf(row) }))
      ),
    tell: (run, notices) =>
      connection.write(() => {
        for (const notice of notices) insert(run, NO_ROUND, notice);
      })
  };
}

function endOf(row: Row): RunEnd {
  return {
    number: Number(row['number']),
    round: Number(row['round']),
    state: String(row['state']) as RunState,
    run: runOf(row),
    schedule: scheduleOf(row)
  };
}

function runOf(row: Row): Run {
  return JSON.parse(String(row['run'])) as Run;
}

function scheduleOf(row: Row): Schedule {
  return JSON.parse(String(row['schedule'])) as Schedule;
}
