import { ProblemError } from '../../../contract/problem.js';
import type { Schedule } from '../../../contract/schedule/index.js';
import { REFUSED } from '../places/codes.js';
import type { KeyWish, RunCredentials } from './ports.js';

const FIELD = 'credentials';

function wishOf({ id, spec }: Schedule): KeyWish | undefined {
  const { name, credentials: profile } = spec;
  return profile === undefined ? undefined : { schedule: id, name, profile };
}

/**
 * Lets the runs of a schedule use what it names, and nothing else.
 *
 * @throws ProblemError with the field, where that cannot be: nothing is to be stored then
 */
export async function permitRuns(credentials: RunCredentials, schedule: Schedule, by: string): Promise<void> {
  const wish = wishOf(schedule);
  if (wish === undefined) {
    await credentials.withdraw(schedule.id, by);
    return;
  }
  try {
    await credentials.permit(wish, by);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { code, message } = error;
    throw new ProblemError(code, message, { errors: [{ field: FIELD, message }], cause: error });
  }
}

/** The variables of a run by which it gets its keys; undefined where its schedule names no profile. */
export async function variablesOf(
  credentials: RunCredentials,
  schedule: Schedule
): Promise<Record<string, string | null> | undefined> {
  const wish = wishOf(schedule);
  return wish === undefined ? undefined : credentials.environment(wish);
}

/** The runner's code for a run that does not start because it would get no keys; undefined for what may pass. */
export function codeOfCredentials(error: unknown): number | undefined {
  if (!(error instanceof ProblemError)) return undefined;
  return ['credential-signin', 'credential-refused'].includes(error.code) ? REFUSED : undefined;
}
