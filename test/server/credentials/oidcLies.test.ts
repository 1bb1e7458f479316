import type { ServerResponse } from 'node:http';
import { describe, expect, test } from 'vitest';
import type { SignIn } from '../../../contract/credentials/index.js';
import { OidcSettings } from '../../../server/adapters/credential-oidc/plugin.js';
import { lyingProvider } from '../../support/credentials/lyingProvider.js';
import { CLIENT } from '../../support/credentials/oidcServer.js';
import { ROLES, stsTwin } from '../../support/credentials/stsTwin.js';
import { awsKeys, call, hastyClock, oidcProfile, signIn } from './oidcSupport.js';
import { ada, bench } from './support.js';

// A provider of ours that lies as no real one does, and a strict twin of STS.

const nobody = (): Promise<void> => Promise.resolve();

async function start(more: object = {}) {
  const clock = hastyClock();
  const liar = await lyingProvider();
  const twin = await stsTwin(clock, { trusted: { issuer: liar.issuer, audience: CLIENT } });
  return { clock, liar, twin, provider: oidcProfile(liar.issuer, twin.url, clock, more) };
}
type At = Awaited<ReturnType<typeof start>>;

const refuse =
  (error: string, status = 400) =>
  (response: ServerResponse): void => {
    response.statusCode = status;
    response.end(JSON.stringify({ error }));
  };
const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
const discovery = '/.well-known/openid-configuration';

test('where it tells the truth it is believed', async () => {
  const { provider, twin, liar } = await start();
  const { grant } = await signIn(provider, nobody);
  expect(twin.accepts(awsKeys(grant))).toBe(true);
  // A renewal without a new identity token goes on with the old one while it holds.
  liar.instead['/token'] = [
    response => void response.end(JSON.stringify({ access_token: 'x', token_type: 'Bearer', refresh_token: 'second' }))
  ];
  const newer = await provider.renew?.(grant, {}, call);
  expect(newer?.renewal).toMatchObject({ refreshToken: 'second' });
});

