import { ProblemError } from '../../../../contract/problem.js';
import type { ProblemCode } from '../../../../contract/problem.js';

/** What STS said to a call that it refused. */
export interface Refusal {
  status: number;
  /** AWS's own code: `AccessDenied`; empty where it gave none. */
  code: string;
  message: string;
  /** Milliseconds by which the clock of STS is ahead of this machine's, where it told its time. */
  ahead: number | undefined;
}

/** A refusal of STS: a problem with its sentence, and what STS itself said for whoever knows more of the call. */
export class StsProblem extends ProblemError {
  constructor(
    code: ProblemCode,
    sentence: string,
    readonly refusal: Refusal,
    retryAfter?: number
  ) {
    super(code, sentence, retryAfter === undefined ? {} : { retryAfter });
  }
}

const busy = new Set(['Throttling', 'ThrottlingException', 'RequestLimitExceeded', 'SlowDown', 'TooManyRequests']);
const ended = new Set(['ExpiredToken', 'ExpiredTokenException', 'RequestExpired']);
const unknownKey = new Set(['InvalidClientTokenId', 'UnrecognizedClientException', 'InvalidAccessKeyId']);
const badToken = new Set(['InvalidIdentityToken', 'IDPRejectedClaim', 'ExpiredTokenException']);

/** Milliseconds by which clocks may differ. Signatures allow more, ends of keys do not. */
export const MOST_SKEW = 5 * 60_000;

/** What a refusal means to a person. @param label - of the profile; @param action - as STS names it */
export function refused(label: string, action: string, refusal: Refusal): StsProblem {
  const { status, code, message, ahead } = refusal;
  const make = (kind: ProblemCode, sentence: string, retryAfter?: number): StsProblem =>
    new StsProblem(kind, sentence, refusal, retryAfter);
  const isTimely = /signature (expired|not yet current)|skew/i.test(message) || code === 'RequestTimeTooSkewed';
  if (isTimely || (ahead !== undefined && Math.abs(ahead) > MOST_SKEW)) {
    return make('credential-failed', clockSentence(label, ahead));
  }
  if (busy.has(code) || status === 429 || (status === 503 && code === '')) {
    return make('credential-busy', `AWS asks ${label} to wait: too many sign-ins at once. Try again in a minute.`, 60);
  }
  if (action === 'AssumeRoleWithWebIdentity' && badToken.has(code)) {
    return make(
      'credential-refused',
      `AWS does not accept the identity of ${label}: ${said(refusal)} Ask whoever runs the identity provider.`
    );
  }
  if (ended.has(code)) return make('credential-signin', `The session of ${label} has ended. Sign in again.`);
  if (unknownKey.has(code) || code === 'SignatureDoesNotMatch') {
    return make(
      'credential-refused',
      `AWS does not know the keys with which ${label} signs in, or their secret is another one. Check them where the configuration refers to, or make a new key.`
    );
  }
  if (status === 403 || code === 'AccessDenied') {
    const what = action.startsWith('AssumeRole') ? 'take this role' : 'do this';
    return make(
      'credential-refused',
      `AWS does not allow ${label} to ${what}: ${said(refusal)} The role may have been taken away; ask whoever grants roles.`
    );
  }
  if (status >= 500) {
    return make('credential-failed', `AWS could not answer ${label}: ${said(refusal)} Try again in a few minutes.`);
  }
  return make(
    'credential-failed',
    `AWS refuses what ${label} asks for: ${said(refusal)} Check the settings of the profile.`
  );
}

/** @param ahead - milliseconds, where they are known */
export function clockSentence(label: string, ahead: number | undefined): string {
  const minutes = ahead === undefined ? undefined : Math.round(Math.abs(ahead) / 60_000);
  const by =
    minutes === undefined || minutes < 1
      ? 'is wrong'
      : `is ${minutes} minute${minutes === 1 ? '' : 's'} ${(ahead ?? 0) > 0 ? 'behind' : 'ahead'}`;
  return `${label} cannot sign in: the clock of this machine ${by}, against that of AWS. Set the clock, then sign in again.`;
}

function said({ code, message, status }: Refusal): string {
  const line = message.replace(/\s+/g, ' ').trim().slice(0, 300);
  const text = line === '' ? code || `it answered ${status}` : line;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
