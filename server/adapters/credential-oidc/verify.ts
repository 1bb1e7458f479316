import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, jwtVerify } from 'jose';
import type { JSONWebKeySet, JWTPayload } from 'jose';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { clockTrouble, told } from './problems.js';
import type { Names } from './problems.js';

/** Seconds by which times in tokens may be off. */
export const LEEWAY = 30;
/** From which difference on a clock is to blame, in milliseconds. */
const SKEWED = 60_000;

/** Signatures that only the provider can make. `none` and those with a shared secret are not among them. */
const ALGORITHMS = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

export interface Expected {
  issuer: string;
  audience: string;
  /** Of the sign-in, where it sent one. */
  nonce?: string | undefined;
  /** What the token is called in sentences. */
  what: 'identity token' | 'access token';
}

export interface Verifier {
  keys: JSONWebKeySet;
  names: Names;
  clock: Clock;
  /** Milliseconds by which the clock of the provider is ahead, where it told its time. */
  ahead: number | undefined;
}

/**
 * Checks a token: its signature against the provider's keys, who made it, for whom, when, and for which sign-in.
 *
 * @throws ProblemError `credential-refused`, `credential-failed`: each fault has its sentence
 */
export async function verify(token: string, expected: Expected, verifier: Verifier): Promise<JWTPayload> {
  const { issuer, audience, nonce, what } = expected;
  const { keys, names, clock, ahead } = verifier;
  const bad = (why: string, cure: string): ProblemError =>
    new ProblemError(
      'credential-refused',
      `${names.label} did not sign in: the ${what} of ${names.host} ${why}. ${cure}`
    );
  const ask = 'Ask whoever runs the provider.';

  function late(why: string): ProblemError {
    if (ahead === undefined || Math.abs(ahead) < SKEWED) {
      return bad(why, 'Check the clock of this machine, then sign in again.');
    }
    return new ProblemError('credential-failed', clockTrouble(names, ahead));
  }

  function explained(error: unknown): unknown {
    if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
      return bad(
        'is signed with a key that the provider does not publish',
        `Try again; if it stays so, ask whoever runs the provider.`
      );
    }
    if (error instanceof errors.JWSSignatureVerificationFailed) {
      return bad('has a wrong signature: somebody changed it, or it is not of this provider', ask);
    }
    if (error instanceof errors.JWTExpired) return late('has ended already');
    if (error instanceof errors.JWTClaimValidationFailed) {
      const { claim, reason, payload } = error;
      if (reason === 'missing') return bad(`does not say "${claim}"`, ask);
      if (claim === 'iss') {
        return bad(`names another issuer (${told(payload.iss)}) than ${issuer}`, `Check "issuer" in ${names.where}.`);
      }
      if (claim === 'aud') {
        const hint = what === 'access token' ? 'Check "audience" and "resource"' : 'Check "clientId" and "audience"';
        return bad(`is for somebody else (${told(payload.aud)}), not for ${audience}`, `${hint} in ${names.where}.`);
      }
      if (claim === 'nbf') return late('does not hold yet');
    }
    return bad(`cannot be read (${told((error as Error).message)})`, ask);
  }

  const header = headerOf(token, what, bad);
  if (header.alg === 'none') throw bad('is not signed', ask);
  if (header.alg === undefined || !ALGORITHMS.includes(header.alg)) {
    throw bad(
      `is signed in a way that proves nothing here (${told(header.alg)})`,
      `The provider must sign with a key of its own, such as RS256. ${ask}`
    );
  }
  const now = clock.now();
  const { payload } = await jwtVerify(token, createLocalJWKSet(keys), {
    algorithms: ALGORITHMS,
    issuer,
    audience,
    clockTolerance: LEEWAY,
    currentDate: new Date(now),
    requiredClaims: ['exp', 'sub']
  }).catch((error: unknown) => {
    throw explained(error);
  });
  if (payload.iat !== undefined && payload.iat > now / 1000 + LEEWAY) throw late('was made in the future');
  if (nonce !== undefined && payload['nonce'] !== nonce) {
    throw bad('belongs to another sign-in: its nonce is another one', 'Begin again.');
  }
  return payload;
}

type Bad = (why: string, cure: string) => ProblemError;

function headerOf(token: string, what: Expected['what'], bad: Bad): { alg?: string | undefined } {
  const parts = token.split('.').length;
  if (parts === 5) throw bad('is encrypted', 'The provider must send it signed only. Ask whoever runs it.');
  try {
    if (parts === 3) return decodeProtectedHeader(token);
  } catch {
    // Said below.
  }
  throw bad(
    'is no JWT',
    what === 'access token'
      ? 'Ask for one of an API that has JWTs ("resource", "scopes"), or take "token: id".'
      : 'Ask whoever runs the provider.'
  );
}

/** What a token says, unchecked: for tokens that were checked before. */
export const claimsOf = (token: string): JWTPayload => decodeJwt(token);
