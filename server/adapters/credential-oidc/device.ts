import * as oidc from 'openid-client';
import { ProblemError } from '../../../contract/problem.js';
import type { SignInTalk } from '../../credentials/ports.js';
import type { Clock } from '../../ports.js';
import type { Client } from './client.js';
import { codeEnded, refusalOf, translated } from './problems.js';
import type { Tokens } from './tokens.js';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';
/** Seconds between two questions where the provider says nothing, and by how many more it may ask for (RFC 8628). */
const INTERVAL = 5;
const SLOWER = 5;
/** Questions in a row that may stay without an answer. */
const SILENCES = 5;

/** Signs in by a code that the person confirms on any device. */
export async function byDevice(
  client: Client,
  scope: Record<string, string>,
  { clock, talk }: { clock: Clock; talk: SignInTalk }
): Promise<Tokens> {
  const { config, metadata, names } = client;
  if (metadata.device_authorization_endpoint === undefined) {
    throw new ProblemError(
      'credential-failed',
      `${names.host} does not sign in by device codes. Write "flow: code" in ${names.where}, or ask whoever runs the provider to allow them.`
    );
  }
  // No standard asks for it with device codes. Keycloak does where its client has a PKCE method; others pass over it.
  const verifier = oidc.randomPKCECodeVerifier();
  const challenge = { code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256' };
  const began = clock.monotonic();
  const given = await oidc
    .initiateDeviceAuthorization(config, { ...scope, ...challenge, ...client.parameters })
    .catch((error: unknown) => {
      throw translated(error, names);
    });
  const life = given.expires_in * 1000;
  talk.show({
    kind: 'device',
    userCode: given.user_code.slice(0, 100),
    verificationUri: client.shown(given.verification_uri),
    ...(given.verification_uri_complete !== undefined && {
      verificationUriComplete: client.shown(given.verification_uri_complete)
    }),
    endsAt: new Date(clock.now() + life).toISOString()
  });

  const parameters = { device_code: given.device_code, code_verifier: verifier, ...client.parameters };
  let interval = (given.interval ?? INTERVAL) * 1000;
  for (let silences = 0; ;) {
    await clock.sleep(interval, talk.signal);
    if (clock.monotonic() - began >= life) throw new ProblemError('credential-signin', codeEnded(names.label));
    let refusal: string | undefined;
    try {
      return await client.tokens(async () => {
        try {
          return await oidc.genericGrantRequest(config, GRANT, parameters);
        } catch (error) {
          refusal = refusalOf(error);
          throw error;
        }
      });
    } catch (error) {
      if (refusal === 'slow_down') interval += SLOWER * 1000;
      else if (refusal === 'authorization_pending') silences = 0;
      else if (isSilence(error) && ++silences < SILENCES) interval = Math.min(interval * 2, 30_000);
      else throw error;
    }
  }
}

/** Whether the provider may answer the next time: the code goes on to count. */
function isSilence(error: unknown): boolean {
  return error instanceof ProblemError && ['credential-unreachable', 'credential-busy'].includes(error.code);
}
