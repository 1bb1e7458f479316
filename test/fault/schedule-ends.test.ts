import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../contract/schedule/index.js';
import { dose } from '../support/dose.js';
import { processesOf } from '../support/processTable.js';
import { notebookFile, printed, realHome } from '../support/schedule/realScheduler.js';
import type { RealServer } from '../support/schedule/realScheduler.js';

/** How runs end that cannot end well: each says why in words that name the cause, and what there is of its output opens. */

const MEGABYTE = 2 ** 20;
const { runs: megabytes } = dose('megabytes of output', { ci: 60, full: 500 });

let home: ReturnType<typeof realHome>;
let server: RealServer;
beforeAll(async () => {
  home = realHome();
  server = await home.start();
});
afterAll(async () => {
  await server.close();
  expect(processesOf(home.home)).toEqual([]);
  home.remove();
});

let count = 0;
const name = (): string => `n${++count}.ipynb`;
const fileOf = (path: string): string => join(home.root, path);

/** Runs cells once, after a first one that prints a word. */
function cells(sources: readonly string[], spec: object = {}): Promise<Run> {
  const path = name();
  home.write(path, 'print("kept", flush=True)', ...sources);
  return server.once({ notebook: { path }, ...spec });
}

const outputOf = (run: Run): string => join(home.outputOf(run), 'output.ipynb');
const shown = (run: Run): Promise<string[]> => printed(outputOf(run));

describe('the notebook', () => {
  /** Schedules a good notebook, spoils it, runs it. */
  async function spoilt(spoil: (file: string) => void, spec: object = {}): Promise<Run> {
    const path = name();
    home.write(path, 'print(1)');
    const { id } = await server.add({ notebook: { path }, ...spec });
    spoil(fileOf(path));
    return server.ended(server.runNow(id).id);
  }

  test.each<[string, (file: string) => void, RegExp]>([
    ['was deleted', file => rmSync(file), /^There is no file "n\d+\.ipynb"\. It may have been renamed or deleted/],
    [
      'was moved',
      file => renameSync(file, `${file}.old`),
      /^There is no file "n\d+\.ipynb"\. It may have been renamed/
    ],
    ['is no JSON', file => writeFileSync(file, 'not { json'), /n\d+\.ipynb is no notebook: /],
    [
      'is no text',
      file => writeFileSync(file, Buffer.from([0xff, 0xfe, 0x00])),
      /is no notebook: it is not UTF-8 text/
    ],
    ['is another JSON', file => writeFileSync(file, '{"a": 1}'), /is no notebook: it does not say its nbformat/],
    ['is empty', file => writeFileSync(file, ''), /is no notebook: /],
    [
      'is of a format to come',
      file => writeFileSync(file, '{"nbformat": 9, "cells": []}'),
      /in notebook format 9, which is newer/
    ],
    ['is larger than may be', file => truncateSync(file, 600 * MEGABYTE), /is larger than 512 MiB\. Clear its outputs/],
    ['is a folder now', file => replace(file, () => mkdirSync(file)), /is not a file but a folder, a pipe or a device/],
    [
      'is a pipe now',
      file => replace(file, () => execFileSync('mkfifo', [file])),
      /is not a file but a folder, a pipe/
    ],
    ['is a link to nowhere', file => replace(file, () => symlinkSync('/nowhere', file)), /There is no file/],
    ['is a link out of the folder', file => replace(file, () => symlinkSync('/etc/hostname', file)), /a link leads out/]
  ])('%s', async (_, spoil, words) => {
    const run = await spoilt(spoil);
    expect(run).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(words) as string });
    expect(run.attempts).toMatchObject([{ state: 'FAILED', reason: run.reason }]);
  });

  test('was renamed in JupyterLab: the schedule goes along', async () => {
    const run = await spoilt(file => {
      renameSync(file, `${file}.moved.ipynb`);
      const place = { root: 'file:', path: `${file}.moved.ipynb` };
      server.scheduler.noteRename({ action: 'rename', from: { root: 'file:', path: file }, place });
    });
    expect(run).toMatchObject({ state: 'SUCCEEDED' });
  });

  test('is pinned and its folder is gone: the run says which folder', async () => {
    const path = `far/${name()}`;
    home.write(path, 'print(1)');
    const { id } = await server.add({ notebook: { path, mode: 'pin' } });
    rmSync(fileOf('far'), { recursive: true });
    const run = await server.ended(server.runNow(id).id);
    expect(run).toMatchObject({ state: 'FAILED', reason: expect.stringMatching(/^The folder .*\/far, /) as string });
  });
});

function replace(file: string, make: () => void): void {
  rmSync(file);
  make();
}

