import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { programs } from '../programs.js';

/** How a command ended. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

/** A command under way. */
export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when so much was written to standard error. */
  heard(words: string): Promise<void>;
}

/** The Python of this checkout, and where it finds Lakeside's own package. */
export const pythonVariables = { LAKESIDE_PYTHON: resolve('.venv/bin/python'), PYTHONPATH: resolve('.') };

/**
 * Starts the built CLI as its console script does, in a scratch folder on a scratch home.
 *
 * @param folder - where it works and finds its home
 */
export function startLakeside(
  folder: string,
  args: readonly string[],
  variables: Record<string, string> = {}
): Started {
  const env = { PATH: process.env['PATH'], HOME: folder, LAKESIDE_HOME: join(folder, 'home'), TZ: 'UTC', ...variables };
  const child = spawn(process.execPath, [join(programs, 'cli.js'), ...args], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe']
  });
  let out = '';
  let err = '';
  let look = (): void => {};
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
    look();
  });
  const ended = new Promise<Ended>(done => child.once('close', code => done({ code, out, err })));
  return {
    child,
    ended,
    heard: words =>
      new Promise((done, failed) => {
        look = () => {
          if (err.includes(words)) done();
        };
        look();
        void ended.then(end => failed(new Error(`It ended without "${words}": ${JSON.stringify(end)}`)));
      })
  };
}

/** Runs the built CLI to its end. */
export function lakeside(
  folder: string,
  args: readonly string[],
  variables: Record<string, string> = {}
): Promise<Ended> {
  return startLakeside(folder, args, variables).ended;
}
