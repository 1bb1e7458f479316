import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryRunner } from '../../../../server/adapters/memory/notebookRunner.js';
import { createDispatcher } from '../../../../server/schedule/dispatch/dispatcher.js';
import { createEngine } from '../../../../server/schedule/engine/engine.js';
import { createTake } from '../../../../server/schedule/places/take.js';
import { createPlanner } from '../../../../server/schedule/plan/planner.js';
import { DueTimes } from '../../../../server/schedule/time/dueTimes.js';
import { dose } from '../../../support/dose.js';
import { silent } from '../../../support/schedule/after.js';
import { scheduleFiles, scheduleHome } from '../../../support/schedule/home.js';
import { noPlaces } from '../../../support/schedule/places.js';

const MINUTE = 60_000;
const STEP = 10 * MINUTE;

/** Moments at which clocks change, or nothing happens at all. */
const moments = [
  { zone: 'Europe/Paris', at: '2026-10-25T01:00:00Z' },
  { zone: 'Europe/Paris', at: '2026-03-29T01:00:00Z' },
  { zone: 'America/New_York', at: '2026-11-01T06:00:00Z' },
  { zone: 'America/New_York', at: '2026-03-08T07:00:00Z' },
  { zone: 'Australia/Lord_Howe', at: '2026-04-04T15:00:00Z' },
  { zone: 'UTC', at: '2026-11-23T07:00:00Z' }
];
const crons = ['* * * * *', '*/5 * * * *', '*/7 1-3 * * *', '30 2 * * *', '*/20 2 * * *', '15,45 * * * *', '0 * * * *'];

/** What happens to the clock, and who looks at it then. */
const happening = fc.oneof(
  { weight: 5, arbitrary: fc.record({ by: fc.integer({ min: 0, max: 15 * MINUTE }) }) },
  { weight: 2, arbitrary: fc.record({ by: fc.constantFrom(-STEP, STEP) }) },
  { weight: 1, arbitrary: fc.record({ restart: fc.constant(true) }) },
  { weight: 1, arbitrary: fc.record({ beside: fc.constant(true) }) }
);

describe('a clock that is stepped while schedules wait', () => {
  it('by ten minutes, to and fro, also where clocks change: each due time has one run, none is left out', () => {
    const { runs, seed } = dose('clocks stepped by ten minutes', { ci: 60, full: 5000 });
    fc.assert(
      fc.property(
        fc.constantFrom(...moments),
        fc.uniqueArray(fc.constantFrom(...crons), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 70 }),
        fc.array(happening, { minLength: 5, maxLength: 40 }),
        ({ zone, at }, chosen, before, happenings) => {
          const start = Date.parse(at) - before * MINUTE;
          const home = scheduleHome(new Date(start).toISOString());
          const schedules = chosen.map(cron => home.add({ when: { cron, zone }, policy: { overlap: 'allow' } }));
          let { planner } = home;
          let latest = start;
          for (const each of happenings) {
            if ('restart' in each) planner = createPlanner({ ...home, store: home.open() });
            else if ('beside' in each) while (createPlanner({ ...home, store: home.open() }).plan());
            else home.clock.setDate(home.clock.now() + each.by);
            while (planner.plan());
            latest = Math.max(latest, home.clock.now());
          }
          for (const { id, spec } of schedules) {
            const rows = home.store.runs({ scheduleId: id, limit: 10_000 }).map(({ dueAt }) => dueAt);
            const due = [...new DueTimes(spec.when).between(start, latest)];
            expect(rows.toSorted(), `${spec.when.cron} in ${zone}`).toEqual(
              due.map(({ instant }) => new Date(instant).toISOString())
            );
          }
        }
      ),
      { numRuns: runs, seed }
    );
  }, 600_000);

  it.each([
    ['ahead', STEP],
    ['back', -STEP]
  ])('%s: the scheduler sees it within a second, and starts each run once', async (_, step) => {
    const home = scheduleHome('2026-03-29T00:57:00Z');
    const { schedules: store, leases } = home.openAll();
    const runner = createMemoryRunner();
    const files = {
      ...scheduleFiles,
      notebook: (root: string, path: string) => Promise.resolve(`${root}/${path}`),
      output: (root: string, place: string) => Promise.resolve(`${root}/${place}`)
    };
    const base = { ...home, store, log: silent, instance: 'one' };
    const dispatcher = createDispatcher({
      ...base,
      runner,
      files,
      places: noPlaces,
      take: createTake({ files, places: noPlaces, ids: home.ids, workDirectory: '/work' }),
      failPoint: () => {},
      parallel: 4,
      hasRoom: () => true,
      changed: () => {}
    });
    const engine = createEngine({ ...base, leases, dispatcher, planner: createPlanner(base) });
    const schedule = home.add({
      when: { cron: '0,5 * * * *', zone: 'Europe/Paris' },
      policy: { overlap: 'allow', catchUp: 'all' }
    });
    engine.start();
    /** Lets a second pass, of the clock that no date touches. */
    const second = async (): Promise<void> => {
      await settle();
      home.clock.move(1000);
      await settle();
    };
    const seconds = async (count: number): Promise<void> => {
      for (let at = 0; at < count; at++) await second();
    };
    const started = (): string[] => runner.started.map(({ scheduledAt }) => scheduledAt.slice(11, 16));
    await seconds(10);
    expect(started()).toEqual([]);
    home.clock.setDate(home.clock.now() + step);
    await seconds(2);
    // At 01:00 in UTC the clocks of Paris go forward, from 02:00 to 03:00.
    expect(started()).toEqual(step > 0 ? ['01:00', '01:05'] : []);
    home.clock.setDate(home.clock.now() - step);
    await seconds(9 * 60);
    expect(started()).toEqual(['01:00', '01:05']);
    expect(home.store.runs({ scheduleId: schedule.id, limit: 10 })).toHaveLength(2);
    await engine.stop();
  });
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  await new Promise(resolve => setImmediate(resolve));
}
