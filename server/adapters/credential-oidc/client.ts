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
import { createTokenCheck } from './tokens.js';
import type { Answer, Known, Tokens } from './tokens.js';
import { LEEWAY } from './verify.js';

export interface OidcOptions {
  settings: OidcSettings;
  readSecret: (reference: Secret) => Promise<string>;
  clock: Clock;
  label: string;
  /** Where the settings stand. */
  where: string;
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

/** Finds the provider by its discovery document: always the one of now, with the keys of now. */
export async function openClient(options: OidcOptions, signal: AbortSignal): Promise<Client> {
  const { settings, readSecret, clock, label, where } = options;
  const issuer = new URL(settings.issuer);
  const names: Names = { label, host: issuer.host, where };
  const door = createDoor({ label, where, clock, signal });
  const answers: Answer[] = [];

  const secret = settings.clientSecret && (await readSecret(settings.clientSecret));
  // The settings allow http within this machine alone, and the door sees to each address.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const allowHttp: (config: oidc.Configuration) => void = oidc.allowInsecureRequests;
  const execute = issuer.protocol === 'http:' ? [allowHttp] : [];
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
  execute.forEach(allow => allow(config));
  config[oidc.customFetch] = async (url, given) => {
    const response = await door.fetch(url, given as RequestInit);
    if (url === metadata.token_endpoint && response.ok) {
      answers.push((await response.clone().json()) as Answer);
    }
    return response;
  };

  const check = createTokenCheck({ settings, clock, names, metadata, door });

  return {
    config,
    metadata,
    names,
    door,
    parameters: settings.resource === undefined ? {} : { resource: settings.resource },
    async tokens(work, known = {}) {
      answers.length = 0;
      // A refresh token may count once: whatever else can fail comes before it is used.
      const keys = known.before === undefined ? undefined : await check.keys();
      const checked = async (answer: Answer): Promise<Tokens> =>
        check.tokens(answer, keys ?? (await check.keys()), known);
      try {
        await work();
      } catch (error) {
        // The library refuses tokens too; this says why.
        for (const answer of answers) await checked(answer);
        throw translated(error, names);
      }
      return checked(answers.at(-1) ?? {});
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
