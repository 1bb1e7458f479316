import { join } from 'node:path';
import { ScheduleSpec } from '../../../contract/schedule/index.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { connect } from '../../../server/adapters/sqlite-state/connection.js';
import { migrate } from '../../../server/adapters/sqlite-state/migrations.js';
import { createScheduleStore } from '../../../server/adapters/sqlite-state/schedules/index.js';
import { createIds } from '../../../server/ids.js';

/**
 * Fills a home that has no state yet with paused schedules and runs of theirs that have ended, as if they had run once
 * an hour until now. Usage: HOME ROOT OWNER SCHEDULES RUNS, RUNS being those of each schedule.
 */
const [, , home = '', root = '', owner = '', schedules = '0', runs = '0'] = process.argv;
const HOUR = 3_600_000;
/** One run in so many failed. */
const FAILS = 20;

const connection = connect(join(home, 'state.db'));
migrate(connection);
const store = createScheduleStore(connection, () => false);
const now = systemClock.now();
const started = now - Number(runs) * HOUR;
const ids = createIds(systemClock);
const iso = (at: number): string => new Date(at).toISOString();

const all = Array.from({ length: Number(schedules) }, (_, at): Schedule => ({
  id: ids.next(),
  owner,
  root,
  spec: ScheduleSpec.parse({
    name: `Figures of store ${at + 1}`,
    description: 'Orders, returns and stock of yesterday, against the four weeks before.',
    notebook: { path: 'empty.ipynb' },
    when: { cron: `${at % 60} * * * *`, zone: 'Europe/Paris' },
    parameters: { store: at + 1, day: '{{ yesterday_ds }}' },
    tags: [`region-${at % 7}`]
  }),
  state: 'paused',
  revision: 1,
  createdAt: iso(started),
  updatedAt: iso(started)
}));

function runOf({ id }: Schedule, number: number, at: number): Run {
  const due = started + number * HOUR + (at % 60) * 60_000;
  const state = (number * 7 + at) % FAILS === 0 ? 'FAILED' : 'SUCCEEDED';
  const reason = 'ValueError: no orders of this day. Cell 3 failed.';
  const runId = ids.next();
  const ended = { state, ...(state === 'FAILED' && { reason }), endedAt: iso(due + 8000) } as const;
  return {
    id: runId,
    scheduleId: id,
    owner,
    trigger: 'schedule',
    dueAt: iso(due),
    intervalStart: iso(due - HOUR),
    ...ended,
    attempts: [{ number: 1, startedAt: iso(due + 20), output: `runs/${id}/${runId}`, ...ended }],
    createdAt: iso(due + 5)
  };
}

connection.write(() => {
  for (const schedule of all) store.create(schedule, now);
  for (let number = 0; number < Number(runs); number++)
    store.add(all.map((schedule, at) => runOf(schedule, number, at)));
});
connection.close();
