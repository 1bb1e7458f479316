import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { readConfig } from '../../config.js';
import { followEvents } from './follow.js';
import type { Told } from './follow.js';

/** The last words of the runner that are kept. Characters. */
const LAST_WORDS = 8000;
/** The runner's exit code for a run that was ended. */
const CANCELLED = 143;

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How the runner ended. */
export interface RunnerEnd {
  /** As docs/users/runner.md has it. */
  exitCode: number;
  /** What it said on standard error. */
  said: string;
}

/** The Python beside which Lakeside is installed. @throws ProblemError `unavailable` */
export function pythonOfRunner(): string {
  const { python } = readConfig('cli');
  if (python !== undefined) return python;
  throw new ProblemError(
    'unavailable',
    'There is no Python to run notebooks with. Run the "lakeside" that pip installed, or name one in LAKESIDE_PYTHON.'
  );
}

/**
 * Runs one notebook to its end, whatever that is. Ctrl-C, and the end of this process, end the run and all it started.
 *
 * @param args - those of `python -m lakeside.runner`
 * @param out - the folder of its output, absolute
 */
export async function runOnce(
  args: readonly string[],
  out: string,
  { heard, ending }: { heard: (told: Told) => void; ending: () => void }
): Promise<RunnerEnd> {
  const child = spawn(pythonOfRunner(), ['-m', 'lakeside.runner', '--until-eof', `--out=${out}`, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    // A terminal's Ctrl-C reaches this process alone, which then ends the run in good order.
    detached: true
  });
  let said = '';
  let isCancelled = false;
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-LAST_WORDS)));
  // It may have ended already.
  child.stdin.on('error', () => undefined);
  const cancel = (signal: NodeJS.Signals): void => {
    if (isCancelled) return;
    isCancelled = true;
    child.stdin.end(`It was ended by ${signal}.`);
    ending();
  };
  for (const signal of signals) process.on(signal, cancel);
  const stop = followEvents(join(out, 'events.ndjson'), heard);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', error => {
        reject(new ProblemError('unavailable', 'Python cannot be started. Look at LAKESIDE_PYTHON.', { cause: error }));
      });
      // A pipe to nobody stays open and would keep the end from being told.
      child.once('exit', () => child.stdin.destroy());
      child.once('close', code => resolve(code ?? (isCancelled ? CANCELLED : 1)));
    });
    return { exitCode, said: said.trim() };
  } finally {
    for (const signal of signals) process.off(signal, cancel);
    await stop();
  }
}
