import type { PluginSurroundings } from '../../plugins/plugin.js';
import { faultOf } from '../common/s3/faults.js';

/** Most tries of one request, and of one that fails in a way that seldom changes within a minute. */
const ATTEMPTS = 12;
const FEW_ATTEMPTS = 4;

/** Time after which nothing is tried again. Milliseconds. */
const PATIENCE = 60_000;

/** The first pause is up to BASE, each next one up to twice as long, up to CAP. Milliseconds. */
const BASE = 100;
const CAP = 5_000;

/** The longest time a server may ask us to wait. Milliseconds. */
const LONGEST_WISH = 30_000;

const retriedStatus = new Set([408, 409, 429, 500, 502, 503, 504]);

/** The SDK learns the server's time from such an answer and signs the next try with it. */
const skewed = ['RequestTimeTooSkewed', 'RequestExpired'];

/** Answers with a 4xx that mean: what arrived is not what was sent, or not in time. */
const damaged = ['RequestTimeout', 'IncompleteBody', 'BadDigest', 'XAmzContentSHA256Mismatch', 'SlowDown'];

const retriedNames = new Set([...skewed, ...damaged]);

/** Nobody is there, or what is wrong is on this side. */
const nobody = ['ENOTFOUND', 'ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN'];
const stubborn = new Set([...nobody, ...skewed, 'BadDigest']);

/** Errors without an answer that another try would not mend. */
const hopeless = /CERT|SIGNATURE|SSL|TLS|Credentials|Provider|ProblemError|TypeError|EPROTO/;

/** Whether the same request may go better another time. A condition that was not met (412) never does. */
export function isWorthRetrying(error: unknown): boolean {
  const { name, status } = faultOf(error);
  if (status === 412) return false;
  if (status === undefined) return !hopeless.test(name) && (error as Error).name !== 'ProblemError';
  // A status of success with an error: the answer broke off or was not the server's.
  return retriedStatus.has(status) || retriedNames.has(name) || status < 300;
}

/** How long to wait before a try: full jitter, at least as long as the server asked for. Milliseconds. */
export function pauseBefore(tries: number, wish = 0, random: () => number = Math.random): number {
  const jitter = random() * Math.min(CAP, BASE * 2 ** (tries - 1));
  return Math.round(Math.max(jitter, Math.min(wish, LONGEST_WISH)));
}

interface Token {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
  started: number;
}

interface ErrorInfo {
  error?: unknown;
  retryAfterHint?: Date;
}

/** The SDK's plug for retries: which are made, and when. */
export interface RetryStrategy {
  acquireInitialRetryToken(scope: string): Promise<Token>;
  refreshRetryTokenForRetry(token: Token, info: ErrorInfo): Promise<Token>;
  recordSuccess(token: Token): void;
}

export function createRetryStrategy({ clock }: Pick<PluginSurroundings, 'clock'>): RetryStrategy {
  const token = (tries: number, delay: number, started: number): Token => ({
    getRetryCount: () => tries,
    getRetryDelay: () => delay,
    getRetryCost: () => undefined,
    started
  });
  return {
    acquireInitialRetryToken: () => Promise.resolve(token(0, 0, clock.monotonic())),
    refreshRetryTokenForRetry: (last, { error, retryAfterHint }) => {
      const tries = last.getRetryCount() + 1;
      const most = stubborn.has(faultOf(error).name) ? FEW_ATTEMPTS : ATTEMPTS;
      const delay = pauseBefore(tries, retryAfterHint && retryAfterHint.getTime() - clock.now());
      const isLate = clock.monotonic() + delay - last.started > PATIENCE;
      if (tries >= most || isLate || !isWorthRetrying(error)) return Promise.reject(new Error('not again'));
      return Promise.resolve(token(tries, delay, last.started));
    },
    recordSuccess: () => undefined
  };
}
