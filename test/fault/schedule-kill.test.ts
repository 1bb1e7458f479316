import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../contract/schedule/index.js';
import { isEnded } from '../../contract/schedule/records.js';
import { dose } from '../support/dose.js';
import { answerOf, buildPrograms, start } from '../support/fault/processes.js';
import type { Running } from '../support/fault/processes.js';
import { notebookOf } from '../support/history.js';
import { randomNumbers } from '../support/largeNotebooks.js';
import { isKernel, isRunner, processesOf } from '../support/processTable.js';

let built: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  built = await buildPrograms();
}, 120_000);
afterAll(() => built.remove());

/** Every point that the code of schedules names. */
const points = globSync('server/schedule/**/*.ts').flatMap(file =>
  [...readFileSync(file, 'utf8').matchAll(/failPoint\('(schedule:[\w-]+)'\)/g)].map(match => match[1] ?? '')
);

test('the points are named in the code', () => {
  expect(points.length).toBeGreaterThanOrEqual(2);
});

const DAYS = 3;
const ULID = '01M80000000000000000000000';
const { runs: kills, seed } = dose('sidecars, runners and kernels killed while schedules run', { ci: 20, full: 200 });
/** Stories at once: most of a story is waiting. */
const AT_ONCE = 3;

/** A home beside a folder of notebooks. */
function prepare() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-schedule-kill-')));
  const [root, home] = [join(folder, 'notebooks'), join(folder, 'home')];
  mkdirSync(root);
  mkdirSync(home);
  const python = resolve('.venv/bin/python');
  const path = `${resolve('.venv/bin')}:${process.env['PATH'] ?? ''}`;
  const env = { TEST_PYTHON: python, PATH: path, PYTHONPATH: resolve('.') };
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { root, home, target: { programs: built.programs, home, env }, remove };
}

/** What is killed, in turn: left to chance, a slow machine would kill no kernel. */
const KINDS = ['runner', 'point', 'kernel', 'sidecar'] as const;

/** Waits for a process of a kind, lets it work for a moment and kills it. False where all runs ended before. */
async function killOne(home: string, isVictim: typeof isRunner, random: () => number): Promise<boolean> {
  for (let waited = 0; waited < 300; waited++) {
    const victims = processesOf(home).filter(isVictim);
    const victim = victims[Math.floor(random() * victims.length)];
    if (victim === undefined) {
      await sleep(100);
      continue;
    }
    await sleep(random() * 1500);
    try {
      process.kill(victim.pid, 'SIGKILL');
      return true;
    } catch {
      // It ended by itself meanwhile; another one may follow.
    }
  }
  return false;
}

/**
 * Three due times are filled in while sidecar, runner or kernel are killed, one after the other, at a named point or at
 * any time; then a last sidecar is left in peace. Each due time has one run, which ended; each attempt of it has an
 * output or a reason; no process is left.
 */
async function run(n: number): Promise<{ killed: string[] }> {
  const random = randomNumbers(seed + n);
  const { root, home, target, remove } = prepare();
  const cells = ['import subprocess, time', 'left = subprocess.Popen(["sleep", "600"])', 'time.sleep(0.2)', '6 * 7'];
  writeFileSync(join(root, 'a.ipynb'), notebookOf(cells));
  const spec = {
    name: 'Killed',
    notebook: { path: 'a.ipynb' },
    when: { cron: '0 7 * * *' },
    policy: { retries: 3, retryDelay: '1s', overlap: 'allow' }
  };
  const killed: string[] = [];
  for (let round = 0; round < 2; round++) {
    const kind = KINDS[(n * 2 + round) % KINDS.length];
    const point = points[Math.floor(random() * points.length)] ?? '';
    const failPoint = kind === 'point' ? `${point}#${1 + Math.floor(random() * 3)}` : undefined;
    const sidecar = start({ ...target, ...(failPoint !== undefined && { failPoint }) }, 'sidecar', root);
    await sidecar.said(line => line.ready);
    if (round === 0) {
      await answerOf(sidecar, 'schedule.create', { body: { opId: ULID, spec, paused: true } });
      const days = { from: '2026-10-01', to: `2026-10-0${DAYS}` };
      await answerOf(sidecar, 'schedule.backfill', { params: { scheduleId: ULID }, body: days }).catch(() => undefined);
    }
    if (kind === 'runner' || kind === 'kernel') {
      if (await killOne(home, kind === 'runner' ? isRunner : isKernel, random)) killed.push(kind);
      await sleep(random() * 500);
    } else await Promise.race([sidecar.ended, sleep(failPoint === undefined ? random() * 6000 : 15_000)]);
    killed.push(failPoint ?? 'sidecar');
    await sidecar.kill();
  }
  const sidecar = start(target, 'sidecar', root);
  await sidecar.said(line => line.ready);
  const told = `start value ${seed + n}, killed ${killed.join(', ')}`;
  const list = (): Promise<{ runs: Run[] }> => answerOf(sidecar, 'runs.list', { query: { limit: '500' } });
  let all = (await list()).runs;
  for (let waited = 0; waited < 600 && all.some(({ state }) => !isEnded(state)); waited++) {
    await sleep(500);
    all = (await list()).runs;
  }
  expect(all.map(({ dueAt }) => dueAt.slice(0, 10)).toSorted(), told).toEqual(
    Array.from({ length: DAYS }, (_, day) => `2026-10-0${day + 1}`)
  );
  for (const { state, reason, attempts } of all) {
    expect(isEnded(state), `${told}: ${state}`).toBe(true);
    if (state !== 'SUCCEEDED') expect(reason, told).toBeTruthy();
    for (const attempt of attempts) {
      expect(isEnded(attempt.state), `${told}: ${JSON.stringify(attempt)}`).toBe(true);
      if (attempt.state === 'SUCCEEDED') {
        const output = join(root, attempt.output ?? '', 'output.ipynb');
        expect(existsSync(output) && readFileSync(output, 'utf8').includes('"42"'), told).toBe(true);
      } else expect(attempt.reason, told).toBeTruthy();
    }
  }
  sidecar.child.stdin?.end();
  await sidecar.ended;
  for (let waited = 0; waited < 600 && processesOf(home).length > 0; waited++) await sleep(100);
  expect(
    processesOf(home).map(({ command }) => command),
    told
  ).toEqual([]);
  remove();
  return { killed };
}

