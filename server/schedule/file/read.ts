import { fieldOf, ProblemError } from '../../../contract/problem.js';
import type { FieldError } from '../../../contract/problem.js';
import { ScheduleFile } from '../../../contract/schedule/file.js';
import { ScheduleSpec } from '../../../contract/schedule/spec.js';
import { checkSource, parseSource } from '../../yaml/source.js';
import type { Source } from '../../yaml/source.js';
import { faultsOfSpec } from './check.js';

/** The longest file that is read, in characters. */
const LONGEST = 2 * 1024 * 1024;

/** One schedule of a file, right or not. */
export interface FileEntry {
  /** Its place in the list, from 0. */
  at: number;
  /** Its line, from 1. */
  line: number;
  /** As it is written, where it has one. */
  name?: string;
  /** What it says, where all of it is right. */
  spec?: ScheduleSpec;
  /** Each with file, line, key and cure. */
  errors: FieldError[];
}

/** A file of schedules that was looked through. */
export interface InspectedFile {
  entries: FileEntry[];
  /** All faults, those of no schedule among them. */
  errors: FieldError[];
  /** The line of a place, such as `['schedules', 0, 'notebook', 'path']`. */
  lineOf: (path: readonly PropertyKey[]) => number;
}

/**
 * Looks through a file of schedules: a fault of one schedule does not hide whether the others are right.
 *
 * @param file - its name, for messages
 * @throws ProblemError `invalid` where it is no YAML at all
 */
export function inspectScheduleFile(file: string, text: string): InspectedFile {
  if (text.length > LONGEST) {
    throw new ProblemError('invalid', `${file} is longer than 2 MB. Divide it into several files.`);
  }
  const source = parseSource(file, text);
  const found = faultsOfForm(source);
  const entries = listOf(source.data).map((item, at): FileEntry => {
    const place = `schedules.${at}`;
    const own = found.filter(({ field }) => field === place || field.startsWith(`${place}.`));
    const spec = own.length > 0 ? undefined : ScheduleSpec.safeParse(item).data;
    const errors = [...own, ...(spec === undefined ? [] : faultsOf(source, spec, at))];
    const name = nameOf(item);
    return {
      at,
      line: source.lineOf(['schedules', at]),
      ...(name !== undefined && { name }),
      ...(spec !== undefined && errors.length === 0 && { spec }),
      errors
    };
  });
  const ofEntries = entries.flatMap(({ errors }) => errors);
  const others = found.filter(error => !ofEntries.includes(error));
  return { entries, errors: [...others, ...ofEntries], lineOf: path => source.lineOf(path) };
}

/**
 * Reads a file of schedules.
 *
 * @param file - its name, for messages
 * @throws ProblemError `invalid`: each fault with file, line, key and cure, the first one as the message
 */
export function readScheduleFile(file: string, text: string): ScheduleSpec[] {
  const { entries, errors } = inspectScheduleFile(file, text);
  const [first] = errors;
  if (first !== undefined) throw new ProblemError('invalid', first.message, { errors });
  return entries.flatMap(({ spec }) => (spec === undefined ? [] : [spec]));
}

/** What the schema finds, of the whole file. */
function faultsOfForm(source: Source): FieldError[] {
  try {
    checkSource(source, ScheduleFile);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.errors ?? [{ field: '', message: error.message }];
  }
}

/** What no schema can see. */
function faultsOf(source: Source, spec: ScheduleSpec, at: number): FieldError[] {
  return faultsOfSpec(spec).map(({ path, sentence }) => {
    const whole = ['schedules', at, ...path];
    const field = fieldOf(whole);
    return { field, message: `${source.file}, line ${source.lineOf(whole)}: ${field} ${sentence}` };
  });
}

function listOf(data: unknown): unknown[] {
  const list = typeof data === 'object' && data !== null && 'schedules' in data ? data.schedules : undefined;
  return Array.isArray(list) ? list : [];
}

function nameOf(item: unknown): string | undefined {
  return typeof item === 'object' && item !== null && 'name' in item && typeof item.name === 'string'
    ? item.name.slice(0, 200)
    : undefined;
}
