import { ProblemError, type ProblemCode } from '../../../../contract/problem.js';
import type { Trouble } from '../../../../contract/tables/index.js';

/** The problem that an error of the file system stands for. Others are given back as they are. */
export function fileProblem(error: unknown, place: string): unknown {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const problem = (name: ProblemCode, message: string): ProblemError => new ProblemError(name, message, { cause: error });
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return problem('source-not-found', `There is no ${place} any more. Refresh the source, or bring it back.`);
    case 'EACCES':
    case 'EPERM':
      return problem(
        'source-forbidden',
        `The account that Jupyter runs under may not read ${place}. Give it the right to read there.`
      );
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return problem(
        'source-unreachable',
        `The disk does not give ${place} (${code}). See whether the drive or the network folder is there.`
      );
    case 'EMFILE':
    case 'ENFILE':
    case 'ELOOP':
    case 'EISDIR':
    case 'ENAMETOOLONG':
      return problem('source-failed', `${place} cannot be read (${code}).`);
    default:
      return error;
  }
}

/** A file that is not what its name says. The reason is that of a library: one line, shortened. */
export function unreadable(place: string, what: string, error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  const reason = (error instanceof Error ? error.message : String(error)).split('\n')[0]?.slice(0, 200) ?? '';
  return new ProblemError(
    'source-failed',
    `${place} cannot be read as ${what}: ${reason}. It may be cut off or of another kind; write it anew, or take it away.`,
    { cause: error }
  );
}

/** A problem as what is missing, beside all that is there. Errors of our own are thrown on. */
export function troubleOf(error: unknown): Trouble {
  if (error instanceof ProblemError) return { message: error.message, code: error.code };
  throw error;
}

/** A table that is not there. */
export function noSuchTable(label: string, name: string): ProblemError {
  return new ProblemError(
    'source-not-found',
    `${label} has no table ${name} any more. It may have been renamed or removed: refresh the source.`
  );
}
