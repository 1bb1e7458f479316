import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Log } from '../../ports.js';
import { ProblemError } from '../../../contract/problem.js';
import type { NotebookRunner, Work, WorkEnd } from '../../schedule/ports.js';
import { Inspected, Kernels, RUNNER_ENDED, RunRecord } from './events.js';
import type { RunnerEvent } from './events.js';
import { RunnerServer } from './server.js';

/** How long a runner that is asked to end may take. Milliseconds. */
const PATIENCE = 12_000;
/** As long as the kernel of a failed run is kept, so that one can go on from there. Milliseconds. */
const IDLE = 600_000;
/** The runner's code for a passing failure. */
const TRANSIENT = 13;
const BAD_SPEC = 15;

export interface ProcessRunnerOptions {
  /** The Python beside which Lakeside is installed. */
  python: string;
  /** Variables of the runner and of its kernels. */
  environment: Readonly<Record<string, string>>;
  /** Kernels that are started before somebody needs them, by name. */
  warm: Readonly<Record<string, number>>;
  /** Time without runs after which the process ends, and its warm kernels with it. Milliseconds. */
  idle?: number;
  log: Log;
}

/** A runner in one long-lived Python process, started with the first attempt and again when it has died. */
export interface ProcessRunner extends NotebookRunner {
  close(): Promise<void>;
}

interface Attempt {
  server: RunnerServer;
  out: string;
  progress: (cell: number, of: number) => void;
  end: (end: WorkEnd) => void;
}

export function createProcessRunner(options: ProcessRunnerOptions): ProcessRunner {
  const attempts = new Map<string, Attempt>();
  let server: RunnerServer | undefined;
  let resting: NodeJS.Timeout | undefined;

  function heard(event: RunnerEvent): void {
    if (!('run' in event)) return;
    const attempt = attempts.get(event.run);
    if (event.event === 'cell' && 'cell' in event) attempt?.progress(event.cell, event.of);
    if (event.event === 'refused' && 'text' in event) finish(event.run, { exitCode: BAD_SPEC, reason: event.text });
    if (event.event === 'finished' && 'exitCode' in event) {
      const { exitCode, reason, kind } = event;
      finish(event.run, kind === RUNNER_ENDED ? died : { exitCode, ...(reason !== null && { reason }) });
    }
  }

  function finish(run: string, end: WorkEnd): void {
    const attempt = attempts.get(run);
    attempts.delete(run);
    attempt?.end(end);
    if (attempts.size === 0) rest();
  }

  /** Ends the process after a while without runs. */
  function rest(): void {
    clearTimeout(resting);
    resting = setTimeout(() => {
      void server?.close(PATIENCE);
      server = undefined;
    }, options.idle ?? IDLE).unref();
  }

  /** What a runner was doing when it died: what it wrote to its end counts, all else may be tried again. */
  async function gone(left: readonly [string, Attempt][], isWell: boolean): Promise<void> {
    // Those that had ended may have left something, too.
    if (!isWell) await sweep().catch((error: unknown) => options.log.warn({ err: error }, 'leftovers of runs stay'));
    for (const [run, { out }] of left) {
      finish(run, (await endOf(out)) ?? died);
    }
  }

  function running(): RunnerServer {
    if (server !== undefined) return server;
    const started = new RunnerServer({
      ...options,
      heard,
      gone(isWell) {
        if (server === started) server = undefined;
        void gone(
          [...attempts].filter(([, attempt]) => attempt.server === started),
          isWell
        );
      }
    });
    server = started;
    for (const [kernel, count] of Object.entries(options.warm)) started.send({ op: 'warm', kernel, count });
    return started;
  }

  async function sweep(): Promise<void> {
    const { environment: env, python } = options;
    await promisify(execFile)(python, ['-m', 'lakeside.runner', '--end-strays'], { env });
  }

  async function clear(out: string): Promise<void> {
    await promisify(execFile)(options.python, ['-m', 'lakeside.runner', '--end', out], { env: options.environment });
  }

  /** What a program of this Python prints, given that it ends well. */
  async function said(...words: string[]): Promise<unknown> {
    const { environment: env, python } = options;
    const { stdout } = await promisify(execFile)(python, words, { env, maxBuffer: 64 * 2 ** 20 });
    return JSON.parse(stdout) as unknown;
  }

  return {
    endOf,
    clear,
    sweep,
    async inspect(notebook) {
      try {
        const { kernel, ...told } = Inspected.parse(await said('-m', 'lakeside.runner', '--inspect', notebook));
        return { ...told, ...(kernel !== null && { kernel }) };
      } catch (error) {
        const { stderr } = error as { stderr?: unknown };
        const sentence = typeof stderr === 'string' ? stderr.trim() : '';
        if (sentence === '') throw error;
        throw new ProblemError('not-a-notebook', sentence.split('\n').at(-1) ?? sentence, { cause: error });
      }
    },
    async kernels() {
      const { kernelspecs } = Kernels.parse(await said('-m', 'jupyter_client.kernelspecapp', 'list', '--json'));
      return Object.entries(kernelspecs).map(([name, { spec }]) => ({ name, title: spec.display_name }));
    },
    start(work, progress) {
      const { promise, resolve } = Promise.withResolvers<WorkEnd>();
      clearTimeout(resting);
      const taken = running();
      attempts.set(work.runId, { server: taken, out: work.out, progress, end: resolve });
      taken.send(requestOf(work));
      return {
        ended: promise,
        cancel: why => {
          if (attempts.has(work.runId)) taken.send({ op: 'cancel', id: work.runId, why });
        }
      };
    },
    async close() {
      clearTimeout(resting);
      await server?.close(PATIENCE);
    }
  };
}

const died: WorkEnd = {
  exitCode: TRANSIENT,
  reason: 'The process that runs notebooks ended while this ran. What was written until then is kept.'
};

async function endOf(out: string): Promise<WorkEnd | undefined> {
  try {
    const { exitCode, reason, kind } = RunRecord.parse(JSON.parse(await readFile(join(out, 'run.json'), 'utf8')));
    // It ended because the server did: nobody wanted that.
    if (kind === RUNNER_ENDED) return undefined;
    return { exitCode, ...(reason !== null && { reason }) };
  } catch {
    return undefined;
  }
}

function requestOf({ runId, ...work }: Work): object {
  return { op: 'run', id: runId, ...work };
}
