import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.js';
import type { ShareResult } from '../../contract/share/index.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createIds } from '../../server/ids.js';
import { dose, fullDose } from '../support/dose.js';
import { checkArchive, jobsEnded, jobsOf } from '../support/fault/check.js';
import { buildPrograms, halted, start } from '../support/fault/processes.js';
import type { Running } from '../support/fault/processes.js';
import { randomNumbers } from '../support/largeNotebooks.js';
import { notebook } from '../support/share/home.js';

const ids = createIds(systemClock);
let built: Awaited<ReturnType<typeof buildPrograms>>;
beforeAll(async () => {
  built = await buildPrograms();
}, 120_000);
afterAll(() => built.remove());

function newHome() {
  const folder = mkdtempSync(join(tmpdir(), 'lakeside-two-'));
  const root = join(folder, 'notebooks');
  const home = join(folder, 'home');
  mkdirSync(root);
  mkdirSync(home);
  const target = { programs: built.programs, home };
  return { root, home, target, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The end of a job, wherever it ran. */
const endOf = (running: Running, opId: string) =>
  running.said(line => (line.ended?.id === opId ? line.ended : undefined), 120);

/** A notebook that no other one equals. */
const unlike = (n: number) => notebook([`# ${n}`, { source: 'plot()', output: `${n} `.repeat(3000) }]);

const { runs, seed } = dose('shares of many processes at once', { ci: 36, full: 200 });
const random = randomNumbers(seed);
const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;

test('one unchanged notebook, shared by two sidecars and the command line at once: one page, one version', async () => {
  const { root, home, target, remove } = newHome();
  writeFileSync(join(root, 'a.ipynb'), unlike(1));
  const sidecars = [start(target, 'sidecar', root), start(target, 'sidecar', root)];
  for (const sidecar of sidecars) await sidecar.said(line => line.ready);
  const jobs: Promise<Job>[] = [];
  for (const sidecar of [...sidecars, ...sidecars]) {
    const opId = ids.next();
    sidecar.ask({ do: 'share', path: 'a.ipynb', opId });
    jobs.push(endOf(sidecar, opId));
  }
  for (let n = 0; n < 2; n++) {
    const opId = ids.next();
    jobs.push(endOf(start(target, 'cli', join(root, 'a.ipynb'), opId), opId));
  }
  const ended = await Promise.all(jobs);
  const outcomes = ended.map(job => (job.result as ShareResult | undefined)?.outcome ?? JSON.stringify(job.problem));
  expect(outcomes.sort()).toEqual(['created', ...Array.from({ length: 5 }, () => 'unchanged')]);
  for (const sidecar of sidecars) await sidecar.kill();
  expect((await checkArchive(home)).map(page => page.versions.length)).toEqual([1]);
  remove();
});

test(`${runs} different shares of three notebooks by two sidecars and the command line, one sidecar killed in between: each is a version of its own, in one line`, async () => {
  const { root, home, target, remove } = newHome();
  const paths = ['a.ipynb', 'b.ipynb', 'c.ipynb'];
  for (const path of paths) writeFileSync(join(root, path), unlike(0));
  let sidecars = [start(target, 'sidecar', root), start(target, 'sidecar', root)];
  for (const sidecar of sidecars) await sidecar.said(line => line.ready);
  const asked = new Map<string, { path: string; by: Running }>();
  const commandLines: Running[] = [];
  const share = (n: number) => {
    const opId = ids.next();
    const path = pick(paths);
    if (random() < 0.2) {
      // The command line reads the file; the others bring what is on the screen.
      const file = `cli-${n}.ipynb`;
      writeFileSync(join(root, file), unlike(n));
      const by = start(target, 'cli', join(root, file), opId);
      commandLines.push(by);
      asked.set(opId, { path: file, by });
      return;
    }
    const by = pick(sidecars);
    by.ask({ do: 'share', path, opId, upload: unlike(n) });
    asked.set(opId, { path, by });
  };
  for (let n = 1; n <= runs; n++) {
    share(n);
    if (n % 6 === 0) await new Promise(resolve => setTimeout(resolve, 50 * random()));
    if (n === Math.floor(runs / 2)) {
      const [first, second] = sidecars as [Running, Running];
      await first.kill();
      const fresh = start(target, 'sidecar', root);
      await fresh.said(line => line.ready);
      sidecars = [second, fresh];
    }
  }
  const acknowledged = (running: Running) => running.lines.flatMap(line => line.accepted ?? []);
  for (const by of commandLines) await by.ended;
  // What the killed sidecar had not acknowledged is nobody's promise; all else ends.
  await new Promise(resolve => setTimeout(resolve, 500));
  const mustEnd = [...asked].filter(([opId, { by }]) => sidecars.includes(by) || acknowledged(by).includes(opId));
  for (const [opId, { by }] of mustEnd) if (sidecars.includes(by)) await endOf(by, opId);
  const jobs = new Map((await jobsEnded(home, 120)).map(job => [job.id, job]));
  for (const [opId] of mustEnd) {
    const { state, problem } = jobs.get(opId) ?? {};
    expect({ opId, state, problem }, `start value ${seed}`).toEqual({ opId, state: 'succeeded', problem: undefined });
  }
  for (const sidecar of sidecars) await sidecar.kill();

  const pages = await checkArchive(home);
  const results = [...jobs.values()].map(job => job.result as ShareResult);
  // Each share made a version that no other one made, and they stand in one line without a fork.
  expect(new Set(results.map(result => result.versionId)).size).toBe(results.length);
  expect(pages.reduce((sum, page) => sum + page.versions.length, 0)).toBe(results.length);
  for (const { versions } of pages) {
    const parents = versions.map(version => version.parent);
    expect(parents).toEqual([...versions.slice(1).map(version => version.versionId), undefined]);
    expect(versions.some(version => version.fork)).toBe(false);
  }
  expect(pages.length).toBe(new Set([...jobs.keys()].map(id => asked.get(id)?.path)).size);
  remove();
});

const points = [
  'share:identified',
  'share:blobs-stored',
  'share:intent-stored',
  'share:manifest-stored',
  'share:event-appended'
];

test.each(fullDose ? points : points.slice(2, 4))(
  'a process that stands still at %s loses its work to another one, and does no harm when it goes on',
  async point => {
    const { root, home, target, remove } = newHome();
    writeFileSync(join(root, 'a.ipynb'), unlike(1));
    const opId = ids.next();
    const stalled = start({ ...target, failPoint: `stop:${point}` }, 'cli', join(root, 'a.ipynb'), opId);
    expect(await halted(stalled)).toBe(true);
    // Its claim runs out after 15 s; nobody can tell that it will never go on.
    const sidecar = start(target, 'sidecar', root);
    await jobsEnded(home, 60);
    stalled.child.kill('SIGCONT');
    await stalled.ended;
    const [job] = jobsOf(home);
    expect(job).toMatchObject({ id: opId, state: 'succeeded' });
    sidecar.ask({ do: 'state', path: 'a.ipynb' });
    expect((await sidecar.said(line => line.state)).state).toBe('up-to-date');
    await sidecar.kill();
    const pages = await checkArchive(home);
    expect(pages.map(page => page.versions.length)).toEqual([1]);
    remove();
  }
);
