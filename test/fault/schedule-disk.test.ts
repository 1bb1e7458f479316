import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Run, Schedule } from '../../contract/schedule/index.js';
import { isEnded } from '../../contract/schedule/records.js';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import { createIds } from '../../server/ids.js';
import { makeFolder, openDisk } from '../support/fault/disk.js';
import type { Disk } from '../support/fault/disk.js';
import { answerOf, buildPrograms, start } from '../support/fault/processes.js';
import type { Running } from '../support/fault/processes.js';
import { notebookFile, printed, python } from '../support/schedule/realScheduler.js';

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

const path = `${dirname(python)}:${process.env['PATH'] ?? ''}`;
const env = { TEST_PYTHON: python, PATH: path, PYTHONPATH: resolve('.') };

/** A schedule of one notebook, in a process that runs it. */
async function scheduled(sidecar: Running, spec: object): Promise<{ id: string; run: () => Promise<string> }> {
  await sidecar.said(line => line.ready);
  const body = {
    opId: ids.next(),
    spec: { name: 'A', notebook: { path: 'a.ipynb' }, when: { cron: '0 0 1 1 *' }, ...spec }
  };
  const { id } = await answerOf<Schedule>(sidecar, 'schedule.create', { body });
  const run = async (): Promise<string> => {
    const opId = ids.next();
    await answerOf(sidecar, 'schedule.runNow', { params: { scheduleId: id }, body: { opId } });
    return opId;
  };
  return { id, run };
}

async function until<T>(what: string, look: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let waited = 0; waited < 600; waited++) {
    const found = await look();
    if (found !== undefined) return found;
    await sleep(100);
  }
  throw new Error(`${what} did not come within a minute`);
}

const runOf = (sidecar: Running, runId: string): Promise<Run> =>
  answerOf<Run>(sidecar, 'runs.get', { params: { runId } });
const endOf = (sidecar: Running, runId: string): Promise<Run> =>
  until('the end of the run', async () => {
    const run = await runOf(sidecar, runId);
    return isEnded(run.state) ? run : undefined;
  });

async function end(sidecar: Running): Promise<void> {
  sidecar.child.stdin?.end();
  expect(await sidecar.ended).toEqual({ code: 0, signal: null });
}

