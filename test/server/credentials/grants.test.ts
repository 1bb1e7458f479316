import { copyFileSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import type { CredentialProvider, Grant } from '../../../server/credentials/ports.js';
import { createRecorder } from '../../../server/credentials/endpoint/recorder.js';
import { drive } from '../../support/credentials/headless.js';
import { CLIENT, startOidcServer } from '../../support/credentials/oidcServer.js';
import type { OidcServer } from '../../support/credentials/oidcServer.js';
import { stsTwin } from '../../support/credentials/stsTwin.js';
import { awsKeys, call, hastyClock, oidcProfile, signIn as signInTo } from './oidcSupport.js';
import { ada, bench, HOUR, madeProvider, MINUTE, testClock } from './support.js';

const SCHEDULE = '01HZZZZZZZZZZZZZZZZZZZZZZ1';
const OTHER = '01HZZZZZZZZZZZZZZZZZZZZZZ2';
const wish = { schedule: SCHEDULE, name: 'Morning delays', profile: 'dev' };

/** `dev` renews by itself and takes each refresh token once; `prod` is chosen for kernels. */
function start(more: Partial<CredentialProvider> = {}) {
  const clock = testClock();
  const used = new Set<string>();
  const [made, prod] = [madeProvider(clock, 'dev', more), madeProvider(clock, 'prod')];
  const dev: CredentialProvider = {
    ...made,
    ...(made.renew !== undefined && {
      async renew(grant: Grant, ...rest) {
        const { refreshToken } = grant.renewal as { refreshToken: string };
        if (used.has(refreshToken)) throw new ProblemError('credential-signin', 'It was withdrawn. Sign in again.');
        used.add(refreshToken);
        const newer = await made.renew!(grant, ...rest);
        return { ...newer, renewal: { refreshToken: `after-${refreshToken}` } };
      }
    })
  };
  const at = bench({ dev, prod }, { clock });
  const keyOf = async (id: string) => (await at.grants.handOut(id)).keys.secretAccessKey;
  const events = async () =>
    (await at.audit.report(100)).entries.map(({ event, schedule }) => (schedule === undefined ? event : `${event} *`));
  return { ...at, clock, made, dev, prod, keyOf, events };
}

describe('a schedule that may use a profile', () => {
  test('gets keys of its own, after the person has switched and when keys ended; the session renews beside it', async () => {
    const { grants, signIn, clock, service, sessions, keyOf, made } = start();
    await signIn('dev', { role: 'reader' });
    await grants.permit(wish, 'ada');
    const [{ id, role, state } = { id: '' }] = await grants.told();
    expect([role, state]).toEqual(['reader', 'ready']);
    expect(await grants.ready(wish)).toBe(id);
    const first = await keyOf(id);
    expect((await sessions.current(await sessions.profile('dev')))?.grant.keys).not.toMatchObject({
      secretAccessKey: first
    });

    // Another role for the kernels is none for the schedule.
    await service.takeRole(ada, 'dev', 'admin');
    await signIn('prod');
    clock.move(3 * HOUR);
    const out = await grants.handOut(id);
    expect(out).toMatchObject({ schedule: SCHEDULE, session: { id, grant: { role: 'reader' } } });
    expect(out.keys.secretAccessKey).not.toBe(first);
    // Whoever comes after the other uses the newest refresh token: neither ends the other.
    for (let round = 0; round < 3; round++) {
      clock.move(2 * HOUR);
      const [own] = await Promise.all([keyOf(id), service.refresh(ada, 'dev')]);
      expect(await keyOf(id)).toBe(own);
      expect((await sessions.current(await sessions.profile('dev')))?.grant).toMatchObject({ role: 'admin' });
    }
    // Many at once ask the provider once.
    clock.move(2 * HOUR);
    const before = made.renewals;
    const all = await Promise.all(Array.from({ length: 50 }, () => keyOf(id)));
    expect(new Set(all).size).toBe(1);
    expect(made.renewals).toBe(before + 1);
  });

  test('loses it at once when it is revoked, changed or when the owner signs out; who signs in again gives it back', async () => {
    const { grants, signIn, service, keyOf, events, dev, prod, directory, clock } = start();
    await signIn('dev');
    await grants.permit(wish, 'ada');
    await grants.permit({ ...wish, name: 'Later' }, 'ada');
    const [{ id, name } = { id: '', name: '' }, ...more] = await grants.told();
    expect([name, more]).toEqual(['Later', []]);
    await service.signOut(ada, 'dev');
    const sentence = 'Nobody is signed in to dev: the owner must sign in again. Open Credentials';
    await expect(keyOf(id)).rejects.toMatchObject({ code: 'credential-signin' });
    await expect(grants.ready(wish)).rejects.toThrow(sentence);
    expect((await service.overview(ada)).grants).toMatchObject([{ id, state: 'stopped' }]);
    await signIn('dev');
    expect(await grants.ready(wish)).toBe(id);

    // A process that starts later knows it too, and what it revokes ends everywhere at once.
    const later = bench({ dev, prod }, { directory, clock });
    expect(await later.grants.ready(wish)).toBe(id);
    expect(await keyOf(id)).toMatch(/^secret-of-dev/);
    await later.service.revoke(ada, id);
    await expect(keyOf(id)).rejects.toThrow('may not use the profile any more');
    await expect(grants.ready(wish)).rejects.toThrow('the owner must sign in again and save the schedule');
    await expect(service.revoke(ada, id)).rejects.toMatchObject({ code: 'not-found' });

    // Another profile is another grant: a run under way does not change its account.
    await signIn('prod');
    await grants.permit(wish, 'ada');
    const [{ id: former } = { id: '' }] = await grants.told();
    await grants.permit({ ...wish, profile: 'prod' }, 'ada');
    await expect(keyOf(former)).rejects.toThrow('may not use');
    await expect(grants.ready(wish)).rejects.toThrow('the owner must sign in again');
    await grants.withdraw(SCHEDULE, 'ada');
    expect(await grants.told()).toEqual([]);
    expect((await events()).filter(event => event.endsWith('*'))).toEqual([
      'revoked *',
      'revoked *',
      'permitted *',
      'permitted *',
      'revoked *',
      'permitted *'
    ]);
  });

  test('stops with a sentence where somebody else signs in, where nothing renews any more, and where the provider refuses', async () => {
    const { grants, made, sessions, clock } = start();
    const dev = await sessions.profile('dev');
    const as = async (name: string, until?: number): Promise<void> => {
      const grant = await made.signIn({}, undefined as never);
      const end = until === undefined ? {} : { renewableUntil: until };
      await sessions.install(dev, { ...grant, ...end, identity: { name } }, name);
    };
    await as('ada', clock.now() + 2 * HOUR);
    await grants.permit(wish, 'ada');
    await as('ada', clock.now() + 2 * HOUR);
    expect(await grants.told()).toMatchObject([{ state: 'ready', until: '2026-11-22T11:12:00.000Z' }]);
    const end = Date.UTC(2026, 10, 22, 11, 12);
    expect(await grants.outlook(wish)).toEqual({ until: end, endsSoon: false });
    clock.move(HOUR);
    expect(await grants.outlook(wish)).toEqual({ until: end, endsSoon: true });
    await as('bob');
    expect(await grants.outlook(wish)).toMatchObject({ trouble: expect.stringContaining('sign in again') as string });
    await expect(grants.ready(wish)).rejects.toThrow('bob is signed in to dev, and ada saved it: the owner must sign');
    await as('ada', clock.now() + 2 * HOUR);
    clock.move(3 * HOUR);
    await expect(grants.ready(wish)).rejects.toThrow('cannot be renewed any more: the owner must sign in again');
    await as('ada');
    const fresh = await made.signIn({}, undefined as never);
    made.fail = new ProblemError('credential-signin', 'The sign-in was withdrawn. Sign in again.');
    await expect(grants.ready(wish)).rejects.toThrow(/^The sign-in was withdrawn: the owner must sign in again\. Open/);
    await sessions.install(dev, { ...fresh, identity: { name: 'ada' } }, 'ada');
    made.fail = new ProblemError('credential-unreachable', 'The provider does not answer.');
    await expect(grants.ready(wish)).rejects.toMatchObject({ code: 'credential-unreachable' });
  });

  test('is refused before it is saved, with the cure: nobody there, a database, a name that is none, keys that only people renew', async () => {
    const by = (more: Partial<CredentialProvider>): CredentialProvider => madeProvider(testClock(), 'x', more);
    const mfa = by({});
    const give = mfa.signIn.bind(mfa);
    mfa.signIn = async (...given) => ({ ...(await give(...given)), renews: false });
    const lapsed = by({
      renew: () => Promise.reject(new ProblemError('credential-signin', 'It ended. Sign in again.'))
    });
    const down = by({ renew: () => Promise.reject(new ProblemError('credential-unreachable', 'It is down.')) });
    const key = { kind: 'aws' as const, accessKeyId: 'AKIA1', secretAccessKey: 'of-a-file' };
    const ambient = by({ ambient: () => Promise.resolve({ keys: key, identity: { name: 'ci' } }) });
    const { grants, signIn, service } = bench({ mfa, db: by({ opens: 'database' }), lapsed, down, ambient });
    const permit = (profile: string, schedule = SCHEDULE): Promise<void> =>
      grants.permit({ ...wish, schedule, profile }, 'ada');
    await expect(permit('mfa')).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('Sign in') as string
    });
    await expect(permit('db')).rejects.toThrow('Write one of: mfa, lapsed, down, ambient.');
    await expect(permit('none')).rejects.toThrow('credentials names "none", which is no profile with keys of AWS');
    for (const id of ['mfa', 'lapsed', 'down']) await signIn(id);
    await expect(permit('mfa')).rejects.toThrow('only while somebody is there. Name another profile or role');
    await expect(permit('lapsed')).rejects.toThrow('It ended: the owner must sign in again');
    expect(await grants.told()).toEqual([]);
    expect((await grants.standings()).map(({ profile, needsSignIn }) => [profile.id, needsSignIn])).toEqual([
      ['mfa', true],
      ['lapsed', false],
      ['down', false],
      ['ambient', false]
    ]);
    // A provider that is down now may be up when it is due; keys without a sign-in are never kept.
    await permit('down');
    await permit('ambient', OTHER);
    const [, { id } = { id: '' }] = await grants.told();
    expect((await grants.handOut(id)).keys).toEqual(key);
    await service.signOut(ada, 'ambient');
    await expect(grants.handOut(id)).rejects.toThrow('the owner must sign in again');
  });

  test('is kept sealed for its owner alone, without a key; hand-outs are recorded with the schedule; nothing stays of what is gone', async () => {
    const { grants, signIn, directory, audit, log, clock, made } = start();
    await signIn('dev');
    await grants.permit(wish, 'ada');
    const folder = join(directory, 'grants');
    const [file = ''] = readdirSync(folder);
    const text = readFileSync(join(folder, file), 'utf8');
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    for (const secret of ['refresh-of', 'secret-of', 'token-of', 'Morning', SCHEDULE, 'reader', 'ada']) {
      expect(text).not.toContain(secret);
    }
    const recorder = createRecorder(audit, log);
    const [{ id } = { id: '' }] = await grants.told();
    const peer = { pid: 7, started: '1', program: 'python3' };
    for (let time = 0; time < 3; time++) recorder.handedOut(await grants.handOut(id), peer, true);
    await recorder.close();
    const { entries, whole } = await audit.report(10);
    expect(whole).toBe(true);
    expect(entries.filter(({ event }) => event === 'handed-out')).toMatchObject([
      { session: id, issue: 1, schedule: SCHEDULE, process: { pid: 7 } }
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/secret-of|refresh-of|token-of/);

    // Under another name it opens nothing.
    copyFileSync(join(folder, file), join(folder, `${OTHER}.json`));
    expect(await grants.told()).toHaveLength(1);
    await expect(grants.handOut(OTHER)).rejects.toThrow('may not use the profile any more');
    rmSync(join(folder, `${OTHER}.json`));

    await grants.sweep(() => false);
    expect(readdirSync(folder)).toHaveLength(1);
    clock.move(HOUR + MINUTE);
    await grants.sweep(schedule => schedule === SCHEDULE);
    expect(readdirSync(folder)).toHaveLength(1);
    await grants.sweep(() => false);
    expect(readdirSync(folder)).toEqual([]);
    expect(made.given).toBeLessThan(5);
  });
});

