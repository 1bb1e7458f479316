import { access, readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import type { FieldError } from '../../../contract/problem.js';
import { isElsewhere } from '../../../contract/schedule/places.js';
import type { ScheduleSpec } from '../../../contract/schedule/index.js';
import { toProblem } from '../../http/problem.js';
import { inspectScheduleFile } from '../../schedule/file/read.js';

/** One schedule of a file. */
export interface CheckedSchedule {
  name: string;
  line: number;
  /** Where all of it is right. */
  spec?: ScheduleSpec;
  /** Its notebook, absolute; absent where it does not lie in a folder. */
  notebook?: string;
}

/** A file of schedules and what is wrong with it; nothing, where `errors` is empty. */
export interface CheckedFile {
  /** As it was given. */
  file: string;
  text: string;
  schedules: CheckedSchedule[];
  /** Each with file, line, key and cure. */
  errors: FieldError[];
}

/** Reads and checks a file, its notebooks among it. Throws nothing: what is wrong is in the result. */
export async function checkFile(file: string): Promise<CheckedFile> {
  let text = '';
  try {
    text = await readText(file);
    const { entries, errors, lineOf } = inspectScheduleFile(file, text);
    const all = [...errors];
    const schedules: CheckedSchedule[] = [];
    for (const { at, line, name = `schedule ${at + 1}`, spec } of entries) {
      if (spec === undefined || isElsewhere(spec.notebook.path)) {
        schedules.push({ name, line, ...(spec !== undefined && { spec }) });
        continue;
      }
      const notebook = await findNotebook(file, spec.notebook.path);
      if (notebook === undefined) all.push(missing(file, spec, at, lineOf));
      schedules.push({ name, line, ...(notebook !== undefined && { spec, notebook }) });
    }
    return { file, text, schedules, errors: all };
  } catch (error) {
    const { message, errors } = toProblem(error);
    return { file, text, schedules: [], errors: errors ?? [{ field: '', message }] };
  }
}

/**
 * Reads a text file.
 *
 * @throws ProblemError `file-not-found`
 */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new ProblemError('file-not-found', `${file} cannot be read. Check its name.`, { cause: error });
  }
}

/** A path below a folder with `/` between its parts; undefined where it is not below it. */
export function pathBelow(folder: string, file: string): string | undefined {
  const path = relative(folder, file);
  return path === '' || path === '..' || path.startsWith(`..${sep}`) || resolve(path) === path
    ? undefined
    : path.split(sep).join('/');
}

/** A notebook is looked for beside the file, and where the command runs. */
async function findNotebook(file: string, path: string): Promise<string | undefined> {
  for (const place of [resolve(dirname(file), path), resolve(path)]) {
    try {
      await access(place);
      return place;
    } catch {
      // The next place.
    }
  }
  return undefined;
}

function missing(
  file: string,
  { notebook }: ScheduleSpec,
  at: number,
  lineOf: (path: readonly PropertyKey[]) => number
): FieldError {
  const path = ['schedules', at, 'notebook', 'path'];
  const field = path.join('.');
  const message = `${file}, line ${lineOf(path)}: ${field} names ${notebook.path}, which is neither beside the file nor below the folder of the command. Correct the path.`;
  return { field, message };
}
