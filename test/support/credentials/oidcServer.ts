import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';
import { totp } from './totp.js';

// A real identity provider, npm oidc-provider, in this process. Its pages ask for a name and for the six digits of a
// device, each of which counts once.

export const CLIENT = 'lakeside';
export const API = 'urn:lakeside:lake';

export interface OidcServer {
  issuer: string;
  /** What the person's device shows now. */
  code: () => string;
  /** Requests as they came: method and path. */
  asked: string[];
  /** Every token and device code that it gave. */
  given: string[];
  close(): Promise<void>;
}

export interface OidcServerOptions {
  redirects?: string[];
  /** Seconds that a device code lives. */
  deviceLife?: number;
  /** A private key, as JSON has it, which signs instead of one of its own. */
  key?: object;
  /** Seconds between two questions for a device code; the provider by itself says nothing. */
  interval?: number;
}

/** Starts one on this machine. */
export async function startOidcServer(options: OidcServerOptions = {}): Promise<OidcServer> {
  const asked: string[] = [];
  const given: string[] = [];
  let answer: RequestListener = (_, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?')[0]}`);
    answer(request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { interval, deviceLife = 600, redirects = ['http://127.0.0.1:17645/callback'] } = options;
  const key = options.key ?? { ...signingKey(), kid: 'one', use: 'sig', alg: 'RS256' };
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
        response_types: ['code'],
        redirect_uris: redirects
      }
    ],
    jwks: { keys: [key] },
    cookies: { keys: ['of-the-tests'] },
    claims: { openid: ['sub', 'preferred_username'] },
    conformIdTokenClaims: false,
    scopes: ['openid', 'offline_access', 'lake'],
    ttl: {
      IdToken: 600,
      AccessToken: 600,
      DeviceCode: deviceLife,
      RefreshToken: 86_400,
      Session: 600,
      Grant: 86_400,
      Interaction: 600
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: 'lake',
          audience: 'lake',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'RS256' } }
        })
      }
    },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, preferred_username: `${id}@example.org` })
    })
  });
  provider.use(async (context, next) => {
    await next();
    if (context.path === '/device/auth' && interval !== undefined) context.body = { ...context.body, interval };
    if (!['/device/auth', '/token'].includes(context.path)) return;
    const all = context.body as Record<string, string | undefined>;
    const secrets = ['device_code', 'id_token', 'access_token', 'refresh_token'].map(name => all[name]);
    given.push(...secrets.filter(secret => secret !== undefined));
  });
  const device = randomBytes(20);
  const pages = interactions(provider, device);
  const rest = provider.callback();
  answer = (request, response) => {
    const done = request.url?.startsWith('/interaction/') ? pages(request, response) : rest(request, response);
    done.catch((error: unknown) => response.writeHead(500).end(String(error)));
  };
  return {
    issuer,
    code: () => totp(device, Date.now()),
    asked,
    given,
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    }
  };
}

let made: object | undefined;

/** One for all: making it takes a while. */
export function signingKey(): object {
  made ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' });
  return made;
}

/** The provider's pages: who somebody is, with a second factor, and whether Lakeside may act for them. */
function interactions(provider: Provider, device: Buffer): (q: IncomingMessage, r: ServerResponse) => Promise<void> {
  const used = new Set<string>();

  function page(response: ServerResponse, prompt: string, trouble = ''): void {
    const fields = prompt === 'login' ? '<input name="login"><input name="code">' : '';
    response.setHeader('Content-Type', 'text/html');
    response.end(
      `<h1>${prompt}</h1><p class="trouble">${trouble}</p><form method="post" action="">${fields}<button>Continue</button></form>`
    );
  }

  return async (request, response) => {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (request.method === 'GET') {
      page(response, prompt.name);
      return;
    }
    const form = new URLSearchParams(await text(request));
    if (form.has('deny')) {
      const result = { error: 'access_denied', error_description: 'The person said no.' };
      await provider.interactionFinished(request, response, result);
    } else if (prompt.name === 'login') {
      const code = form.get('code') ?? '';
      const isRight = [0, -30_000, 30_000].some(offset => totp(device, Date.now() + offset) === code);
      const use = `${form.get('login')} ${code}`;
      if (!isRight || used.has(use)) {
        page(response, 'login', isRight ? 'used already' : 'wrong code');
        return;
      }
      used.add(use);
      const result = { login: { accountId: form.get('login') ?? '', amr: ['otp'] } };
      await provider.interactionFinished(request, response, result);
    } else {
      const of = { accountId: session?.accountId ?? '', clientId: params['client_id'] ?? '' };
      const grant = new provider.Grant(of);
      grant.addOIDCScope(params['scope'] ?? 'openid');
      const { missingResourceScopes = {} } = prompt.details;
      for (const [resource, scopes] of Object.entries(missingResourceScopes)) {
        grant.addResourceScope(resource, [scopes].flat().join(' '));
      }
      await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } });
    }
  };
}

async function text(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