test.each([
  ['is killed', (sidecar: Running) => sidecar.kill()],
  [
    'is ended in order',
    async (sidecar: Running) => {
      sidecar.child.stdin?.end();
      await sidecar.ended;
    }
  ]
])('a run whose server %s is lost when the next one starts, told, and tried again', async (_, stop) => {
  const { root, home, target, remove } = prepare();
  writeFileSync(join(root, 'a.ipynb'), notebookOf(['open("begun", "a").write("x")', 'import time; time.sleep(600)']));
  const spec = { notebook: { path: 'a.ipynb' }, when: { cron: '0 7 * * *' }, notify: { failure: ['owner'] } };
  const first = start(target, 'sidecar', root);
  await first.said(line => line.ready);
  const ids = ['01M80000000000000000000001', '01M80000000000000000000002'];
  for (const [retries, opId] of ids.entries()) {
    const policy = { retries, retryDelay: '1h' };
    await answerOf(first, 'schedule.create', { body: { opId, spec: { ...spec, name: opId, policy }, paused: true } });
    await answerOf(first, 'schedule.runNow', {
      params: { scheduleId: opId },
      body: { opId: `${opId.slice(0, -1)}${retries + 5}` }
    });
  }
  for (let waited = 0; waited < 300 && !isBegun(join(root, 'begun'), 2); waited++) await sleep(100);
  await stop(first);
  const next = start(target, 'sidecar', root);
  await next.said(line => line.ready);
  const began = performance.now();
  let found: Run[] = [];
  for (let waited = 0; waited < 1800; waited++) {
    found = (await answerOf<{ runs: Run[] }>(next, 'runs.list', { query: { limit: '10' } })).runs;
    if (found.every(({ state }) => state !== 'RUNNING')) break;
    await sleep(100);
  }
  console.log(`settled ${((performance.now() - began) / 1000).toFixed(1)} s after the start`);
  const [once, again] = found.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  expect(once).toMatchObject({
    state: 'LOST',
    reason: expect.stringMatching(/The server stopped while this ran/) as string
  });
  expect(again).toMatchObject({ state: 'QUEUED', attempts: [{ state: 'LOST' }] });
  const database = new DatabaseSync(join(home, 'state.db'));
  const told = (): unknown[] => database.prepare('SELECT run_id, kind FROM notices').all();
  // What is told of an end follows it; where the server ends before that, the next one tells it.
  for (let waited = 0; waited < 300 && told().length === 0; waited++) await sleep(100);
  next.child.stdin?.end();
  await next.ended;
  expect(processesOf(home)).toEqual([]);
  expect(told()).toEqual([{ run_id: once?.id, kind: 'failure' }]);
  database.close();
  remove();
});

function isBegun(file: string, times: number): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').length === times;
}

test(`${kills} times killed: one run for each due time, an end for each attempt, no process left`, async () => {
  const killed: string[] = [];
  let next = 0;
  const tell = async (): Promise<void> => {
    while (killed.length < kills) killed.push(...(await run(next++)).killed);
  };
  const stories = await Promise.allSettled(Array.from({ length: AT_ONCE }, tell));
  for (const story of stories) if (story.status === 'rejected') throw story.reason;
  console.log(`${killed.length} killed in ${next} stories`);
  // What was never killed proves nothing.
  expect(killed.includes('sidecar') && killed.some(kind => kind.startsWith('schedule:'))).toBe(true);
  expect(killed.includes('runner') && killed.includes('kernel')).toBe(true);
}, 7_200_000);
