import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Job } from '../../contract/jobs.js';
import type { Problem } from '../../contract/problem.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createIds } from '../../server/ids.js';
import { isFinal } from '../../server/jobs/events.js';
import { fullDose } from '../support/dose.js';
import { checkArchive } from '../support/fault/check.js';
import { makeFolder, openDisk } from '../support/fault/disk.js';
import type { Disk } from '../support/fault/disk.js';
import { buildPrograms, halted, start } from '../support/fault/processes.js';
import { notebook } from '../support/share/home.js';

const ids = createIds(systemClock);
let built: Awaited<ReturnType<typeof buildPrograms>>;
let disk: Disk;
beforeAll(async () => {
  built = await buildPrograms();
  disk = await openDisk();
}, 120_000);
afterAll(() => {
  disk.close();
  built.remove();
});

/** Every point that the code of a share names. */
const points = [
  ...new Set(
    globSync('server/share/{publish,archive}/**/*.ts').flatMap(file =>
      [...readFileSync(file, 'utf8').matchAll(/failPoint\('((?:share|archive):[\w-]+)'\)/g)].map(
        match => match[1] ?? ''
      )
    )
  )
];
const outputs = Array.from({ length: 4 }, (_, n) => ({ source: 'plot()', output: `${n / 7} `.repeat(2000) }));
let count = 0;

/** A home on a small disk, with one notebook shared, and another one that is not. */
async function prepare(options: { ownArchive?: boolean } = {}) {
  const place = join(disk.folder, `d${++count}`);
  const root = makeFolder(disk, join(disk.folder, `notebooks${count}`));
  const file = join(root, 'a.ipynb');
  writeFileSync(disk.outside(file), notebook(['# A', ...outputs]));
  writeFileSync(disk.outside(join(root, 'b.ipynb')), notebook(['# B']));
  disk.mount(place, 8);
  const home = makeFolder(disk, join(place, 'home'));
  const archive = join(home, 'archive');
  if (options.ownArchive) disk.mount(archive, 8);
  const target = { programs: built.programs, home, prefix: disk.prefix };
  const first = start(target, 'cli', join(root, 'b.ipynb'), ids.next());
  expect((await first.said(line => line.ended)).state).toBe('succeeded');
  await first.ended;
  const remove = () => {
    if (options.ownArchive) disk.unmount(archive);
    disk.unmount(place);
  };
  return { place, root, file, home, archive, target, seen: disk.outside(home), remove };
}

/** How a share ended: its problem, or undefined where it succeeded. Anything that is no typed answer fails the test. */
async function endOf(
  running: ReturnType<typeof start>
): Promise<{ problem: Problem | undefined; job: Job | undefined }> {
  const end = await running.said(line => line.ended ?? line.refused ?? line.fault);
  if (typeof end === 'string') throw new Error(`A fault: ${JSON.stringify(running.lines.at(-1))}`);
  const job = 'steps' in end ? end : undefined;
  const problem = 'steps' in end ? end.problem : end;
  if (job) expect(job.state).toBe(problem ? 'failed' : 'succeeded');
  return { problem, job };
}

/** Waits until every job of a home has ended. */
async function ended(sidecar: ReturnType<typeof start>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    sidecar.lines.length = 0;
    sidecar.ask({ do: 'jobs' });
    const jobs = await sidecar.said(line => line.jobs);
    if (jobs.every(job => isFinal(job.state))) return;
    if (Date.now() > end) throw new Error(`Not ended after ${seconds} s: ${JSON.stringify(jobs)}`);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}

/** The disk has room again: what was left ends by itself, the share works, and nothing is torn or doubled. */
async function recovers({ target, root, seen }: Awaited<ReturnType<typeof prepare>>): Promise<void> {
  const sidecar = start(target, 'sidecar', root);
  await ended(sidecar, 60);
  sidecar.ask({ do: 'share', path: 'a.ipynb', opId: ids.next() });
  expect(await sidecar.said(line => line.ended)).toMatchObject({ state: 'succeeded' });
  sidecar.ask({ do: 'state', path: 'a.ipynb' });
  expect(await sidecar.said(line => line.state)).toMatchObject({ state: 'up-to-date', standing: 'known' });
  sidecar.child.stdin?.end();
  await sidecar.ended;
  const pages = await checkArchive(seen, { leftovers: true });
  expect(pages.map(page => [page.item.title, page.versions.length]).sort()).toEqual([
    ['A', 1],
    ['B', 1]
  ]);
}

