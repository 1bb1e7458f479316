import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createDatabaseProvider } from '../../../server/adapters/credential-database/index.js';
import { createStaticProvider } from '../../../server/adapters/credential-static/index.js';
import { CredentialsOverview } from '../../../contract/credentials/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { FailPoint } from '../../../server/ports.js';
import { stsTwin } from '../../support/credentials/stsTwin.js';
import { locksOf } from './locks.js';
import { ada, bench, HOUR, madeProvider, mfaProvider, MINUTE, profileOf, START, testClock } from './support.js';

const secrets = /secret-of|token-of|refresh-of/;

describe('a sign-in', () => {
  test('with a second factor: asks, tells of a wrong code, and makes the profile the active one', async () => {
    const clock = testClock();
    const twin = await stsTwin(clock);
    const { service, signIn } = bench({ dev: mfaProvider(twin, clock), prod: madeProvider(clock) }, { clock });
    expect(await service.overview(ada)).toMatchObject({ profiles: [{ state: 'signed-out', method: 'code' }, {}] });
    const asked = await signIn('dev', { role: 'reader' });
    expect(asked).toMatchObject({ state: 'waiting', step: { kind: 'code', device: 'ada', triesLeft: 3 } });
    await expect(service.answer(ada, asked.id, { kind: 'password', password: 'x' })).rejects.toMatchObject({
      code: 'conflict'
    });
    const wrong = await service.answer(ada, asked.id, { kind: 'code', code: '000000' });
    expect(wrong).toMatchObject({ state: 'waiting', step: { kind: 'code', triesLeft: 2 } });
    const done = await service.answer(ada, asked.id, { kind: 'code', code: twin.code() });
    expect(done).toMatchObject({ state: 'succeeded', role: 'reader' });
    const overview = CredentialsOverview.parse(await service.overview(ada));
    expect(overview).toMatchObject({
      active: 'dev',
      store: { key: 'file' },
      profiles: [
        {
          state: 'active',
          session: { identity: { name: 'ada' }, role: 'reader', renewable: true, expiresAt: '2026-11-22T10:12:00.000Z' }
        },
        { state: 'signed-out' }
      ]
    });
    // Nobody is asked again for a role.
    expect((await service.takeRole(ada, 'dev', 'admin')).session?.role).toBe('admin');
    expect(await service.roles(ada, 'dev', new AbortController().signal)).toMatchObject([
      { id: 'reader', current: false },
      { id: 'admin', current: true }
    ]);
    expect((await service.audit(ada, 10)).entries.map(({ event }) => event)).toEqual([
      'role-taken',
      'switched',
      'signed-in'
    ]);
  });

  test('in two tabs at once is one; the same request again too; then it is said that it is over', async () => {
    const clock = testClock();
    const twin = await stsTwin(clock);
    const { service, ids } = bench({ dev: mfaProvider(twin, clock) }, { clock });
    const first = { signInId: ids.next(), activate: true };
    const [one, two, again] = await Promise.all([
      service.signIn(ada, 'dev', first),
      service.signIn(ada, 'dev', { signInId: ids.next(), activate: true }),
      service.signIn(ada, 'dev', first)
    ]);
    expect(new Set([one.id, two.id, again.id])).toEqual(new Set([first.signInId]));
    expect((await service.overview(ada)).profiles[0]?.signIn).toBe(one.id);
    const answers = await Promise.allSettled([
      service.answer(ada, one.id, { kind: 'code', code: twin.code() }),
      service.answer(ada, one.id, { kind: 'code', code: twin.code() })
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(service.signInState(ada, one.id).state).toBe('succeeded');
    expect(twin.calls.filter(action => action === 'GetSessionToken')).toHaveLength(1);
    expect(() => service.signInState(ada, ids.next())).toThrow('Begin again.');
  });

  test('that fails, is cancelled or refused leaves the old keys in force', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const { service, signIn, handOuts } = bench({ dev }, { clock });
    await signIn('dev');
    const before = await handOuts.aws('active');
    dev.fail = new ProblemError('credential-refused', 'It says no to secret-of-dev-1. Ask somebody.');
    expect(await signIn('dev')).toMatchObject({
      state: 'failed',
      trouble: { code: 'credential-refused', message: 'It says no to [secret]. Ask somebody.' }
    });
    dev.fail = undefined;
    const hold = Promise.withResolvers<undefined>();
    dev.hold = hold.promise as Promise<unknown> as Promise<void>;
    const waiting = await signIn('dev');
    service.cancelSignIn(ada, waiting.id);
    hold.resolve(undefined);
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(service.signInState(ada, waiting.id).state).toBe('cancelled');
    expect((await handOuts.aws('active')).keys).toEqual(before.keys);
  });
});

describe('renewal', () => {
  test('thirteen hours of work without a refusal, and one request for new keys at a time', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const { signIn, handOuts, renewal } = bench({ dev }, { clock });
    await signIn('dev');
    let asked = 0;
    for (let minute = 0; minute < 13 * 60; minute++) {
      clock.move(MINUTE);
      await renewal.look();
      const all = await Promise.all(Array.from({ length: 5 }, () => handOuts.aws('active')));
      for (const { keys, expiresAt } of all) {
        expect(keys.expiresAt).toBeGreaterThan(clock.now());
        expect(expiresAt).toBeLessThanOrEqual(Math.min(keys.expiresAt ?? 0, clock.now() + 15 * MINUTE));
        asked++;
      }
    }
    expect(asked).toBe(3900);
    // Each hour's keys are renewed 20 minutes before their end.
    expect(dev.renewals).toBe(Math.floor((13 * 60) / 40));
  });

  test('1,000 who ask after the end wait for one request', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const { signIn, handOuts } = bench({ dev }, { clock });
    await signIn('dev');
    clock.move(HOUR);
    const all = await Promise.all(Array.from({ length: 1000 }, () => handOuts.aws('active')));
    expect(dev.renewals).toBe(1);
    for (const { keys } of all) {
      const mark = keys.accessKeyId.slice('ASIA-'.length);
      expect(keys).toMatchObject({ secretAccessKey: `secret-of-${mark}`, sessionToken: `token-of-${mark}` });
      expect(mark).toBe('dev-2');
    }
  });

  test('two processes of a home renew once', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const one = bench({ dev }, { clock });
    const { exclusive } = locksOf(one.directory, clock);
    const [first, second] = [0, 1].map(() =>
      bench({ dev }, { clock, directory: one.directory, exclusive: exclusive() })
    );
    if (first === undefined || second === undefined) throw new Error('both are there');
    await first.signIn('dev');
    clock.move(HOUR - MINUTE);
    await Promise.all([first.renewal.look(), second.renewal.look()]);
    expect(dev.renewals).toBe(1);
    expect((await second.handOuts.aws('dev')).keys.accessKeyId).toBe('ASIA-dev-2');
  });

  test('that comes late does not undo a sign-out, nor a newer sign-in', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const { signIn, service, sessions, handOuts } = bench({ dev }, { clock });
    await signIn('dev');
    const hold = Promise.withResolvers<undefined>();
    dev.hold = hold.promise as Promise<unknown> as Promise<void>;
    const late = service.refresh(ada, 'dev');
    late.catch(() => undefined);
    await new Promise(resolve => setTimeout(resolve, 20));
    await sessions.end(profileOf('dev'), 'ada');
    hold.resolve(undefined);
    await expect(late).rejects.toMatchObject({ code: 'credential-signin' });
    await expect(handOuts.aws('dev')).rejects.toThrow('Nobody is signed in');
  });

  test('that fails is told, waits longer each time, and leaves the keys to their end', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const { signIn, service, renewal, handOuts } = bench({ dev }, { clock });
    await signIn('dev');
    clock.move(45 * MINUTE);
    dev.fail = new ProblemError('credential-refused', 'The role was taken away. Ask whoever grants roles.');
    await renewal.look();
    await renewal.look();
    expect(dev.renewals).toBe(1);
    expect((await service.overview(ada)).profiles[0]).toMatchObject({
      state: 'active',
      trouble: { message: 'The role was taken away. Ask whoever grants roles.' }
    });
    expect((await handOuts.aws('dev')).keys.accessKeyId).toBe('ASIA-dev-1');
    clock.move(15 * MINUTE);
    await expect(handOuts.aws('dev')).rejects.toThrow('taken away');
    dev.fail = undefined;
    expect((await service.refresh(ada, 'dev')).trouble).toBeUndefined();
    expect((await handOuts.aws('dev')).keys.accessKeyId).toBe('ASIA-dev-2');
  });

  test('by hand only: reminders are left to the browser, and the end is told', async () => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    const { signIn, service, renewal, handOuts } = bench({ dev }, { clock });
    await signIn('dev');
    expect(await service.autoRefresh(ada, 'dev', false)).toMatchObject({ autoRefresh: false });
    clock.move(HOUR);
    await renewal.look();
    expect(dev.renewals).toBe(0);
    expect((await service.overview(ada)).profiles[0]?.state).toBe('expired');
    await expect(handOuts.aws('dev')).rejects.toThrow('ended at 10:12 UTC');
  });
});