describe('a disk that is full', () => {
  let count = 0;

  /** Notebooks on one small disk, the home on another. */
  function prepare(...sources: string[]) {
    const root = join(disk.folder, `notebooks${++count}`);
    const place = join(disk.folder, `home${count}`);
    disk.mount(root, 8);
    disk.mount(place, 8);
    const home = makeFolder(disk, join(place, 'home'));
    writeFileSync(disk.outside(join(root, 'a.ipynb')), notebookFile(sources));
    const sidecar = start({ programs: built.programs, home, prefix: disk.prefix, env }, 'sidecar', root);
    onTestFinished(async () => {
      await sidecar.kill();
      for (const each of [root, place]) disk.unmount(each);
    });
    const outputOf = ({ attempts }: Run): string =>
      disk.outside(join(root, attempts.at(-1)?.output ?? 'none', 'output.ipynb'));
    const isThere = (name: string): Promise<true> =>
      until(name, () => existsSync(disk.outside(join(root, name))) || undefined);
    return { root, place, sidecar, outputOf, isThere };
  }

  test('by a cell that fills it: the run says so, and its output opens', async () => {
    const { sidecar, outputOf } = prepare('print("kept")', 'print("x" * 1000)\nopen("big", "wb").write(bytes(2**24))');
    const run = await endOf(sidecar, await (await scheduled(sidecar, {})).run());
    expect(run).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/^Cell 2 failed: OSError: .*No space left on device/) as string
    });
    expect(await printed(outputOf(run))).toEqual(['kept\n', expect.stringMatching(/^x{1000}\n/) as string]);
    await end(sidecar);
  });

  test('by others while a cell runs: what is small is kept, and the run says that the rest is not', async () => {
    const wait = 'import os, time\nopen("begun", "w").close()\nwhile not os.path.exists("go"): time.sleep(.05)';
    const { sidecar, root, outputOf, isThere } = prepare('print("kept")', 'print("y" * 3_000_000)', wait);
    // Made before, so that going on needs no room.
    const run = await (await scheduled(sidecar, {})).run();
    await isThere('begun');
    disk.fill(root);
    mkdirSync(disk.outside(join(root, 'go')));
    const ended = await endOf(sidecar, run);
    expect(ended).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(
        /^The disk is full: 3,000,\d{3} characters of output could not be written/
      ) as string
    });
    expect(await printed(outputOf(ended))).toEqual([
      'kept\n',
      expect.stringMatching(/characters of output were left out: the disk was full/) as string,
      ''
    ]);
    await end(sidecar);
  });

  test('before the run: it says so, is tried again, and goes well when there is room', async () => {
    const { sidecar, root, outputOf } = prepare('print("kept")');
    const { run } = await scheduled(sidecar, { policy: { retries: 5, retryDelay: '1s' } });
    disk.fill(root, 65_536);
    const id = await run();
    const waiting = await until('a failed attempt', async () => {
      const found = await runOf(sidecar, id);
      return found.attempts.some(({ state }) => state === 'FAILED') ? found : undefined;
    });
    expect(waiting.attempts[0]).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/disk is full|no room left on the disk/) as string
    });
    disk.free(root);
    const ended = await endOf(sidecar, id);
    expect(ended).toMatchObject({ state: 'SUCCEEDED' });
    expect(await printed(outputOf(ended))).toEqual(['kept\n']);
    await end(sidecar);
  });

  test('of the home: the server stays, and the end of the run is stored when there is room', async () => {
    const wait = 'import os, time\nopen("begun", "w").close()\nwhile not os.path.exists("go"): time.sleep(.05)';
    const { sidecar, root, place, outputOf, isThere } = prepare(
      'print("kept")',
      wait,
      ...Array<string>(20).fill('pass')
    );
    const id = await (await scheduled(sidecar, {})).run();
    await isThere('begun');
    disk.fill(place);
    mkdirSync(disk.outside(join(root, 'go')));
    const record = disk.outside(join(root, (await runOf(sidecar, id)).attempts[0]?.output ?? '', 'run.json'));
    await until('run.json', () => existsSync(record) || undefined);
    expect(JSON.parse(readFileSync(record, 'utf8'))).toMatchObject({ state: 'SUCCEEDED' });
    await sleep(3000);
    expect(await runOf(sidecar, id)).toMatchObject({ state: 'RUNNING' });
    disk.free(place);
    const ended = await endOf(sidecar, id);
    expect(ended).toMatchObject({ state: 'SUCCEEDED' });
    expect((await printed(outputOf(ended)))[0]).toBe('kept\n');
    await end(sidecar);
  });
});

/** Even root is held to the rights of files without these capabilities; nobody else has them. */
const heldToRights = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

describe('rights that are missing', () => {
  function prepare() {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lakeside-rights-')));
    const [root, home] = [join(folder, 'notebooks'), join(folder, 'home')];
    for (const each of [root, home, join(root, 'inner')]) mkdirSync(each, { recursive: true });
    for (const path of ['a.ipynb', 'inner/a.ipynb']) writeFileSync(join(root, path), notebookFile(['print(1)']));
    const sidecar = start({ programs: built.programs, home, prefix: heldToRights, env }, 'sidecar', root);
    onTestFinished(async () => {
      await sidecar.kill();
      chmodSync(join(root, 'inner'), 0o700);
      rmSync(folder, { recursive: true, force: true });
    });
    return { root, sidecar };
  }

  test.each([
    ['the notebook', {}, 'a.ipynb', 0o000, /a\.ipynb may not be read by this user\. Change its permissions/],
    [
      'its folder',
      { notebook: { path: 'inner/a.ipynb' } },
      'inner',
      0o000,
      /"inner\/a\.ipynb" cannot be read: you have no right to/
    ],
    [
      'the output place',
      { output: 'inner/{{ run_id }}' },
      'inner',
      0o555,
      /^Runs cannot write to "inner\/.*": you have no right to write there/
    ]
  ])('of %s are named', async (_, spec, path, mode, words) => {
    const { root, sidecar } = prepare();
    const { run } = await scheduled(sidecar, spec);
    chmodSync(resolve(root, path), mode);
    const ended = await endOf(sidecar, await run());
    expect(ended).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(words) as string });
    await end(sidecar);
  });
});
