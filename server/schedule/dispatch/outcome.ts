import { isEnded } from '../../../contract/schedule/records.js';
import { secondsOf } from '../../../contract/schedule/values.js';
import type { Attempt, Policy, Run, RunState } from '../../../contract/schedule/index.js';
import type { WorkEnd } from '../ports.js';

/** Exit codes of the runner. */
const states: Readonly<Record<number, RunState>> = {
  0: 'SUCCEEDED',
  11: 'FAILED_CHECK',
  12: 'TIMED_OUT',
  143: 'CANCELLED'
};
const TIMED_OUT = 12;
const TRANSIENT = 13;
/** Not a code of the runner: nobody knows how it ended. */
const LOST = -1;

/** The end of an attempt of which nothing is known but that its process is gone. */
export const lost: WorkEnd = {
  exitCode: LOST,
  reason: 'The server stopped while this ran. What it had written until then is kept.'
};

/** A run after an attempt of it ended: at its end, or waiting for the next attempt. @param now - milliseconds since 1970 */
export function afterAttempt(run: Run, end: WorkEnd, policy: Policy, now: number): Run {
  const state = end.exitCode === LOST ? 'LOST' : (states[end.exitCode] ?? 'FAILED');
  const at = new Date(now).toISOString();
  const { reason } = end;
  const attempts = run.attempts.map((attempt, index): Attempt =>
    index === run.attempts.length - 1
      ? { ...attempt, state, endedAt: at, ...(reason !== undefined && { reason }) }
      : attempt
  );
  const { progress: _, reason: __, ...rest } = run;
  if (isPassing(end.exitCode, policy) && attempts.length <= policy.retries) {
    const wait = secondsOf(policy.retryDelay) * 2 ** (attempts.length - 1);
    return { ...rest, state: 'QUEUED', attempts, notBefore: new Date(now + wait * 1000).toISOString() };
  }
  return { ...rest, state, attempts, endedAt: at, ...(reason !== undefined && { reason }) };
}

/** A run that somebody ended. */
export function cancelled(run: Run, reason: string, now: number): Run {
  const at = new Date(now).toISOString();
  const attempts = run.attempts.map((attempt): Attempt =>
    isEnded(attempt.state) ? attempt : { ...attempt, state: 'CANCELLED', reason, endedAt: at }
  );
  const { progress: _, notBefore: __, ...rest } = run;
  return { ...rest, state: 'CANCELLED', reason, attempts, endedAt: at };
}

function isPassing(exitCode: number, { retryTimeouts }: Policy): boolean {
  return exitCode === TRANSIENT || exitCode === LOST || (exitCode === TIMED_OUT && retryTimeouts);
}