test.each(points)('the disk is full from %s on', async point => {
  const home = await prepare();
  const running = start({ ...home.target, failPoint: `stop:${point}` }, 'cli', home.file, ids.next());
  expect(await halted(running), `${point} is reached`).toBe(true);
  disk.fill(home.place);
  running.child.kill('SIGCONT');
  const { problem } = await endOf(running);
  if (problem) expect(problem).toMatchObject({ code: 'storage-full', status: 507 });
  await running.ended;
  disk.free(home.place);
  await recovers(home);
  home.remove();
});

/** Room that the next share has more than the one before. Bytes. */
const STEP = (fullDose ? 4 : 48) * 1024;

test('shares with more and more room left: each write is the first one to fail in one of them', async () => {
  let failed = 0;
  let succeeded = 0;
  for (let rest = 0; succeeded < 2; rest += STEP) {
    const home = await prepare();
    disk.fill(home.place, rest);
    const running = start(home.target, 'cli', home.file, ids.next());
    const { problem } = await endOf(running).catch((error: unknown) => {
      throw new Error(`With ${rest} bytes left: ${String(error)}`, { cause: error });
    });
    if (problem) {
      failed++;
      expect(problem, `with ${rest} bytes left`).toMatchObject({ code: 'storage-full', status: 507 });
    } else succeeded++;
    await running.ended;
    disk.free(home.place);
    await recovers(home).catch((error: unknown) => {
      throw new Error(`After ${rest} bytes left: ${String(error)}`, { cause: error });
    });
    home.remove();
  }
  console.log(`${failed} shares met a full disk, until one had room enough`);
  expect(failed).toBeGreaterThan(5);
});

/** From these on nothing more is written to the archive. */
const written = [
  'archive:event-written',
  'share:event-appended',
  'share:index-applied',
  'share:verified',
  'share:seen-noted',
  'share:result-stored'
];

/** The points between which the archive is written to. */
const writing = [
  'share:rendered',
  'archive:blob-written',
  'share:blobs-stored',
  'share:intent-stored',
  'archive:version-written',
  'archive:event-written'
];

test.each(fullDose ? points : writing)('the archive is read-only from %s on', async point => {
  const home = await prepare({ ownArchive: true });
  const running = start({ ...home.target, failPoint: `stop:${point}` }, 'cli', home.file, ids.next());
  expect(await halted(running), `${point} is reached`).toBe(true);
  disk.setReadOnly(home.archive, true);
  running.child.kill('SIGCONT');
  const { problem, job } = await endOf(running);
  expect(problem === undefined).toBe(written.includes(point));
  if (problem) expect(problem).toMatchObject({ code: 'storage-read-only', status: 507 });
  expect(job).toBeDefined();
  await running.ended;
  disk.setReadOnly(home.archive, false);
  await recovers(home);
  home.remove();
});

test.each(['in order', 'by a crash'])(
  'the whole home is read-only, left %s: it can be looked at, not shared to',
  async left => {
    const home = await prepare();
    if (left === 'by a crash') {
      // Its write-ahead log was not folded in.
      const crashed = start(home.target, 'sidecar', home.root);
      crashed.ask({ do: 'share', path: 'b.ipynb', opId: ids.next() });
      await crashed.said(line => line.ended);
      await crashed.kill();
    }
    disk.setReadOnly(home.place, true);
    const sidecar = start(home.target, 'sidecar', home.root);
    await sidecar.said(line => line.ready ?? line.refused?.status);
    sidecar.ask({ do: 'share', path: 'a.ipynb', opId: ids.next() });
    expect((await endOf(sidecar)).problem).toMatchObject({ code: 'storage-read-only', status: 507 });
    sidecar.ask({ do: 'jobs' });
    expect(await sidecar.said(line => line.jobs)).toHaveLength(left === 'by a crash' ? 2 : 1);
    sidecar.ask({ do: 'state', path: 'b.ipynb' });
    expect(await sidecar.said(line => line.state)).toMatchObject({ state: 'up-to-date' });
    await sidecar.kill();
    disk.setReadOnly(home.place, false);
    await recovers(home);
    home.remove();
  }
);
