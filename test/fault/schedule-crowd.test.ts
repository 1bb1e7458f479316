import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { Run } from '../../contract/schedule/index.js';
import { isEnded } from '../../contract/schedule/records.js';
import { dose } from '../support/dose.js';
import { isKernel, processesOf } from '../support/processTable.js';
import { ada, movedClock, realHome } from '../support/schedule/realScheduler.js';

const AT_ONCE = 2;
const DUE = '2026-11-23T07:00:00.000Z';
const { runs: count } = dose('schedules that are due in one minute', { ci: 100, full: 500 });

/** The most runs that went on at one time, by when they began and ended. */
function mostAtOnce(runs: readonly Run[]): number {
  const steps = runs
    .flatMap(({ attempts }) => attempts)
    .flatMap(({ startedAt, endedAt = '' }) => [
      { at: startedAt, by: 1 },
      { at: endedAt, by: -1 }
    ])
    // The slot of one that ended is free within the same millisecond.
    .sort((a, b) => (a.at === b.at ? a.by - b.by : a.at < b.at ? -1 : 1));
  let now = 0;
  return Math.max(...steps.map(({ by }) => (now += by)));
}

test(`${count} schedules are due in one minute: each runs once, ${AT_ONCE} at a time, and nothing is left`, async () => {
  const clock = movedClock('2026-11-23T06:50:00Z');
  const home = realHome({ clock, parallel: AT_ONCE });
  const server = await home.start();
  try {
    home.write('tiny.ipynb', 'number = 0', `open('ran.txt', 'a').write(f'{number}\\n')`);
    for (let number = 0; number < count; number++) {
      await server.add({
        name: `Schedule ${number}`,
        notebook: { path: 'tiny.ipynb' },
        when: { cron: '0 7 23 11 *' },
        parameters: { number }
      });
    }
    clock.set('2026-11-23T06:59:59Z');
    const began = performance.now();
    let mostKernels = 0;
    await vi.waitFor(
      () => {
        mostKernels = Math.max(mostKernels, processesOf(home.home).filter(isKernel).length);
        const { runs } = server.scheduler.runs.list(ada, { limit: 500, state: 'SUCCEEDED' });
        expect(runs).toHaveLength(count);
      },
      { timeout: count * 2000, interval: 100 }
    );
    const seconds = (performance.now() - began) / 1000;
    const runs = server.store.runs({ limit: 10_000 });
    console.log(
      `${count} runs in ${seconds.toFixed(1)} s, ${Math.round((count / seconds) * 60)} a minute; ${mostKernels} kernels at most`
    );
    expect(runs).toHaveLength(count);
    expect(new Set(runs.map(({ scheduleId }) => scheduleId)).size).toBe(count);
    expect(new Set(runs.map(({ dueAt }) => dueAt))).toEqual(new Set([DUE]));
    expect(runs.filter(({ state }) => !isEnded(state))).toEqual([]);
    expect(runs.map(({ attempts }) => attempts.length)).toEqual(Array(count).fill(1));
    expect(mostAtOnce(runs)).toBe(AT_ONCE);
    // One that goes, one that comes and one that waits warm for each that runs.
    expect(mostKernels).toBeLessThanOrEqual(3 * AT_ONCE + 1);
    const ran = readFileSync(join(home.root, 'ran.txt'), 'utf8').trim().split('\n').map(Number);
    expect(ran.toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, number) => number));
  } finally {
    await server.close();
  }
  for (let waited = 0; waited < 100 && processesOf(home.home).length > 0; waited++) await sleep(100);
  expect(processesOf(home.home)).toEqual([]);
  home.remove();
});
