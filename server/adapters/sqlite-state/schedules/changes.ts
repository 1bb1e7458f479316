import type { Run } from '../../../../contract/schedule/index.js';
import type { ScheduleStore } from '../../../schedule/ports.js';
import type { Connection } from '../connection.js';

/** Numbers the changes of schedules and runs, so that whoever watches sees those of every process. */
export function createChanges({ sql, read }: Connection): {
  /** The number of a change that is being stored; within its transaction. */
  next: () => number;
  last: ScheduleStore['lastChange'];
  after: ScheduleStore['changes'];
} {
  return {
    next: () => Number(sql('UPDATE schedule_changes SET last = last + 1 RETURNING last').get()?.['last']),
    last: () => read(() => Number(sql('SELECT last FROM schedule_changes').get()?.['last'] ?? 0)),
    after: (owner, seen, limit) =>
      read(() => {
        const rows = sql(
          `SELECT changed, run, NULL AS id FROM runs WHERE owner = ?1 AND changed > ?2
           UNION ALL SELECT changed, NULL, id FROM schedules WHERE owner = ?1 AND changed > ?2 AND state != 'test'
           ORDER BY changed LIMIT ?3`
        ).all(owner, seen, limit);
        return {
          seen: Math.max(seen, ...rows.map(({ changed }) => Number(changed))),
          runs: rows.flatMap(({ run }) => (typeof run === 'string' ? [JSON.parse(run) as Run] : [])),
          schedules: rows.flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
        };
      })
  };
}