describe('with a real provider that takes each refresh token once', () => {
  let server: OidcServer;
  beforeAll(async () => {
    server = await startOidcServer({});
  });
  afterAll(() => server.close());

  test('session and schedule renew in turns, with roles of their own, and the end of one is the end of both', async () => {
    const clock = hastyClock();
    const twin = await stsTwin(clock, { trusted: { issuer: server.issuer, audience: CLIENT } });
    const dev = oidcProfile(server.issuer, twin.url, clock);
    const { grants, sessions, service } = bench({ dev }, { clock });
    const { grant } = await signInTo(dev, step =>
      drive(('verificationUriComplete' in step && step.verificationUriComplete) || '', {
        login: 'ada',
        code: server.code
      })
    );
    const profile = await sessions.profile('dev');
    await sessions.install(profile, grant, 'ada');
    await grants.permit(wish, 'ada');
    const [{ id } = { id: '' }] = await grants.told();
    await service.takeRole(ada, 'dev', 'admin');
    for (const round of ['3', '4', '5']) {
      // Each permission and each refresh takes a refresh token from the provider.
      const other = { ...wish, schedule: SCHEDULE.replace(/.$/, round) };
      await Promise.all([grants.permit(other, 'ada'), service.refresh(ada, 'dev')]);
      const out = await grants.handOut((await grants.told()).at(-1)?.id ?? '');
      expect(out.session.grant.identity.arn).toContain('assumed-role/admin/');
      expect(twin.accepts(out.keys)).toBe(true);
      const session = await sessions.current(profile);
      expect(session?.grant.role).toBe('admin');
      expect(twin.accepts(awsKeys(session?.grant))).toBe(true);
    }
    expect((await grants.handOut(id)).session.grant.identity.arn).toContain('assumed-role/reader/');
    const last = await sessions.current(profile);
    await dev.end?.(last!.grant, call);
    await expect(grants.permit({ ...wish, schedule: OTHER }, 'ada')).rejects.toThrow('the owner must sign in again');
  });
});
