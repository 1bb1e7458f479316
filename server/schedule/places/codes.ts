import { ProblemError } from '../../../contract/problem.js';

/** Exit codes of the runner (docs/users/runner.md): what may go well the next time, and what was refused. */
export const TRANSIENT = 13;
export const REFUSED = 14;
/** Of what is not right and could not start. */
export const BAD_SPEC = 15;

/** The runner's code for what a storage elsewhere says; undefined for all else. */
export function codeOfStorage(error: unknown): number | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  if (error.code === 'storage-unreachable') return TRANSIENT;
  return error.code === 'storage-refused' ? REFUSED : undefined;
}
