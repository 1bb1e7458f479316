import type { JSONWebKeySet } from 'jose';
import type { ServerMetadata } from 'openid-client';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { Door } from './fetch.js';
import type { OidcSettings } from './plugin.js';
import type { Names } from './problems.js';
import { verify } from './verify.js';
import type { Expected } from './verify.js';

/** What a sign-in or a renewal gives, checked. */
export interface Tokens {
  /** The one for the security token service. */
  token: string;
  /** Milliseconds since 1970. */
  endsAt: number;
  subject: string;
  /** What the person is called. */
  name: string;
  refreshToken: string | undefined;
  /** Milliseconds since 1970, where the provider says. */
  renewableUntil: number | undefined;
}

/** What an answer must fit to. */
export interface Known {
  /** Of the sign-in, where it sent one. */
  nonce?: string;
  /** Of a renewal: what there was. */
  before?: Pick<Tokens, 'token' | 'endsAt' | 'subject' | 'name'>;
}

/** How long a token must still live to open a role with, in milliseconds. */
export const ENOUGH = 5000;

/** An answer with tokens, unchecked. */
export type Answer = Partial<Record<'id_token' | 'access_token' | 'refresh_token' | 'refresh_expires_in', unknown>>;

/** How the tokens of a provider are checked. */
export interface TokenCheck {
  /** The keys that it publishes now. */
  keys(): Promise<JSONWebKeySet>;
  /** Checks all that an answer holds. @throws ProblemError */
  tokens(answer: Answer, keys: JSONWebKeySet, known: Known): Promise<Tokens>;
}

export function createTokenCheck(options: {
  settings: OidcSettings;
  clock: Clock;
  names: Names;
  metadata: ServerMetadata;
  door: Door;
}): TokenCheck {
  const { settings, clock, names, metadata, door } = options;
  const { label, where } = names;

  function withoutIdentity(isRenewal: boolean): ProblemError {
    return isRenewal
      ? new ProblemError(
          'credential-signin',
          `${names.host} gives ${label} no newer identity token without a person. Sign in again; "token: access" in ${where} may spare that.`
        )
      : new ProblemError(
          'credential-refused',
          `${names.host} gives ${label} no identity token. Put "openid" into "scopes" in ${where}, or ask whoever runs the provider.`
        );
  }

  async function tokens(answer: Answer, keys: JSONWebKeySet, { nonce, before }: Known): Promise<Tokens> {
    const checked = (token: string, expected: Omit<Expected, 'issuer'>) =>
      verify(token, { issuer: metadata.issuer, ...expected }, { keys, names, clock, ahead: door.ahead() });
    const { id_token: id, access_token: access, refresh_token: refresh, refresh_expires_in: until } = answer;
    const isId = settings.token === 'id';
    const person =
      typeof id === 'string'
        ? await checked(id, { audience: settings.clientId, nonce, what: 'identity token' })
        : undefined;
    const rest = {
      refreshToken: typeof refresh === 'string' ? refresh : undefined,
      renewableUntil: typeof until === 'number' && until > 0 ? clock.now() + until * 1000 : undefined
    };
    if (person === undefined && (isId || nonce !== undefined)) {
      // Providers need not give one again; the one there is holds to its end.
      if (before !== undefined && before.endsAt - clock.now() > ENOUGH) return { ...before, ...rest };
      throw withoutIdentity(before !== undefined);
    }
    const given = isId ? id : access;
    const token = typeof given === 'string' ? given : '';
    const audience = settings.audience ?? settings.clientId;
    const claims =
      isId && audience === settings.clientId && person !== undefined
        ? person
        : await checked(token, { audience, what: isId ? 'identity token' : 'access token' });
    if (before !== undefined && claims.sub !== before.subject) {
      throw new ProblemError(
        'credential-refused',
        `${names.host} renewed the sign-in to ${label} for another person, which Lakeside does not take. Sign in again.`
      );
    }
    return {
      token,
      endsAt: (claims.exp ?? 0) * 1000,
      subject: claims.sub ?? '',
      name: before?.name ?? nameOf(person ?? claims),
      ...rest
    };
  }

  return {
    async keys() {
      const { jwks_uri: address } = metadata;
      if (address !== undefined) {
        const response = await door.fetch(address, { headers: { accept: 'application/json' } });
        const given = (await response.json().catch(() => undefined)) as JSONWebKeySet | undefined;
        if (response.ok && Array.isArray(given?.keys)) return given;
      }
      throw new ProblemError(
        'credential-failed',
        `${names.host} does not publish the keys with which it signs, so ${label} cannot sign in. Ask whoever runs the provider.`
      );
    },
    tokens
  };
}

/** What the person is called, by the first of the usual claims. */
function nameOf(claims: Record<string, unknown>): string {
  const names = ['preferred_username', 'email', 'upn', 'name', 'sub'].map(key => claims[key]);
  return names.find((name): name is string => typeof name === 'string' && name !== '')?.slice(0, 200) ?? 'unknown';
}
