import { ProblemError } from '../../contract/problem.js';
import type { Clock, Log } from '../ports.js';

/** A question to a source, bounded in time whether the source listens to its signal or not. */
export interface Question {
  /** What people call the source. */
  label: string;
  /** What is asked, for the log: `names`. */
  what: string;
  /** Longest time to wait, in milliseconds. */
  within: number;
  /** Raised when nobody waits any more. */
  signal?: AbortSignal | undefined;
  clock: Clock;
  log: Log;
}

/** Raised where a source did not answer in time; the source may still be busy with the question. */
export class Late extends ProblemError {
  constructor(label: string, within: number) {
    super(
      'source-unreachable',
      `${label} gave no answer within ${Math.round(within / 1000)} seconds. Look whether it is up and can be reached from here, then try again.`
    );
  }
}

/**
 * Asks a source.
 *
 * @throws ProblemError what the source says; `source-unreachable` where it is late; `cancelled`; `source-failed` for
 * any other fault, whose details are in the log only
 */
export async function ask<T>(question: Question, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { label, within, signal, clock } = question;
  const ended = new AbortController();
  const timer = new AbortController();
  const gone = (): void => ended.abort();
  signal?.addEventListener('abort', gone, { once: true });
  if (signal?.aborted === true) ended.abort();
  try {
    const late = clock.sleep(within, timer.signal).then(
      () => Promise.reject(new Late(label, within)),
      () => new Promise<never>(() => undefined)
    );
    return await Promise.race([Promise.resolve().then(() => work(ended.signal)), late, whenAborted(ended.signal)]);
  } catch (error) {
    throw asProblem(error, question);
  } finally {
    signal?.removeEventListener('abort', gone);
    timer.abort();
    ended.abort();
  }
}

function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(new ProblemError('cancelled', 'The question was cancelled.'));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** What people read of a fault of a source. */
export function asProblem(
  error: unknown,
  { label, what, log }: Pick<Question, 'label' | 'what' | 'log'>
): ProblemError {
  if (error instanceof ProblemError) return error;
  log.error({ err: error, source: label, what }, 'a source of tables failed');
  return new ProblemError(
    'source-failed',
    `${label} failed in a way that Lakeside does not know. Try again; if it stays, report it with the log of the server.`,
    { cause: error }
  );
}
