import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { scratchFolder } from '../s3/process.js';

/** What a kernel is asked, and said: see kernel.py. */
export interface KernelQuestions {
  /** Code, and the column of its frame that is looked at. */
  cells: [code: string, column: string][];
  /** Sources, and statements with a bar at the cursor. */
  completions: [source: string, text: string][];
}

export interface KernelAnswers {
  /** The texts of the column, null for what is none; or the error. */
  frames: ((string | null)[] | string)[];
  names: string[][];
}

/** Runs cells in a Python of its own that knows some sources. */
export function runKernel(sources: object, questions: KernelQuestions): KernelAnswers {
  const folder = scratchFolder('kernel');
  mkdirSync(join(folder, 'config/lakeside'), { recursive: true });
  // YAML takes JSON.
  writeFileSync(join(folder, 'config/lakeside/config.yml'), JSON.stringify({ sources }));
  const env = {
    PATH: process.env['PATH'],
    LANG: 'C.UTF-8',
    HOME: folder,
    IPYTHONDIR: join(folder, 'ipython'),
    LAKESIDE_HOME: join(folder, 'home'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    PYTHONPATH: resolve('.')
  };
  const options = {
    input: JSON.stringify(questions),
    encoding: 'utf8' as const,
    env,
    maxBuffer: 2 ** 26,
    stdio: 'pipe' as const
  };
  const python = resolve('.venv/bin/python');
  return JSON.parse(execFileSync(python, ['test/support/tables/kernel.py'], options)) as KernelAnswers;
}
