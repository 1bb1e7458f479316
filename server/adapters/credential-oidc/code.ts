import * as oidc from 'openid-client';
import { ProblemError } from '../../../contract/problem.js';
import type { SignInTalk } from '../../credentials/ports.js';
import type { Clock } from '../../ports.js';
import type { Client } from './client.js';
import { listen } from './listener.js';
import type { Tokens } from './tokens.js';

/** Longest time until the browser is back, in milliseconds. */
const LONGEST = 10 * 60_000;

export interface CodeOptions {
  redirect: string;
  clock: Clock;
  talk: SignInTalk;
}

/**
 * Signs in by a page of the provider that comes back to this machine, with PKCE, a state and a nonce of this sign-in
 * alone.
 *
 * @param finish - what is done with the tokens before the person reads that it went well
 */
export async function byCode<T>(
  client: Client,
  scope: Record<string, string>,
  { redirect, clock, talk }: CodeOptions,
  finish: (tokens: Tokens) => Promise<T>
): Promise<T> {
  const { config, names } = client;
  const [state, nonce, verifier] = [oidc.randomState(), oidc.randomNonce(), oidc.randomPKCECodeVerifier()];
  const url = oidc.buildAuthorizationUrl(config, {
    ...scope,
    ...client.parameters,
    redirect_uri: redirect,
    response_type: 'code',
    state,
    nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256'
  });
  const listener = await listen(new URL(redirect), state, names);
  const over = new AbortController();
  let isSignedIn = false;
  try {
    talk.show({
      kind: 'browser',
      url: client.shown(url.href),
      endsAt: new Date(clock.now() + LONGEST).toISOString()
    });
    const late = clock.sleep(LONGEST, AbortSignal.any([talk.signal, over.signal])).then(() => {
      throw new ProblemError(
        'credential-signin',
        `Nobody came back from ${names.host} in time, so the sign-in to ${names.label} has ended. Begin again; where JupyterLab runs on another machine than the browser, write "flow: device" in ${names.where}.`
      );
    });
    const back = await Promise.race([listener.back, late]);
    talk.show({ kind: 'provider' });
    const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
    const request = (): Promise<oidc.TokenEndpointResponse> =>
      oidc.authorizationCodeGrant(config, back, checks, client.parameters);
    const done = await finish(await client.tokens(request, { nonce }));
    isSignedIn = true;
    return done;
  } finally {
    over.abort();
    listener.close(isSignedIn);
  }
}
