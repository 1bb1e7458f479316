import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import { ProblemError } from '../../../contract/problem.js';
import { beginScheduleFile } from '../../schedule/file/begin.js';
import type { BegunParameter } from '../../schedule/file/begin.js';
import { readArguments } from '../arguments.js';
import { writeNewFile } from '../newFile.js';
import { pythonOfRunner } from '../notebookRun/runner.js';
import { print, printJson } from '../output.js';
import { pathBelow } from './files.js';
import { usages } from './usages.js';

const PATIENCE = 60_000;

/** What `python -m lakeside.runner --inspect` says of a notebook. */
const Inspected = z.object({
  parameters: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      default: z.unknown(),
      help: z.string().default(''),
      choices: z.array(z.unknown()).optional(),
      /** What the default is, where the cell must run to tell. */
      expression: z.string().optional()
    })
  )
});

/** `lakeside schedule init`: a file to begin with, from the parameters of a notebook. Never over an existing file. */
export async function init(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { out: { type: 'string', short: 'o' }, json: { type: 'boolean' } },
    { min: 0, max: 1, usage: usages.init }
  );
  const [given] = positionals;
  const file = resolve(values.out ?? 'lakeside.yml');
  await mustBeNew(file);
  const notebook = given === undefined ? 'report.ipynb' : pathFrom(file, given);
  const parameters = given === undefined ? [] : await parametersOf(resolve(given));
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const text = beginScheduleFile({ name: basename(notebook, '.ipynb'), notebook, zone: timeZone, parameters });
  if (!(await writeNewFile(file, text))) throw exists(file);
  if (values.json) printJson({ file, notebook, parameters: parameters.map(({ name }) => name) });
  else {
    print(file);
    print(`Next: lakeside schedule validate ${values.out ?? 'lakeside.yml'}`);
  }
  return 0;
}

async function mustBeNew(file: string): Promise<void> {
  const isThere = await access(file).then(
    () => true,
    () => false
  );
  if (isThere) throw exists(file);
}

function exists(file: string): ProblemError {
  return new ProblemError('conflict', `${file} exists already. Add to it by hand, or choose another --out.`);
}

function pathFrom(file: string, notebook: string): string {
  const path = pathBelow(dirname(file), resolve(notebook));
  if (path !== undefined) return path;
  const message = `${notebook} does not lie below ${dirname(file)}. Put the file of schedules into a folder above the notebook: --out FOLDER/lakeside.yml`;
  throw new ProblemError('path-refused', message);
}

/** @throws ProblemError where it is no notebook */
async function parametersOf(notebook: string): Promise<BegunParameter[]> {
  try {
    const { stdout } = await promisify(execFile)(pythonOfRunner(), ['-m', 'lakeside.runner', `--inspect=${notebook}`], {
      timeout: PATIENCE,
      maxBuffer: 64 * 2 ** 20
    });
    return Inspected.parse(JSON.parse(stdout)).parameters;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const said = z.object({ stderr: z.string(), code: z.number() }).safeParse(error).data;
    // The runner's exit code for what its caller can mend.
    if (said?.code === 15) throw new ProblemError('not-a-notebook', said.stderr.trim(), { cause: error });
    throw new ProblemError('internal', `The parameters of ${notebook} could not be read.`, { cause: error });
  }
}
