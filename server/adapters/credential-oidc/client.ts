import * as oidc from 'openid-client';
import { ProblemError } from '../../../contract/problem.js';
import type { Secret } from '../../configuration/secret.js';
import type { Clock } from '../../ports.js';
import { isSafe } from '../common/sts/settings.js';
import { createDoor } from './fetch.js';
import type { Door } from './fetch.js';
import type { OidcSettings } from './plugin.js';
import { translated } from './problems.js';
import type { Names } from './problems.js';
import { LEEWAY, verify } from './verify.js';
import type { Expected } from './verify.js';

export interface OidcOptions {
  settings: OidcSettings;
  readSecret: (reference: Secret) => Promise<string>;
  clock: Clock;
  label: string;
  /** Where the settings stand. */
  where: string;
}

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

/** The provider, found and ready for one piece of work. */
export interface Client {
  config: oidc.Configuration;
  metadata: oidc.ServerMetadata;
  names: Names;
  door: Door;
  /** What every request for a token says beside its own. */
  parameters: Record<string, string>;
  /** The tokens of an answer, checked. */
  tokens(work: () => Promise<oidc.TokenEndpointResponse>, known?: Known): Promise<Tokens>;
  /** An address of the provider that a person is to open. */
  shown(address: string): string;
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

type Answer = Partial<Record<'id_token' | 'access_token' | 'refresh_token' | 'refresh_expires_in', unknown>>;

/** Finds the provider by its discovery document: always the one of now, with the keys of now. */
export async function openClient(options: OidcOptions, signal: AbortSignal): Promise<Client> {
  const { settings, readSecret, clock, label, where } = options;
  const issuer = new URL(settings.issuer);
  const names: Names = { label, host: issuer.host, where };
  const door = createDoor({ label, where, clock, signal });
  let answered: Answer | undefined;

  const secret = settings.clientSecret && (await readSecret(settings.clientSecret));
  const isLocal = issuer.protocol === 'http:';
  const execute = isLocal ? [oidc.allowInsecureRequests] : [];
  const found = await oidc
    .discovery(issuer, settings.clientId, undefined, undefined, {
      [oidc.customFetch]: (url, given) => door.fetch(url, given as RequestInit),
      execute
    })
    .catch((error: unknown) => {
      throw translated(error, names);
    });
  const metadata = found.serverMetadata();
  const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const authentication =
    secret === undefined
      ? oidc.None()
      : methods.includes('client_secret_basic')
        ? oidc.ClientSecretBasic(secret)
        : oidc.ClientSecretPost(secret);
  const times = {
    [oidc.clockSkew]: Math.round((clock.now() - Date.now()) / 1000),
    [oidc.clockTolerance]: LEEWAY
  };
  const config = new oidc.Configuration(metadata, settings.clientId, times, authentication);
  for (const each of execute) each(config);
  config[oidc.customFetch] = async (url, given) => {
    const response = await door.fetch(url, given as RequestInit);
    if (url === metadata.token_endpoint && response.ok) {
      answered = (await response
        .clone()
        .json()
        .catch(() => undefined)) as Answer | undefined;
    }
    return response;
  };

  async function check(answer: Answer, { nonce, before }: Known): Promise<Tokens> {
    const keys = await keysOf(metadata.jwks_uri);
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
    const token = isId ? id : access;
    const audience = settings.audience ?? settings.clientId;
    const claims =
      isId && audience === settings.clientId && person !== undefined
        ? person
        : await checked(token as string, { audience, what: isId ? 'identity token' : 'access token' });
    if (before !== undefined && claims.sub !== before.subject) {
      throw new ProblemError(
        'credential-refused',
        `${names.host} renewed the sign-in to ${label} for another person, which Lakeside does not take. Sign in again.`
      );
    }
    return {
      token: token as string,
      endsAt: (claims.exp ?? 0) * 1000,
      subject: claims.sub ?? '',
      name: before?.name ?? nameOf(person ?? claims),
      ...rest
    };
  }

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

  async function keysOf(address: string | undefined): Promise<{ keys: object[] }> {
    if (address !== undefined) {
      const response = await door.fetch(address, { headers: { accept: 'application/json' } });
      const given = (await response.json().catch(() => undefined)) as { keys?: unknown } | undefined;
      if (response.ok && Array.isArray(given?.keys)) return { keys: given.keys as object[] };
    }
    throw new ProblemError(
      'credential-failed',
      `${names.host} does not publish the keys with which it signs, so ${label} cannot sign in. Ask whoever runs the provider.`
    );
  }

  return {
    config,
    metadata,
    names,
    door,
    parameters: settings.resource === undefined ? {} : { resource: settings.resource },
    async tokens(work, known = {}) {
      answered = undefined;
      try {
        await work();
      } catch (error) {
        // The library refuses tokens too; this says why.
        if (answered !== undefined) await check(answered, known);
        throw translated(error, names);
      }
      return check(answered ?? {}, known);
    },
    shown(address) {
      if (URL.canParse(address) && isSafe(address)) return address;
      throw new ProblemError(
        'credential-failed',
        `${names.host} sends ${label} to a page that does not begin with https://, which Lakeside does not show. Ask whoever runs the provider.`
      );
    }
  };
}

/** What the person is called, by the first of the usual claims. */
function nameOf(claims: Record<string, unknown>): string {
  const names = ['preferred_username', 'email', 'upn', 'name', 'sub'].map(key => claims[key]);
  return names.find((name): name is string => typeof name === 'string' && name !== '')?.slice(0, 200) ?? 'unknown';
}
