import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Grant } from '../../../server/credentials/ports.js';
import { drive } from '../../support/credentials/headless.js';
import { API, CLIENT, startOidcServer } from '../../support/credentials/oidcServer.js';
import type { OidcServer } from '../../support/credentials/oidcServer.js';
import { ROLES, stsTwin, USER } from '../../support/credentials/stsTwin.js';
import { freePort } from '../../support/s3/process.js';
import { awsKeys, call, hastyClock, oidcProfile, signIn } from './oidcSupport.js';

// A real provider (npm oidc-provider), with a second factor; a strict twin of STS that checks its tokens.

let server: OidcServer;
let redirect: string;

beforeAll(async () => {
  redirect = `http://127.0.0.1:${await freePort()}/callback`;
  server = await startOidcServer({ redirects: [redirect] });
});
afterAll(() => server.close());

/** Somebody who confirms what is shown. */
const person = (login: string, more: object = {}) => ({ login, code: server.code, ...more });
const confirm =
  (login: string, more: object = {}) =>
  (step: { kind: string; verificationUriComplete?: string | undefined; url?: string }) =>
    drive(step.verificationUriComplete ?? step.url ?? '', person(login, more));

async function start(more: object = {}) {
  const clock = hastyClock();
  const twin = await stsTwin(clock, { trusted: { issuer: server.issuer, audience: CLIENT } });
  return { clock, twin, provider: oidcProfile(server.issuer, twin.url, clock, { redirect, ...more }) };
}

describe('by a code that is confirmed on any device', () => {
  test('a person with a second factor gets keys, newer ones without being asked, and other roles; the end is told', async () => {
    const { provider, twin, clock } = await start();
    // The first code is wrong, the second right.
    const codes = [String((Number(server.code()) + 1) % 1_000_000).padStart(6, '0'), server.code()];
    const { grant, steps } = await signIn(provider, confirm('ada', { code: () => codes.shift() ?? '' }));
    expect(codes).toEqual([]);
    expect(steps[1]).toMatchObject({
      kind: 'device',
      verificationUri: `${server.issuer}/device`,
      userCode: expect.stringMatching(/^\w{4}-\w{4}$/) as string
    });
    expect(grant).toMatchObject({
      role: 'reader',
      renews: true,
      identity: {
        name: 'ada@example.org',
        arn: `arn:aws:sts::${USER.account}:assumed-role/reader/lakeside-ada@example.org`,
        account: USER.account
      }
    });
    expect(twin.accepts(awsKeys(grant))).toBe(true);
    // As often as the standard says; what renews never goes to STS.
    expect(clock.waits.every(wait => wait >= 5000)).toBe(true);
    const { refreshToken } = grant.renewal as { refreshToken: string };
    expect(refreshToken).toMatch(/\w{20}/);
    expect(twin.seen.join()).not.toContain(refreshToken);

    const newer = await provider.renew?.(grant, {}, call);
    expect(newer?.role).toBe('reader');
    expect(awsKeys(newer).accessKeyId).not.toBe(awsKeys(grant).accessKeyId);
    const admin = await provider.renew?.(newer as Grant, { role: 'admin' }, call);
    expect(admin).toMatchObject({ role: 'admin', identity: { name: 'ada@example.org' } });
    expect(admin?.keys.expiresAt).toBeLessThan(Date.now() + 16 * 60_000);
    expect(await provider.roles?.(admin, call)).toMatchObject([
      { id: 'reader', arn: ROLES.reader },
      { label: 'admin' }
    ]);

    twin.allowed.delete(ROLES.admin);
    await expect(provider.renew?.(admin as Grant, {}, call)).rejects.toMatchObject({
      code: 'credential-refused',
      message: expect.stringContaining('does not allow dev to take this role') as string
    });
    // The refused renewal used the refresh token up; what came for it was not lost.
    const again = await provider.renew?.(admin as Grant, { role: 'reader' }, call);
    expect(twin.accepts(awsKeys(again))).toBe(true);

    await provider.end?.(again as Grant, call);
    await expect(provider.renew?.(again as Grant, {}, call)).rejects.toMatchObject({
      code: 'credential-signin',
      message: expect.stringContaining('has ended or was withdrawn. Sign in again.') as string
    });
  });

  test('a refresh token that was taken already renews nothing', async () => {
    const { provider } = await start();
    const { grant } = await signIn(provider, confirm('grace'));
    await provider.renew?.(grant, {}, call);
    await expect(provider.renew?.(grant, {}, call)).rejects.toMatchObject({ code: 'credential-signin' });
  });

  test('STS that asks to wait loses nothing, and without a refresh token the session ends with its token', async () => {
    const { provider, twin } = await start();
    const { grant } = await signIn(provider, confirm('edsger'));
    twin.next.push(response => {
      response.statusCode = 400;
      response.end('<ErrorResponse><Error><Code>Throttling</Code></Error></ErrorResponse>');
    });
    await expect(provider.renew?.(grant, {}, call)).rejects.toMatchObject({ code: 'credential-busy' });
    expect(twin.accepts(awsKeys(await provider.renew?.(grant, {}, call)))).toBe(true);

    const short = await start({ scopes: ['openid'] });
    const { grant: once } = await signIn(short.provider, confirm('barbara'), { role: 'admin' });
    expect(once).toMatchObject({ renews: false, role: 'admin' });
    expect(once.renewableUntil).toBeGreaterThan(Date.now());
    expect(await short.provider.renew?.(once, { role: 'reader' }, call)).toMatchObject({ role: 'reader' });
    short.clock.ahead = 11 * 60_000;
    await expect(short.provider.renew?.(once, {}, call)).rejects.toMatchObject({ code: 'credential-signin' });
    await short.provider.end?.(once, call);
  });

  test.each(['device', 'login', 'consent'] as const)('who says no at the page %s is not signed in', async denies => {
    const { provider, twin } = await start();
    const refused = signIn(provider, confirm(`no-${denies}`, { denies }));
    await expect(refused).rejects.toMatchObject({
      code: 'credential-refused',
      message: expect.stringContaining('The sign-in to dev was denied at 127.0.0.1') as string
    });
    expect(twin.calls).toEqual([]);
  });

  test('an access token that is a JWT of an API opens roles too', async () => {
    const clock = hastyClock();
    const twin = await stsTwin(clock, { trusted: { issuer: server.issuer, audience: 'lake' } });
    const settings = { token: 'access', audience: 'lake', resource: API, scopes: ['openid', 'offline_access', 'lake'] };
    const provider = oidcProfile(server.issuer, twin.url, clock, settings);
    const { grant } = await signIn(provider, confirm('donald'));
    expect(twin.accepts(awsKeys(grant))).toBe(true);
    expect(twin.accepts(awsKeys(await provider.renew?.(grant, {}, call)))).toBe(true);
    // One that is for nobody to read is told before STS is asked.
    const opaque = oidcProfile(server.issuer, twin.url, clock, { token: 'access' });
    await expect(signIn(opaque, confirm('niklaus'))).rejects.toThrow(/the access token of .* is no JWT/);
    expect(twin.calls).toHaveLength(2);
  });

  test('whoever cancels stops the questions', async () => {
    const { provider, clock } = await start();
    const stop = new AbortController();
    const waiting = signIn(provider, async () => stop.abort(), { signal: stop.signal });
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(clock.waits.length).toBeLessThan(2);
    await expect(signIn(provider, confirm('ada'), { role: 'nobody' })).rejects.toThrow('There is: reader, admin.');
  });
});

