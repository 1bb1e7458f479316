import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ShareResult } from '../../contract/share/index.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createIds } from '../../server/ids.js';
import { dose } from '../support/dose.js';
import { checkArchive, jobsEnded, jobsOf, leftovers, objectsOf } from '../support/fault/check.js';
import { buildPrograms, start } from '../support/fault/processes.js';
import type { Running } from '../support/fault/processes.js';
import { randomNumbers } from '../support/largeNotebooks.js';
import { notebook } from '../support/share/home.js';

/** Unfinished work must show how it stands within this time of a restart (invariant I8). Seconds. */
const VISIBLE = 60;

/** Longest time for all runs of a test. Milliseconds. */
const HOUR = 3_600_000;

const ids = createIds(systemClock);
let built: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  built = await buildPrograms();
}, 120_000);
afterAll(() => built.remove());

/** Every point that the code of a share names, read from the code, so that none is forgotten. */
const points = [
  ...new Set(
    globSync('server/share/{publish,archive}/**/*.ts').flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/failPoint\('((?:share|archive):[\w-]+)'\)/g)].map(
        match => match[1] ?? ''
      )
    )
  )
];

type Scenario = 'first' | 'update' | 'details';

/** A home with a notebook in it that is shared already, unless it is to be shared for the first time. */
async function prepare(scenario: Scenario, random: () => number) {
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-kill-'));
  const root = join(folder, 'notebooks');
  const home = join(folder, 'home');
  mkdirSync(root);
  mkdirSync(home);
  const outputs = Array.from({ length: 5 }, () => ({ source: 'plot()', output: `${random()} `.repeat(2000) }));
  const write = (more: string[]) => writeFileSync(join(root, 'a.ipynb'), notebook(['# A', ...outputs, ...more]));
  write([]);
  const target = { programs: built.programs, home };
  if (scenario !== 'first') {
    const before = start(target, 'cli', join(root, 'a.ipynb'), ids.next());
    expect((await before.said(line => line.ended)).state).toBe('succeeded');
    await before.ended;
    if (scenario === 'update') write([`more ${random()}`]);
  }
  return { folder, root, home, target, file: join(root, 'a.ipynb') };
}

/** Runs a share until it is killed or has ended. */
async function killed(running: Running, opId: string, after: number | undefined): Promise<boolean> {
  if (after !== undefined) {
    await running.said(line => (line.accepted === opId ? true : undefined)).catch(() => undefined);
    setTimeout(() => void running.kill(), after);
  }
  const { signal } = await running.ended;
  const fault = running.lines.find(line => line.fault ?? line.refused);
  if (fault) throw new Error(`The share failed by itself: ${JSON.stringify(fault)}`);
  return signal === 'SIGKILL';
}

interface Kill {
  scenario: Scenario;
  /** Where the process ends; undefined for a random time. */
  point: string | undefined;
  /** Milliseconds from the acknowledgement to a kill at a random time. */
  after: number | undefined;
  /** Where the process that resumes is killed, too. */
  again?: string | undefined;
}