describe('a process that is killed', () => {
  test.each([
    ['credentials:received', 'ASIA-dev-1'],
    ['credentials:stored', 'ASIA-dev-2']
  ])('at %s leaves %s', async (point, key) => {
    const clock = testClock();
    const dev = madeProvider(clock, 'dev');
    let isArmed = false;
    const failPoint: FailPoint = reached => {
      if (isArmed && reached === point) throw new Error('killed');
    };
    const { signIn, directory } = bench({ dev }, { clock, failPoint });
    await signIn('dev');
    isArmed = true;
    expect((await signIn('dev')).state).toBe('failed');
    const next = bench({ dev }, { clock, directory });
    expect((await next.handOuts.aws('dev')).keys.accessKeyId).toBe(key);
  });
});

describe('profiles without a sign-in', () => {
  const variables: Record<string, string> = { ID: 'AKIA0001', SECRET: 's3cretkey' };
  const readSecret = (secret: object): Promise<string> =>
    Promise.resolve(variables[(secret as { env: string }).env] ?? '');

  test('static keys are read at each use and never kept; signing out withholds them', async () => {
    const settings = { accessKeyId: { env: 'ID' }, secretAccessKey: { env: 'SECRET' } };
    const lab = createStaticProvider({ settings, readSecret, label: 'lab', where: 'profiles.lab' });
    const { service, handOuts, signIn, directory } = bench({ lab });
    expect(await handOuts.aws('active')).toMatchObject({
      keys: { accessKeyId: 'AKIA0001' },
      expiresAt: START + 15 * MINUTE
    });
    variables['ID'] = 'AKIA0002';
    expect((await handOuts.aws('active')).keys.accessKeyId).toBe('AKIA0002');
    expect((await service.signOut(ada, 'lab')).state).toBe('signed-out');
    await expect(handOuts.aws('active')).rejects.toThrow('Nobody is signed in to lab');
    expect(await signIn('lab')).toMatchObject({ state: 'succeeded' });
    expect((await handOuts.aws('active')).keys.accessKeyId).toBe('AKIA0002');
    for (const name of readdirSync(directory).filter(each => each.includes('.'))) {
      expect(readFileSync(join(directory, name), 'utf8')).not.toContain('s3cretkey');
    }
    variables['ID'] = 'not a key\n';
    await expect(handOuts.aws('active')).rejects.toThrow('is no key');
    expect((await service.overview(ada)).profiles[0]?.trouble?.message).toContain('is no key');
  });

  test('the password of a database is typed once, kept encrypted, and is no key of AWS', async () => {
    const clock = testClock();
    const warehouse = createDatabaseProvider({
      settings: { user: 'ada', keepFor: 8 },
      readSecret,
      clock,
      label: 'warehouse'
    });
    const { service, handOuts, signIn, directory } = bench({ warehouse }, { clock });
    const asked = await signIn('warehouse');
    expect(asked.step).toEqual({ kind: 'password', user: 'ada', triesLeft: 1 });
    await service.answer(ada, asked.id, { kind: 'password', password: 'typed-pa55word' });
    expect((await handOuts.secret('warehouse')).keys).toMatchObject({ user: 'ada', password: 'typed-pa55word' });
    expect(readFileSync(join(directory, 'sessions', 'warehouse.json'), 'utf8')).not.toContain('typed-pa55word');
    await expect(handOuts.aws('active')).rejects.toThrow('opens a database');
    clock.move(8 * HOUR);
    await expect(handOuts.secret('warehouse')).rejects.toMatchObject({ code: 'credential-signin' });
  });
});