describe('every lie has its sentence, and keys in force stay', () => {
  const cases: [string, (at: At) => void, string, RegExp][] = [
    [
      'another issuer',
      ({ liar }) => (liar.lies.claims = { iss: 'https://evil.example' }),
      'credential-refused',
      /names another issuer \(https:\/\/evil\.example\) than http.*Check "issuer" in profiles\.dev/
    ],
    [
      'another audience',
      ({ liar }) => (liar.lies.claims = { aud: 'somebody' }),
      'credential-refused',
      /is for somebody else \(somebody\), not for lakeside/
    ],
    ['no audience', ({ liar }) => (liar.lies.claims = { aud: undefined }), 'credential-refused', /does not say "aud"/],
    ['no end', ({ liar }) => (liar.lies.claims = { exp: undefined }), 'credential-refused', /does not say "exp"/],
    ['no subject', ({ liar }) => (liar.lies.claims = { sub: undefined }), 'credential-refused', /does not say "sub"/],
    [
      'an end that has passed',
      ({ liar }) => (liar.lies.claims = { exp: inSeconds(-31) }),
      'credential-refused',
      /has ended already\. Check the clock/
    ],
    [
      'a beginning to come',
      ({ liar }) => (liar.lies.claims = { nbf: inSeconds(45) }),
      'credential-refused',
      /does not hold yet/
    ],
    [
      'made in the future',
      ({ liar }) => (liar.lies.claims = { iat: inSeconds(45) }),
      'credential-refused',
      /was made in the future/
    ],
    ['not signed', ({ liar }) => (liar.lies.signer = 'none'), 'credential-refused', /is not signed/],
    [
      'signed with a shared secret',
      ({ liar }) => (liar.lies.signer = 'secret'),
      'credential-refused',
      /proves nothing here \(HS256\)/
    ],
    [
      'signed by another key',
      ({ liar }) => (liar.lies.signer = 'other'),
      'credential-refused',
      /has a wrong signature/
    ],
    [
      'a key nobody publishes',
      ({ liar }) => (liar.lies.header = { kid: 'two' }),
      'credential-refused',
      /key that the provider does not publish/
    ],
    [
      'claims that were changed',
      ({ liar }) => (liar.lies.token = changed),
      'credential-refused',
      /has a wrong signature/
    ],
    ['no JWT at all', ({ liar }) => (liar.lies.token = () => 'opaque'), 'credential-refused', /is no JWT/],
    ['encrypted', ({ liar }) => (liar.lies.token = () => 'a.b.c.d.e'), 'credential-refused', /is encrypted/],
    [
      'no keys published',
      ({ liar }) => (liar.instead['/jwks'] = [refuse('no', 404), refuse('no', 404)]),
      'credential-failed',
      /does not publish the keys/
    ],
    [
      'it calls itself another',
      ({ liar }) => (liar.lies.discovery = { issuer: 'https://evil.example' }),
      'credential-failed',
      /calls itself another issuer than dev expects: https:\/\/evil\.example/
    ],
    [
      'http to elsewhere',
      ({ liar }) => (liar.lies.discovery = { token_endpoint: 'http://evil.example/token' }),
      'credential-failed',
      /http:\/\/evil\.example, to which Lakeside sends nothing/
    ],
    [
      'a page that is a script',
      ({ liar }) => (liar.lies.device = { verification_uri: 'javascript:alert(1)' }),
      'credential-failed',
      /does not begin with https:\/\/, which Lakeside does not show/
    ],
    [
      'a redirect to another host',
      ({ liar }) => (liar.instead['/token'] = [r => void r.writeHead(307, { Location: 'http://localhost:9/' }).end()]),
      'credential-failed',
      /does not follow with a sign-in/
    ],
    [
      'an endless answer',
      ({ liar }) => (liar.instead[discovery] = [r => void r.end(Buffer.alloc(300 * 1024, 32))]),
      'credential-failed',
      /more than Lakeside reads/
    ],
    [
      'a page in the place of a document',
      ({ liar }) => (liar.instead[discovery] = [r => void r.setHeader('Content-Type', 'text/html').end('<html>')]),
      'credential-failed',
      /in a way that no identity provider does/
    ],
    [
      'no device codes',
      ({ liar }) => (liar.lies.discovery = { device_authorization_endpoint: undefined }),
      'credential-failed',
      /Write "flow: code" in profiles\.dev/
    ],
    [
      'a code nobody confirmed',
      ({ liar }) => (liar.instead['/token'] = [refuse('authorization_pending'), refuse('expired_token')]),
      'credential-signin',
      /Nobody confirmed the code for dev in time/
    ],
    [
      'a code that ends unsaid',
      ({ liar }) => (liar.lies.device = { expires_in: 0.001 }),
      'credential-signin',
      /Nobody confirmed the code for dev in time/
    ],
    [
      'a client it does not know',
      ({ liar }) => (liar.instead['/device/auth'] = [refuse('invalid_client', 401)]),
      'credential-refused',
      /Check "clientId", "clientSecret" and "flow"/
    ],
    [
      'scopes it does not have',
      ({ liar }) => (liar.instead['/device/auth'] = [refuse('invalid_scope')]),
      'credential-refused',
      /Check "scopes"/
    ],
    [
      'too many at once',
      ({ liar }) => (liar.instead[discovery] = [refuse('slow', 429)]),
      'credential-busy',
      /asks dev to wait/
    ],
    [
      'out of order',
      ({ liar }) => (liar.instead[discovery] = [refuse('down', 503)]),
      'credential-unreachable',
      /out of order \(503\)/
    ],
    [
      'hanging up',
      ({ liar }) => (liar.instead[discovery] = [r => void r.destroy()]),
      'credential-unreachable',
      /does not answer, so dev cannot sign in/
    ],
    [
      'a clock here that is an hour behind',
      ({ clock }) => (clock.ahead = -60 * 60_000),
      'credential-failed',
      /60 minutes behind, against that of 127/
    ],
    [
      'a clock here that is an hour ahead',
      ({ clock }) => (clock.ahead = 60 * 60_000),
      'credential-failed',
      /60 minutes ahead, against that of 127/
    ],
    [
      'STS that does not take the token',
      ({ twin }) =>
        twin.next.push(
          r =>
            void r
              .writeHead(400)
              .end('<Error><Code>InvalidIdentityToken</Code><Message>No provider found</Message></Error>')
        ),
      'credential-refused',
      /does not accept the identity of dev: No provider found/
    ]
  ];

  function changed(token: string): string {
    const [header, , signature] = token.split('.');
    const claims = { iss: 'x', aud: CLIENT, sub: 'root', exp: inSeconds(60) };
    return `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.${signature}`;
  }

  test.each(cases)('%s', async (_, prepare, code, sentence) => {
    const at = await start();
    const { signIn: begin, service } = bench({ dev: at.provider }, { clock: at.clock });
    const ended = async (): Promise<SignIn> => {
      const { id } = await begin('dev');
      await expect.poll(() => service.signInState(ada, id).state, { interval: 10 }).not.toBe('waiting');
      return service.signInState(ada, id);
    };
    expect(await ended()).toMatchObject({ state: 'succeeded' });
    const before = (await service.overview(ada)).profiles[0]?.session;
    expect(before?.identity.name).toBe('ada');
    prepare(at);
    const { state, trouble } = await ended();
    expect(state).toBe('failed');
    expect(trouble).toMatchObject({ code, message: expect.stringMatching(sentence) as string });
    expect(trouble?.message).not.toMatch(/device-code-of-the-test|refresh-of-the-test|eyJ/);
    expect((await service.overview(ada)).profiles[0]?.session).toEqual(before);
  });

  test('a wrong nonce of the page, and a renewal for another person', async () => {
    const { provider, liar } = await start();
    const { grant } = await signIn(provider, nobody);
    liar.lies.claims = { sub: 'eve' };
    await expect(provider.renew?.(grant, {}, call)).rejects.toThrow(/for another person, which Lakeside does not take/);
    delete liar.lies.claims;
    await provider.renew?.(grant, {}, call);

    const page = await start({ flow: 'code', redirect: 'http://127.0.0.1:17646/callback' });
    page.liar.lies.claims = { nonce: 'of-another-sign-in' };
    const back = async ({ url }: { url?: string }) => {
      const state = new URL(url ?? '').searchParams.get('state') ?? '';
      await fetch(`http://127.0.0.1:17646/callback?code=x&state=${encodeURIComponent(state)}`);
    };
    await expect(signIn(page.provider, back as never)).rejects.toThrow(/its nonce is another one\. Begin again/);
  });
});