describe('the place of the output', () => {
  test.each([
    ['is a file', 'taken'],
    ['is below a file', 'taken/below']
  ])('%s', async (_, output) => {
    writeFileSync(fileOf('taken'), '');
    const run = await cells([], { output });
    expect(run).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/^Runs cannot write to "taken.*": a file of that name is in the way/) as string
    });
  });
});

describe('the kernel', () => {
  test('is not installed, whoever names it: the run tells the installed ones', async () => {
    const chosen = await cells([], { environment: { kernel: 'no-such' } });
    const path = name();
    writeFileSync(fileOf(path), notebookFile(['1'], 'no-such'));
    const named = await server.once({ notebook: { path } });
    for (const run of [chosen, named]) {
      expect(run).toMatchObject({
        state: 'FAILED',
        reason: expect.stringMatching(/^There is no kernel 'no-such' here\. Installed: .*python3/) as string
      });
    }
  });

  test.each([
    ['is killed', 'os.kill(os.getpid(), signal.SIGKILL)', /ended by SIGKILL, most often for lack of memory/],
    ['crashes', 'os.kill(os.getpid(), signal.SIGSEGV)', /ended by SIGSEGV/],
    ['ends itself', 'os._exit(0)', /ended with exit code 0/]
  ])('%s in a cell', async (_, end, words) => {
    const run = await cells([`import os, signal\n${end}`, 'print("never")']);
    expect(run).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/^The kernel died in cell 2: /) as string
    });
    expect(run.reason).toMatch(words);
    expect(await shown(run)).toEqual(['kept\n', '', '']);
  });

  test('and all that its cells started need more memory than the schedule allows', async () => {
    const eat = 'kept = []\nwhile True:\n    kept.append(bytearray(b"x") * 2**24)\n    import time; time.sleep(.01)';
    const run = await cells([eat], { environment: { memory: '400Mi' } });
    expect(run).toMatchObject({
      state: 'FAILED',
      reason: expect.stringMatching(/^Out of memory in cell 2: .* over the limit of 400 MiB\./) as string
    });
    expect(await shown(run)).toEqual(['kept\n', '']);
  });
});

describe('a cell', () => {
  const stubborn =
    'import time\nwhile True:\n    try:\n        time.sleep(.05)\n    except KeyboardInterrupt:\n        pass';

  test.each([
    [
      'never ends',
      'import time\nwhile True: time.sleep(.05)',
      { cellTimeout: '2s' },
      /^Cell 2 ran longer than the 2 s that a cell may take/
    ],
    [
      'never ends, nor does the run',
      'import time\nwhile True: time.sleep(.05)',
      { timeout: '5s' },
      /^The run took longer than its 5 s, in cell 2/
    ],
    ['takes no notice of the interrupt', stubborn, { cellTimeout: '1s' }, /^Cell 2 ran longer than the 1 s/]
  ])('%s', async (_, source, policy, words) => {
    const run = await cells([source, 'print("never")'], { policy });
    expect(run).toMatchObject({ state: 'TIMED_OUT', reason: expect.stringMatching(words) as string });
    expect(await shown(run)).toEqual(['kept\n', '', '']);
  });

  test(`prints ${megabytes} MB: the end of it is kept too, and a sentence says how much is not`, async () => {
    const before = process.memoryUsage().rss;
    const print = `line = "x" * 1023\nfor n in range(${megabytes} * 1024): print(line)\nprint("the end")`;
    const run = await cells([print, 'print("on")']);
    expect(run).toMatchObject({ state: 'SUCCEEDED' });
    const [first, second = '', third] = await shown(run);
    expect([first, third]).toEqual(['kept\n', 'on\n']);
    expect(second).toMatch(/characters of output were left out here/);
    expect(second.endsWith('the end\n')).toBe(true);
    expect(statSync(outputOf(run)).size).toBeLessThan(20 * MEGABYTE);
    expect(statSync(join(home.outputOf(run), 'events.ndjson')).size).toBeLessThan(4 * MEGABYTE);
    // What a notebook prints passes the server by.
    expect(process.memoryUsage().rss - before).toBeLessThan(200 * MEGABYTE);
  });

  test(`shows ${megabytes} MB of pictures: those that fit are kept`, async () => {
    const show = `from IPython.display import display\nfor n in range(${megabytes} * 2): display({"image/png": "A" * 2**19}, raw=True)`;
    const run = await cells([show, 'print("on")']);
    expect(run).toMatchObject({ state: 'SUCCEEDED' });
    const [, second, third] = await shown(run);
    expect(second).toMatch(/characters of output of this cell were left out/);
    expect(third).toBe('on\n');
    expect(statSync(outputOf(run)).size).toBeLessThan(20 * MEGABYTE);
  });
});