/** Kills a share, lets new processes finish it, and checks that nothing is lost, doubled, torn or hidden. */
async function run({ scenario, point, after, again }: Kill, random: () => number): Promise<boolean> {
  const { folder, root, home, target, file } = await prepare(scenario, random);
  const opId = ids.next();
  const choices = JSON.stringify(scenario === 'details' ? { title: 'Renamed', tags: ['t'] } : {});
  const first = start({ ...target, ...(point !== undefined && { failPoint: point }) }, 'cli', file, opId, choices);
  const wasKilled = await killed(first, opId, after);
  const acknowledged = first.lines.some(line => line.accepted === opId);
  const stored = jobsOf(home).find(job => job.id === opId);
  if (acknowledged) expect(stored, 'an acknowledged share is stored').toBeDefined();
  let before = objectsOf(home);
  const endedBetween: string[] = [];

  if (again !== undefined) {
    const dying = start({ ...target, failPoint: again }, 'sidecar', root);
    await Promise.race([dying.ended, jobsEnded(home, VISIBLE).catch(() => undefined)]);
    await dying.kill();
    expectUntouched(before, objectsOf(home));
    before = objectsOf(home);
    if (jobsOf(home).some(job => job.id === opId && job.state === 'succeeded')) endedBetween.push(opId);
  }

  const began = performance.now();
  const sidecar = start(target, 'sidecar', root);
  await jobsEnded(home, VISIBLE);
  expect((performance.now() - began) / 1000).toBeLessThan(VISIBLE);
  // A client that got no answer asks again with the same id.
  sidecar.ask({ do: 'share', path: 'a.ipynb', opId, choices: JSON.parse(choices) as object });
  const job = await sidecar.said(line => line.ended);
  expect(job, JSON.stringify(job)).toMatchObject({ id: opId, state: 'succeeded' });
  expect(job.steps.filter(step => step.state !== 'done' && step.state !== 'skipped')).toEqual([]);
  expectUntouched(before, objectsOf(home));

  const result = job.result as ShareResult;
  const versions = scenario === 'update' ? 2 : 1;
  expect(result.outcome).toBe({ first: 'created', update: 'updated', details: 'details' }[scenario]);
  expect(result.versionNumber).toBe(versions);

  sidecar.ask({ do: 'state', path: 'a.ipynb' });
  const state = await sidecar.said(line => line.state);
  expect(state).toMatchObject({ standing: 'known', state: 'up-to-date', notebookId: result.notebookId });
  expect(state.published?.title).toBe(scenario === 'details' ? 'Renamed' : 'A');

  const objects = objectsOf(home);
  sidecar.lines.length = 0;
  sidecar.ask({ do: 'share', path: 'a.ipynb', opId: ids.next() });
  expect((await sidecar.said(line => line.ended)).result).toMatchObject({ outcome: 'unchanged', objectWrites: 0 });
  expect(objectsOf(home)).toEqual(objects);
  sidecar.child.stdin?.end();
  await sidecar.ended;

  const pages = await checkArchive(home);
  expect(pages.map(page => [page.item.notebookId, page.versions.length])).toEqual([[result.notebookId, versions]]);
  const events = [...objects.keys()].filter(key => key.startsWith('log/'));
  expect(events).toHaveLength(versions + Number(scenario === 'details'));
  // The folder of a share that was killed after its end was stored goes with the next tidying.
  const mayStay = stored?.state === 'succeeded' ? [opId] : endedBetween;
  expect(leftovers(home).filter(name => !mayStay.includes(name.slice(0, 26)))).toEqual([]);
  rmSync(folder, { recursive: true, force: true });
  return wasKilled;
}

/** What was there stays as it was: nothing is removed, changed or written a second time. */
function expectUntouched(before: Map<string, string>, now: Map<string, string>): void {
  for (const [key, stamp] of before) expect(now.get(key), `${key} was written twice`).toBe(stamp);
}

test('there are enough points, and each is reached', () => {
  expect(points.length).toBeGreaterThanOrEqual(16);
});

const { runs, seed } = dose('shares killed', { ci: 40, full: 200 });
const random = randomNumbers(seed);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

const labelled: Kill[] = points.map(point => ({ scenario: 'first', point, after: undefined }));
const drawn: Kill[] = Array.from({ length: Math.max(0, runs - labelled.length) }, () => {
  const scenario = pick(['first', 'update', 'details'] as const);
  const again = random() < 0.3 ? pick(points) : undefined;
  if (random() < 0.5) return { scenario, point: undefined, after: Math.floor(random() ** 2 * 400), again };
  const point = pick(points);
  // A first share stores six blobs.
  const time = scenario === 'first' && point.includes('blob-') ? 1 + Math.floor(random() * 6) : 1;
  return { scenario, point: `${point}#${time}`, after: undefined, again };
});

/** Does all runs, two at a time. @returns for each whether it was killed before it ended */
async function runAll(kills: readonly Kill[]): Promise<boolean[]> {
  const results: boolean[] = [];
  const line = kills.entries();
  async function work(): Promise<void> {
    for (const [n, kill] of line) {
      try {
        results[n] = await run(kill, randomNumbers(seed + n));
      } catch (error) {
        throw new Error(`${JSON.stringify(kill)} (start value ${seed}): ${String(error)}`, { cause: error });
      }
    }
  }
  await Promise.all([work(), work()]);
  return results;
}

test(`${labelled.length} shares killed at each labelled step`, { timeout: HOUR }, async () => {
  const killed = await runAll(labelled);
  expect(points.filter((_, n) => !killed[n])).toEqual([]);
});

test(`${drawn.length} shares killed at drawn steps and times`, { timeout: HOUR }, async () => {
  const count = (await runAll(drawn)).filter(Boolean).length;
  console.log(`${count} of ${drawn.length} were killed before they ended`);
  expect(count).toBeGreaterThan(drawn.length / 4);
});