test('settings that changed do not get the keys of others; choosing takes effect at once, in each process', async () => {
  const clock = testClock();
  const providers = { dev: madeProvider(clock, 'dev'), prod: madeProvider(clock, 'prod') };
  const { signIn, service, directory, handOuts } = bench(providers, { clock });
  await signIn('dev');
  await signIn('prod', { activate: false });
  expect((await handOuts.aws('active')).profile).toBe('dev');
  const other = bench(providers, { clock, directory });
  expect((await other.service.switch(ada, 'prod')).active).toBe('prod');
  expect((await handOuts.aws('active')).keys.accessKeyId).toBe('ASIA-prod-1');
  const changed = bench(providers, { clock, directory, profiles: [profileOf('dev', { fingerprint: 'other' })] });
  expect((await changed.service.overview(ada)).profiles[0]?.state).toBe('signed-out');
  await expect(changed.handOuts.aws('dev')).rejects.toThrow('Nobody is signed in');
  await expect(service.switch(ada, 'nowhere')).rejects.toThrow('There is: dev, prod.');
});

test('news tell the whole at each change, of other processes too, and never a secret', async () => {
  const clock = testClock();
  const dev = madeProvider(clock, 'dev');
  const { signIn, service, directory } = bench({ dev }, { clock });
  const end = new AbortController();
  const news = service.news(ada, end.signal)[Symbol.asyncIterator]();
  expect((await news.next()).value.data.profiles[0].state).toBe('signed-out');
  const second = news.next();
  await signIn('dev');
  let told = await second;
  while (told.value.data.profiles[0].state !== 'active' || told.value.data.profiles[0].signIn) told = await news.next();
  expect(JSON.stringify(told.value)).not.toMatch(secrets);
  await bench({ dev }, { clock, directory }).service.signOut(ada, 'dev');
  while (told.value.data.profiles[0].state !== 'signed-out') told = await news.next();
  end.abort();
  expect((await news.next()).done).toBe(true);
});
