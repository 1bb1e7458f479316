import { createReadStream } from 'node:fs';
import { mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { Bytes } from '../../../contract/route.js';
import type { Run, Schedule } from '../../../contract/schedule/index.js';
import type { RunDiff } from '../../../contract/schedule/runRoutes.js';
import type { Caller, Ids } from '../../ports.js';
import { onStorage } from '../../storage.js';
import type { OutputPages, ScheduleFiles, ScheduleStore } from '../ports.js';

/** Largest output of which single cells are given. Bytes. */
const MOST_PARSED = 64 * 2 ** 20;
/** Former runs among which the last good one is looked for. */
const LOOKED_AT = 500;

export interface OutputsOptions {
  store: Pick<ScheduleStore, 'get' | 'runs'>;
  files: Pick<ScheduleFiles, 'result'>;
  pages: OutputPages;
  ids: Ids;
  /** Scratch folder of this home. */
  workDirectory: string;
  /** The caller's run. */
  runOf: (caller: Caller, id: string) => Run;
}

/** What runs made, for people to look at. Always that of the newest attempt. */
export interface Outputs {
  page(caller: Caller, id: string, hideCode: boolean, signal: AbortSignal): Promise<Bytes>;
  notebook(caller: Caller, id: string): Promise<Bytes>;
  /** @param number - from 0 */
  cell(caller: Caller, id: string, number: number): Promise<Bytes>;
  /** Against the last good run before it, or another one. */
  diff(caller: Caller, id: string, against: string | undefined, signal: AbortSignal): Promise<RunDiff>;
}

export function createOutputs({ store, files, pages, ids, workDirectory, runOf }: OutputsOptions): Outputs {
  async function outputOf(run: Run): Promise<{ file: string; schedule: Schedule }> {
    const schedule = store.get(run.scheduleId);
    const place = run.attempts.at(-1)?.output;
    if (schedule === undefined || place === undefined) {
      throw new ProblemError('not-found', `This run has no output: ${run.reason ?? 'it has not begun.'}`);
    }
    const file = await files.result(schedule.root, place, 'output.ipynb');
    if (file !== undefined) return { file, schedule };
    const why =
      run.state === 'RUNNING' ? 'its first cell is still under way' : (run.reason ?? 'its folder was removed');
    throw new ProblemError('gone', `There is no output at ${place}: ${why}`);
  }

  /** An empty folder of its own. */
  async function folder(): Promise<{ path: string; remove: () => Promise<void> }> {
    const path = join(workDirectory, ids.next());
    await onStorage(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
    return { path, remove: () => rm(path, { recursive: true, force: true }) };
  }

  /** The newest good run of the same schedule before this one. */
  function lastGood(run: Run): Run | undefined {
    const former = store.runs({ scheduleId: run.scheduleId, states: ['SUCCEEDED'], limit: LOOKED_AT });
    return former
      .filter(({ id, dueAt }) => id !== run.id && dueAt <= run.dueAt)
      .reduce<Run | undefined>((best, one) => (best === undefined || one.dueAt > best.dueAt ? one : best), undefined);
  }

  return {
    async page(caller, id, hideCode, signal) {
      const run = runOf(caller, id);
      const { file, schedule } = await outputOf(run);
      const work = await folder();
      try {
        const call = { workDirectory: work.path, signal };
        const page = await pages.document(file, { title: schedule.spec.name, hideCode }, call);
        return { contentType: 'text/html', size: page.size, stream: thenRemoved(page.file, work.remove) };
      } catch (error) {
        await work.remove();
        throw error;
      }
    },

    async notebook(caller, id) {
      const run = runOf(caller, id);
      const { file, schedule } = await outputOf(run);
      const { size } = await stat(file);
      const name = `${schedule.spec.name.replaceAll(/[^\p{L}\p{N} _.-]/gu, '-')} ${run.dueAt.slice(0, 10)}.ipynb`;
      return { contentType: 'application/x-ipynb+json', size, download: name, stream: createReadStream(file) };
    },

    async cell(caller, id, number) {
      const { file } = await outputOf(runOf(caller, id));
      const { size } = await stat(file);
      if (size > MOST_PARSED) {
        throw new ProblemError('too-large', 'This output is too large to show single cells of. Open it as a notebook.');
      }
      const { cells } = JSON.parse(await readFile(file, 'utf8')) as { cells?: unknown[] };
      const cell = cells?.[number];
      if (cell === undefined) throw new ProblemError('not-found', `This output has no cell ${number + 1}. Reload it.`);
      return { contentType: 'application/json', stream: chunks(JSON.stringify(cell)) };
    },

    async diff(caller, id, against, signal) {
      const run = runOf(caller, id);
      const former = against === undefined ? lastGood(run) : runOf(caller, against);
      const after = await outputOf(run);
      if (former === undefined) {
        return { run, added: 0, removed: 0, changed: 0, moved: 0, unchanged: 0, cells: [] };
      }
      const before = await outputOf(former);
      const work = await folder();
      try {
        const call = { workDirectory: work.path, signal };
        return { ...(await pages.compare(before.file, after.file, call)), run, against: former };
      } finally {
        await work.remove();
      }
    }
  };
}

async function* thenRemoved(file: string, remove: () => Promise<void>): AsyncIterable<Uint8Array> {
  try {
    yield* createReadStream(file) as AsyncIterable<Uint8Array>;
  } finally {
    await remove();
  }
}

async function* chunks(text: string): AsyncIterable<Uint8Array> {
  await Promise.resolve();
  yield Buffer.from(text);
}
