import { join } from 'node:path';
import { ScheduleSpec } from '../../../contract/schedule/index.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import { createManualClock } from '../../../server/adapters/memory/clock.js';
import { openState } from '../../../server/adapters/sqlite-state/index.js';
import { createIds } from '../../../server/ids.js';
import { createPlanner } from '../../../server/schedule/plan/planner.js';
import { DueTimes } from '../../../server/schedule/time/dueTimes.js';
import { scratch } from '../scratch.js';

/** Files as schedules see them, where a test does not care. */
export const scheduleFiles = {
  root: () => '/srv/notebooks',
  result: () => Promise.resolve(undefined),
  pin: () => Promise.resolve(),
  pinned: (name: string) => `/pins/${name}.ipynb`,
  unpin: () => Promise.resolve(),
  deliver: () => Promise.resolve(),
  tidy: () => Promise.resolve(),
  absolute: (root: string, path: string) => `${root}/${path}`,
  below: (root: string, path: string) => (path.startsWith(`${root}/`) ? path.slice(root.length + 1) : undefined)
};

/** Schedules on a real database and a clock that the test moves. */
export function scheduleHome(start: string) {
  const clock = createManualClock(Date.parse(start));
  const file = join(scratch('lakeside-schedules'), 'state.db');
  const gone = new Set<string>();
  const openAll = () => openState({ file, clock, isGone: worker => gone.has(worker) });
  const open = () => openAll().schedules;
  const store = open();
  const ids = createIds(clock);
  const planner = createPlanner({ store, clock, ids });
  return {
    clock,
    /** Names of workers that are dead. */
    gone,
    store,
    ids,
    planner,
    /** The same database, as another process has it. */
    open,
    /** The same with all that the database holds. */
    openAll,
    add(spec: Partial<Record<keyof ScheduleSpec, unknown>> = {}): Schedule {
      const whole = ScheduleSpec.parse({
        name: 'Morning delays',
        notebook: { path: 'delays.ipynb' },
        when: { cron: '0 * * * *' },
        ...spec
      });
      const next = new DueTimes(whole.when).next(clock.now())?.instant;
      const at = new Date(clock.now()).toISOString();
      const schedule: Schedule = {
        id: ids.next(),
        owner: 'ada',
        root: '/srv/notebooks',
        spec: whole,
        state: 'active',
        revision: 1,
        createdAt: at,
        updatedAt: at,
        ...(next !== undefined && { nextDue: new Date(next).toISOString() })
      };
      store.create(schedule, clock.now());
      return schedule;
    },
    /** Moves the clock and plans until nothing is left to plan. */
    go(to: string): void {
      clock.move(Date.parse(to) - clock.now());
      while (planner.plan());
    },
    /** Hour and minute at which the runs of a schedule are due, with what became of them, the oldest first. */
    told(schedule: Schedule): string[] {
      return store
        .runs({ scheduleId: schedule.id, limit: 10_000 })
        .toReversed()
        .map(({ dueAt, state, trigger }: Run) => `${dueAt.slice(11, 16)} ${state} ${trigger}`);
    }
  };
}
