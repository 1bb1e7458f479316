import type { Schedule } from '../../../../contract/schedule/index.js';
import type { PlannedSchedule, ScheduleStore } from '../../../schedule/ports.js';
import type { Connection } from '../connection.js';
import { createChanges } from './changes.js';
import { createRuns } from './runs.js';

type Row = Record<string, unknown>;

/**
 * Schedules and runs as rows.
 *
 * @param isGone - whether a worker is surely dead, so that what it began is an orphan
 */
export function createScheduleStore(connection: Connection, isGone: (worker: string) => boolean): ScheduleStore {
  const { sql } = connection;
  const changes = createChanges(connection);
  const runs = createRuns(connection, isGone, changes.next);

  function get(id: string): Schedule | undefined {
    const row = sql('SELECT schedule FROM schedules WHERE id = ?').get(id);
    return row && scheduleOf(row);
  }

  return {
    ...runs,
    lastChange: changes.last,
    changes: changes.after,
    create: (schedule, plannedTo) =>
      connection.write(() => {
        if (get(schedule.id)) return false;
        sql(
          `INSERT INTO schedules (id, owner, state, revision, planned_to, next_due, changed, changed_at, schedule)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`
        ).run(
          schedule.id,
          schedule.owner,
          schedule.state,
          schedule.revision,
          plannedTo,
          nextDueOf(schedule),
          changes.next(),
          Date.parse(schedule.updatedAt),
          JSON.stringify(schedule)
        );
        return true;
      }),
    get: id => connection.read(() => get(id)),
    list: (owner, { deleted = false }) =>
      connection.read(() =>
        sql(
          `SELECT schedule FROM schedules WHERE owner = ? AND state != 'test' AND (state = 'deleted') = ? ORDER BY id`
        )
          .all(owner, deleted ? 1 : 0)
          .map(scheduleOf)
          .sort((a, b) => (a.spec.name < b.spec.name ? -1 : 1))
      ),
    update: (schedule, from, plannedTo) =>
      connection.write(
        () =>
          sql(
            `UPDATE schedules SET state = ?, revision = ?, next_due = ?, changed = ?, changed_at = ?, schedule = ?,
             planned_to = coalesce(?, planned_to) WHERE id = ? AND revision = ?`
          ).run(
            schedule.state,
            schedule.revision,
            nextDueOf(schedule),
            changes.next(),
            Date.parse(schedule.updatedAt),
            JSON.stringify(schedule),
            plannedTo ?? null,
            schedule.id,
            from
          ).changes !== 0
      ),
    due: (now, limit) =>
      connection.read(() =>
        sql('SELECT schedule, planned_to FROM schedules WHERE next_due <= ? ORDER BY next_due LIMIT ?')
          .all(now, limit)
          .map((row): PlannedSchedule => ({ schedule: scheduleOf(row), plannedTo: Number(row['planned_to']) }))
      ),
    nextDue: () =>
      connection.read(() => {
        const next = sql('SELECT min(next_due) AS next FROM schedules WHERE next_due IS NOT NULL').get()?.['next'];
        return typeof next === 'number' ? next : undefined;
      }),
    living: () =>
      connection.read(() =>
        sql(`SELECT schedule FROM schedules WHERE state IN ('active', 'paused')`).all().map(scheduleOf)
      ),
    forget: (state, since) =>
      connection.write(() =>
        Number(sql('DELETE FROM schedules WHERE state = ? AND changed_at < ?').run(state, since).changes)
      ),
    plan: ({ schedule, plannedTo, runs: planned }) =>
      connection.write(() => {
        const stored = sql(
          'UPDATE schedules SET planned_to = ?, next_due = ?, changed = ?, schedule = ? WHERE id = ? AND revision = ?'
        ).run(plannedTo, nextDueOf(schedule), changes.next(), JSON.stringify(schedule), schedule.id, schedule.revision);
        if (stored.changes !== 0) runs.add(planned);
      })
  };
}

function scheduleOf(row: Row): Schedule {
  return JSON.parse(String(row['schedule'])) as Schedule;
}

function nextDueOf({ state, nextDue }: Schedule): number | null {
  return state === 'active' && nextDue !== undefined ? Date.parse(nextDue) : null;
}