describe('by a page that comes back to this machine', () => {
  const knock = (path: string, host: string, method = 'GET') =>
    new Promise<number>((resolve, reject) => {
      const asked = request(new URL(path, redirect), { method, headers: { host } }, answer => {
        answer.resume();
        resolve(answer.statusCode ?? 0);
      });
      asked.on('error', reject).end();
    });

  test('a person gets keys; only the answer to this sign-in counts, once', async () => {
    const { provider, twin } = await start({ flow: 'code' });
    const { host } = new URL(redirect);
    expect(provider.method).toBe('browser');
    let state = '';
    const { grant, steps } = await signIn(provider, async step => {
      const url = new URL((step as { url: string }).url);
      state = url.searchParams.get('state') ?? '';
      expect(url.searchParams.get('code_challenge_method')).toBe('S256');
      expect(await knock(`/callback?code=x&state=wrong`, host)).toBe(400);
      expect(await knock(`/callback?code=x&state=${state}`, 'evil.example')).toBe(421);
      expect(await knock(`/other?code=x&state=${state}`, host)).toBe(404);
      expect(await knock(`/callback?code=x&state=${state}`, host, 'POST')).toBe(404);
      // A second sign-in cannot listen there meanwhile.
      await expect(signIn(provider, () => Promise.resolve())).rejects.toThrow(/another sign-in or program is there/);
      const { page, visited } = await drive(url.href, person('alan'));
      expect(page).toContain('You are signed in to dev.');
      expect(visited.at(-1)).toContain(redirect);
    });
    expect(steps.map(({ kind }) => kind)).toEqual(['provider', 'browser', 'provider']);
    expect(twin.accepts(awsKeys(grant))).toBe(true);
    await expect(knock(`/callback?code=x&state=${state}`, host)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(twin.accepts(awsKeys(await provider.renew?.(grant, {}, call)))).toBe(true);
  });

  test('who says no, and a role that is gone, read so on the page too', async () => {
    const { provider, twin } = await start({ flow: 'code' });
    const pages: string[] = [];
    const noted =
      (login: string, more: object = {}) =>
      async (step: { kind: string; url?: string }) =>
        pages.push((await confirm(login, more)(step)).page);
    await expect(signIn(provider, noted('eve', { denies: 'consent' }))).rejects.toThrow(
      /was denied at .* The person said no/
    );
    twin.allowed.clear();
    await expect(signIn(provider, noted('kurt'))).rejects.toThrow(/take this role/);
    await expect.poll(() => pages.length).toBe(2);
    expect(pages.every(page => page.includes('You are not signed in to dev.'))).toBe(true);
  });
});

test('the doctor reads whether provider, clocks and STS are well', async () => {
  const { provider, twin, clock } = await start();
  expect((await provider.check(call)).map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
  clock.ahead = 90_000;
  expect(await provider.check(call)).toContainEqual({
    state: 'warning',
    detail: expect.stringMatching(/clock of this machine is (89|90|91) seconds ahead/) as string,
    cure: expect.stringContaining('Set the clock') as string
  });
  clock.ahead = 0;
  const elsewhere = oidcProfile(`${server.issuer}/elsewhere`, 'http://127.0.0.1:9', clock);
  expect(await elsewhere.check(call)).toMatchObject([
    { state: 'failed', detail: expect.stringContaining('Check "issuer" in profiles.dev') as string },
    { state: 'failed', detail: expect.stringContaining('127.0.0.1:9 does not answer') as string }
  ]);
  expect(twin.calls).toEqual([]);
});
