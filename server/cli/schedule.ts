import { access, readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ProblemError } from '../../contract/problem.js';
import type { FieldError } from '../../contract/problem.js';
import type { ScheduleSpec } from '../../contract/schedule/index.js';
import { toProblem } from '../http/problem.js';
import { readScheduleFile } from '../schedule/file/read.js';
import { readArguments } from './arguments.js';
import { plain, print, printJson } from './output.js';
import { scheduleUsage } from './usage.js';

/** What became of one file. */
interface Outcome {
  file: string;
  schedules: string[];
  errors: FieldError[];
}

const verbs: Record<string, (args: readonly string[]) => Promise<number>> = { validate };

/** `lakeside schedule`: schedules as files. */
export async function schedule(args: readonly string[]): Promise<number> {
  const [name = '', ...rest] = args;
  const verb = verbs[name];
  if (verb === undefined) {
    throw new ProblemError('bad-request', `There is no "lakeside schedule ${plain(name)}". Write: ${scheduleUsage}`);
  }
  return verb(rest);
}

/**
 * `lakeside schedule validate`: checks files of schedules, for instance in a pull request.
 *
 * @returns 0 all right, 2 something is wrong
 */
async function validate(args: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(
    args,
    { json: { type: 'boolean' } },
    { min: 1, max: 10_000, usage: scheduleUsage }
  );
  const outcomes = await Promise.all(positionals.map(validateOne));
  if (values.json) printJson({ files: outcomes });
  for (const { file, schedules, errors } of values.json ? [] : outcomes) {
    for (const { message } of errors) print(plain(message));
    if (errors.length === 0)
      print(`${plain(file)}: ${schedules.length} schedule${schedules.length === 1 ? '' : 's'}, all right`);
  }
  return outcomes.some(({ errors }) => errors.length > 0) ? 2 : 0;
}

async function validateOne(file: string): Promise<Outcome> {
  try {
    const text = await readFile(file, 'utf8').catch((error: unknown) => {
      throw new ProblemError('file-not-found', `${file} cannot be read. Check its name.`, { cause: error });
    });
    const specs = readScheduleFile(file, text);
    const missing = await Promise.all(specs.map((spec, at) => missingNotebook(file, spec, at)));
    return { file, schedules: specs.map(({ name }) => name), errors: missing.flat() };
  } catch (error) {
    const { message, errors } = toProblem(error);
    return { file, schedules: [], errors: errors ?? [{ field: '', message }] };
  }
}

/** A notebook is looked for beside the file, and where the command runs. */
async function missingNotebook(file: string, { notebook }: ScheduleSpec, at: number): Promise<FieldError[]> {
  const places = [resolve(dirname(file), notebook.path), resolve(notebook.path)];
  const found = await Promise.all(
    places.map(place =>
      access(place).then(
        () => true,
        () => false
      )
    )
  );
  if (found.includes(true)) return [];
  const field = `schedules.${at}.notebook.path`;
  const message = `${file}: ${field} names ${notebook.path}, which is neither beside the file nor below the folder of the command. Correct the path.`;
  return [{ field, message }];
}
