import { mkdtemp, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { faultOfNotebook, faultOfOutput, isElsewhere } from '../../../contract/schedule/places.js';
import { BAD_SPEC, codeOfStorage, REFUSED } from '../../schedule/places/codes.js';
import { note, plain, progress } from '../output.js';
import { withSession } from '../session.js';

/** A notebook to run. */
export interface NotebookHere {
  /** Absolute. */
  file: string;
  /** More arguments for the runner. */
  args: readonly string[];
}

/**
 * Runs something with a notebook that may lie elsewhere: in the Library, or in a bucket of the configuration.
 *
 * @param use - answers with an exit code
 * @returns that of `use`; where the notebook could not be brought the runner's, after a sentence
 * @throws ProblemError `bad-request` where it is no reference
 */
export async function withNotebook(given: string, use: (notebook: NotebookHere) => Promise<number>): Promise<number> {
  if (!isElsewhere(given)) return use({ file: resolve(given), args: [] });
  const fault = faultOfNotebook(given);
  if (fault !== undefined) throw new ProblemError('bad-request', `${plain(given)} ${fault}.`);
  const folder = await mkdtemp(join(tmpdir(), 'lakeside-notebook-'));
  try {
    progress(`Fetching ${plain(given)}`);
    const fetched = await withSession(({ places, caller }) => places.fetch(caller, given, folder)).catch(told);
    progress(undefined);
    if (typeof fetched === 'number') return fetched;
    return await use({ file: fetched.file, args: [`--source=${fetched.source}`, `--cwd=${process.cwd()}`] });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Refuses a place for the output that cannot be one. @throws ProblemError `bad-request`, `invalid` */
export async function checkPlace(place: string): Promise<void> {
  const fault = place.includes('{{') ? 'must be a place, without macros' : faultOfOutput(place);
  if (fault !== undefined) throw new ProblemError('bad-request', `--out ${fault}.`);
  await withSession(({ places }) => places.mayWrite(place));
}

/**
 * Puts an output to its place; what is here goes then.
 *
 * @returns an exit code, after a sentence where it is not 0
 */
export async function deliver(place: string, folder: string): Promise<number> {
  progress(`Putting the output to ${plain(place)}`);
  try {
    await withSession(({ places }) => places.deliver(place, folder));
    progress(undefined);
    await rm(folder, { recursive: true, force: true });
    // The folders that were made for it, where nothing else is in them.
    for (const above of [dirname(folder), dirname(dirname(folder))]) await rmdir(above).catch(() => undefined);
    return 0;
  } catch (error) {
    progress(undefined);
    if (!(error instanceof ProblemError)) throw error;
    note(`lakeside: the output is not at ${plain(place)}: ${plain(error.message)} It stays in ${plain(folder)}.`);
    return codeOfStorage(error) ?? REFUSED;
  }
}

function told(error: unknown): number {
  progress(undefined);
  if (!(error instanceof ProblemError)) throw error;
  note(`lakeside: ${plain(error.message)}`);
  return codeOfStorage(error) ?? BAD_SPEC;
}