test('it is asked as slowly as it says, and a short silence ends nothing', async () => {
  const { provider, liar, clock } = await start();
  liar.instead['/token'] = [
    refuse('authorization_pending'),
    refuse('slow_down'),
    refuse('down', 503),
    r => void r.destroy()
  ];
  await signIn(provider, nobody);
  expect(clock.waits).toEqual([1000, 1000, 6000, 12_000, 24_000]);
  // A provider that stays silent is not asked for ever.
  liar.instead['/token'] = Array.from({ length: 9 }, () => refuse('down', 503));
  await expect(signIn(provider, nobody)).rejects.toMatchObject({ code: 'credential-unreachable' });
  expect(liar.instead['/token']).toHaveLength(4);
});

test('a refresh token is not used up where the keys that sign cannot be had', async () => {
  const { provider, liar } = await start();
  const { grant } = await signIn(provider, nobody);
  const before = liar.asked.filter(path => path === '/token').length;
  liar.instead['/jwks'] = [refuse('down', 503)];
  await expect(provider.renew?.(grant, {}, call)).rejects.toMatchObject({ code: 'credential-unreachable' });
  expect(liar.asked.filter(path => path === '/token')).toHaveLength(before);
  await provider.renew?.(grant, {}, call);
});

test('who is silent for too long does not answer, whether provider or STS', async () => {
  const { provider, liar, twin } = await start();
  const { grant } = await signIn(provider, nobody);
  const soon = (): { signal: AbortSignal } => ({ signal: AbortSignal.timeout(150) });
  liar.instead['/token'] = [() => undefined];
  const silent = provider.renew?.(grant, {}, soon());
  await expect(silent).rejects.toMatchObject({ code: 'credential-unreachable' });
  twin.next.push(() => undefined);
  const busy = provider.renew?.(grant, {}, soon());
  await expect(busy).rejects.toMatchObject({ code: 'credential-unreachable' });
});

test('a confidential client says its secret in the header, and nowhere else', async () => {
  const { provider, liar } = await start({ clientSecret: { env: 'X' } });
  const { grant } = await signIn(provider, nobody);
  expect(grant.renews).toBe(true);
  const said = liar.authorizations.map(each => decodeURIComponent(Buffer.from(each.slice(6), 'base64').toString()));
  expect(new Set(said)).toEqual(new Set([`${CLIENT}:secret-of-the-client`]));
});

test('what settings may say', () => {
  const good = { issuer: 'https://id.example.org', clientId: 'x', roles: [{ id: 'r', arn: ROLES.reader }] };
  const ok = (more: object): boolean => OidcSettings.safeParse({ ...good, ...more }).success;
  expect(ok({})).toBe(true);
  expect(ok({ issuer: 'http://127.0.0.1:9' })).toBe(true);
  expect(ok({ issuer: 'http://id.example.org' })).toBe(false);
  expect(ok({ endpoint: 'http://sts.example.org' })).toBe(false);
  expect(ok({ clientSecret: 'in the open' })).toBe(false);
  expect(ok({ roles: [] })).toBe(false);
  expect(ok({ redirect: 'http://localhost:9000/back' })).toBe(true);
  for (const redirect of [
    'http://127.0.0.1/callback',
    'http://lab.example.org:9000/',
    'https://127.0.0.1:9000/',
    'http://127.0.0.1:9000/?a=b'
  ]) {
    expect(ok({ redirect })).toBe(false);
  }
});
