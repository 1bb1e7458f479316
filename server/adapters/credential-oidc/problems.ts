import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';
import { ProblemError } from '../../../contract/problem.js';

/** Whom sentences are about. */
export interface Names {
  /** What people call the profile. */
  label: string;
  /** The host of the identity provider. */
  host: string;
  /** Where the settings of the profile stand. */
  where: string;
}

/** A text of the provider, fit for a sentence. */
export function told(text: unknown): string {
  const line = (typeof text === 'string' ? text : JSON.stringify(text ?? null))
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim()
    .slice(0, 200);
  return line === '' ? 'nothing' : line;
}

/** The code of a refusal as OAuth names it, such as `authorization_pending`. */
export function refusalOf(error: unknown): string | undefined {
  return error instanceof ResponseBodyError || error instanceof AuthorizationResponseError ? error.error : undefined;
}

/** What went wrong at the provider, for people. A problem that has its sentence already stays; so does a cancelling. */
export function translated(error: unknown, names: Names): unknown {
  for (let each: unknown = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth++) {
    if (each instanceof ProblemError || each.name === 'AbortError') return each;
  }
  const { label, host, where } = names;
  const refusal = refusalOf(error);
  if (refusal !== undefined) {
    const { error_description: why } = error as ResponseBodyError;
    return refused(refusal, why === undefined ? '' : ` It says: ${told(why)}`, names, bare(error));
  }
  if (error instanceof ClientError && error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED') {
    const { body } = (error.cause ?? {}) as { body?: { issuer?: unknown } };
    return new ProblemError(
      'credential-failed',
      `${host} calls itself another issuer than ${label} expects: ${told(body?.issuer)}. Write "issuer" in ${where} exactly as the provider names it, once you know that it is the right one.`,
      { cause: bare(error) }
    );
  }
  if (error instanceof ClientError) {
    return new ProblemError(
      'credential-failed',
      `${host} answers ${label} in a way that no identity provider does (${told(error.message)}). Check "issuer" in ${where}.`,
      { cause: bare(error) }
    );
  }
  return error;
}

/** What the library said, for the log. Its own errors carry answers along, with the tokens in them. */
function bare(error: unknown): Error {
  const words: string[] = [];
  for (let each: unknown = error; each instanceof Error && words.length < 5; each = each.cause) {
    words.push(`${each.name}: ${each.message}`);
  }
  return new Error(words.join(' < '));
}

function refused(refusal: string, says: string, { label, host, where }: Names, cause: unknown): ProblemError {
  const make = (code: 'credential-refused' | 'credential-signin' | 'credential-busy', sentence: string): ProblemError =>
    new ProblemError(code, sentence, { cause, ...(code === 'credential-busy' && { retryAfter: 60 }) });
  switch (refusal) {
    case 'access_denied':
      return make(
        'credential-refused',
        `The sign-in to ${label} was denied at ${host}.${says} Begin again and allow it there, or ask whoever runs the provider.`
      );
    case 'expired_token':
      return make('credential-signin', codeEnded(label));
    case 'invalid_grant':
      return make(
        'credential-signin',
        `${host} does not go on with the sign-in to ${label}: it has ended or was withdrawn. Sign in again.`
      );
    case 'invalid_client':
    case 'unauthorized_client':
      return make(
        'credential-refused',
        `${host} does not let Lakeside sign anybody in to ${label}.${says} Check "clientId", "clientSecret" and "flow" in ${where} against how Lakeside is registered there.`
      );
    case 'invalid_scope':
    case 'invalid_target':
      return make(
        'credential-refused',
        `${host} does not give ${label} what it asks for.${says} Check "scopes" and "resource" in ${where}.`
      );
    case 'slow_down':
    case 'temporarily_unavailable':
      return make('credential-busy', `${host} asks ${label} to wait. Try again in a minute.`);
    default:
      return make(
        'credential-refused',
        `${host} refuses the sign-in to ${label} (${told(refusal)}).${says} Check ${where}, or ask whoever runs the provider.`
      );
  }
}

/** Nobody confirmed the code in time. */
export function codeEnded(label: string): string {
  return `Nobody confirmed the code for ${label} in time, so it has ended. Begin again for a new one.`;
}

/** How a clock that is off is put; `ahead` is the provider's, in milliseconds. */
export function clockTrouble({ label, host }: Names, ahead: number): string {
  const minutes = Math.max(1, Math.round(Math.abs(ahead) / 60_000));
  return `${label} cannot sign in: the clock of this machine is ${minutes} minute${minutes === 1 ? '' : 's'} ${ahead > 0 ? 'behind' : 'ahead'}, against that of ${host}. Set the clock, then sign in again.`;
}
