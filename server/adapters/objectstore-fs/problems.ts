import { ProblemError } from '../../../contract/problem.js';
import { storageProblem } from '../../storage.js';

const denied = new Set(['EACCES', 'EPERM']);

/**
 * The error that a failed file operation of the store stands for: a typed problem where the disk or its rights are
 * to blame, else the error itself.
 *
 * @param directory - the folder of the store, named in the sentence
 */
export function storeProblem(error: unknown, directory: string): unknown {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  if (denied.has(code)) {
    return new ProblemError(
      'storage-read-only',
      `Lakeside has no right to use ${directory}. Give the account it runs under the right to read and write there, then try again.`,
      { cause: error }
    );
  }
  return storageProblem(error, directory) ?? error;
}

/** True where the error says that there is no such file, or that a folder stands in its place. */
export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? '';
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'EISDIR';
}
