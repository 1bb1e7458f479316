import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { onTestFinished } from 'vitest';
import { CLIENT } from './oidcServer.js';

// A provider of ours that lies on purpose: what no real one can be brought to do. It speaks the device flow alone.

export interface LyingProvider {
  issuer: string;
  /** What it puts in the place of the truth. */
  lies: {
    discovery?: object;
    device?: object;
    claims?: Record<string, unknown>;
    header?: Record<string, unknown>;
    /** Who signs instead: another key, nobody, or a secret that both know. */
    signer?: 'other' | 'none' | 'secret';
    /** Changes a token that was signed. */
    token?: (token: string) => string;
    keys?: JWK[];
  };
  /** Answers that come instead of its own, by their path. */
  instead: Partial<Record<string, ((response: ServerResponse) => void)[]>>;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** How clients said who they are. */
  authorizations: string[];
}

let keys: Promise<{ own: CryptoKey; other: CryptoKey; published: JWK }> | undefined;

async function makeKeys(): Promise<{ own: CryptoKey; other: CryptoKey; published: JWK }> {
  const [own, other] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const published = { ...(await exportJWK(own.publicKey)), kid: 'one', alg: 'RS256', use: 'sig' };
  return { own: own.privateKey, other: other.privateKey, published };
}

/** Starts one on this machine for the test. */
export async function lyingProvider(): Promise<LyingProvider> {
  const { own, other, published } = await (keys ??= makeKeys());
  const server = createServer((request, response) => {
    response.setHeader('Content-Type', 'application/json');
    const path = request.url?.split('?')[0] ?? '';
    liar.asked.push(path);
    if (request.headers.authorization !== undefined) liar.authorizations.push(request.headers.authorization);
    request.resume();
    const instead = liar.instead[path]?.shift();
    if (instead !== undefined) instead(response);
    else answer(path).then(body => response.end(JSON.stringify(body)), fail(response));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const liar: LyingProvider = { issuer, lies: {}, instead: {}, asked: [], authorizations: [] };

  async function identity(): Promise<string> {
    const { claims, header, signer, token = (text: string) => text } = liar.lies;
    const now = Math.floor(Date.now() / 1000);
    const all = { iss: issuer, aud: CLIENT, sub: 'ada', iat: now, exp: now + 600, ...claims };
    // JSON leaves out what is undefined.
    const payload = JSON.parse(JSON.stringify(all)) as Record<string, unknown>;
    const base64 = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
    if (signer === 'none') return token(`${base64({ alg: 'none' })}.${base64(payload)}.`);
    const jwt = new SignJWT(payload);
    if (signer === 'secret') {
      return token(
        await jwt.setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(new TextEncoder().encode(CLIENT.repeat(8)))
      );
    }
    jwt.setProtectedHeader({ alg: 'RS256', kid: 'one', ...header });
    return token(await jwt.sign(signer === 'other' ? other : own));
  }

  async function answer(path: string): Promise<object> {
    switch (path) {
      case '/.well-known/openid-configuration':
        return {
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          device_authorization_endpoint: `${issuer}/device/auth`,
          jwks_uri: `${issuer}/jwks`,
          id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
          ...liar.lies.discovery
        };
      case '/jwks':
        return { keys: liar.lies.keys ?? [published] };
      case '/device/auth':
        return {
          device_code: 'device-code-of-the-test',
          user_code: 'ABCD-EFGH',
          verification_uri: `${issuer}/device`,
          expires_in: 600,
          interval: 1,
          ...liar.lies.device
        };
      case '/token': {
        const id_token = await identity();
        return {
          access_token: 'opaque',
          token_type: 'Bearer',
          expires_in: 600,
          refresh_token: 'refresh-of-the-test',
          id_token
        };
      }
      default:
        throw new Error(`nothing at ${path}`);
    }
  }
  return liar;
}

function fail(response: ServerResponse): (error: unknown) => void {
  return error => {
    response.statusCode = 500;
    response.end(String(error));
  };
}
