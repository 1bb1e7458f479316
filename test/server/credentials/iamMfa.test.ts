import { describe, expect, test } from 'vitest';
import { IamMfaSettings } from '../../../server/adapters/credential-iam-mfa/plugin.js';
import type { SignInStep } from '../../../contract/credentials/index.js';
import type { CredentialProvider, Grant, SignInTalk } from '../../../server/credentials/ports.js';
import { DEVICE, ROLES, stsTwin, USER } from '../../support/credentials/stsTwin.js';
import type { StsTwin } from '../../support/credentials/stsTwin.js';
import { HOUR, mfaProvider, MINUTE, testClock } from './support.js';

// Against a strict twin of STS, never the real one: no server that can be had checks a second factor.

/** Signs in, giving these codes one after the other. */
async function signIn(
  provider: CredentialProvider,
  codes: (() => string)[],
  role?: string
): Promise<{ grant: Grant; steps: SignInStep[] }> {
  const steps: SignInStep[] = [];
  const talk: SignInTalk = {
    signal: new AbortController().signal,
    show: step => steps.push(step),
    ask(question) {
      steps.push(question);
      const code = codes.shift();
      if (code === undefined) throw new Error('no more codes');
      return Promise.resolve({ kind: 'code', code: code() } as never);
    }
  };
  return { grant: await provider.signIn({ role }, talk), steps };
}

const call = { signal: new AbortController().signal };
const awsKeys = (grant: Grant): Extract<Grant['keys'], { kind: 'aws' }> => {
  if (grant.keys.kind !== 'aws') throw new Error('not of AWS');
  return grant.keys;
};

async function start(): Promise<{ twin: StsTwin; clock: ReturnType<typeof testClock>; provider: CredentialProvider }> {
  const clock = testClock();
  const twin = await stsTwin(clock);
  return { twin, clock, provider: mfaProvider(twin, clock) };
}

describe('a user with a second factor', () => {
  test('gets keys of a session with the code, and takes roles to its end without another one', async () => {
    const { twin, clock, provider } = await start();
    const { grant, steps } = await signIn(provider, [twin.code]);
    expect(steps[0]).toMatchObject({ kind: 'code', device: 'ada', triesLeft: 3 });
    expect(grant.identity).toEqual({
      name: 'ada',
      arn: `arn:aws:iam::${USER.account}:user/ada`,
      account: USER.account
    });
    expect(grant.renews).toBe(false);
    expect(twin.accepts(awsKeys(grant))).toBe(true);
    expect(grant.keys.expiresAt).toBe(clock.now() + 12 * HOUR);
    // Nobody could renew these without a code.
    await expect(provider.renew?.(grant, {}, call)).rejects.toMatchObject({ code: 'credential-signin' });

    const reader = await provider.renew?.(grant, { role: 'reader' }, call);
    expect(reader).toMatchObject({ role: 'reader', renews: true, renewableUntil: clock.now() + 12 * HOUR });
    clock.move(HOUR - MINUTE);
    const newer = await provider.renew?.(reader as Grant, { role: 'reader' }, call);
    expect(newer?.keys.expiresAt).toBe(clock.now() + HOUR);
    expect(newer?.identity.arn).toContain('assumed-role/reader/lakeside-ada');
    const none = await provider.renew?.(newer as Grant, {}, call);
    expect(none?.role).toBeUndefined();
    expect(none && awsKeys(none)).toEqual(awsKeys(grant));
    clock.move(12 * HOUR);
    await expect(provider.renew?.(newer as Grant, { role: 'reader' }, call)).rejects.toMatchObject({
      code: 'credential-signin'
    });
    expect(twin.calls.filter(action => action === 'GetSessionToken')).toHaveLength(1);
  });

  test('the role of the sign-in is taken at once', async () => {
    const { twin, clock, provider } = await start();
    const { grant } = await signIn(provider, [twin.code], 'admin');
    expect(grant).toMatchObject({ role: 'admin', renews: true });
    expect(grant.keys.expiresAt).toBe(clock.now() + 15 * MINUTE);
    await expect(signIn(provider, [], 'nobody')).rejects.toThrow('There is: reader, admin.');
    expect(await provider.roles?.(undefined, call)).toMatchObject([
      { id: 'reader', description: 'Reads all buckets.', arn: ROLES.reader },
      { id: 'admin', label: 'admin' }
    ]);
    expect(await provider.check(call)).toMatchObject([{ state: 'ok' }]);
  });

  test('a wrong code and one that was used are asked for again, three times in all', async () => {
    const { twin, clock, provider } = await start();
    await signIn(provider, [twin.code]);
    const wrong = (): string => String((Number(twin.code()) + 1) % 1_000_000).padStart(6, '0');
    const fresh = (): string => {
      clock.move(30_000);
      return twin.code();
    };
    const { steps } = await signIn(provider, [twin.code, wrong, fresh]);
    expect(steps.filter(step => step.kind === 'code')).toMatchObject([
      { triesLeft: 3, trouble: undefined },
      { triesLeft: 2, trouble: expect.stringContaining('counts once') as string },
      { triesLeft: 1 }
    ]);
    await expect(signIn(provider, [wrong, wrong, wrong])).rejects.toThrow('did not accept 3 codes');
  });
});

describe('what can go wrong has its sentence', () => {
  const cases: [string, (at: Awaited<ReturnType<typeof start>>) => void, string, RegExp][] = [
    ['the clock here is an hour behind', ({ twin }) => (twin.ahead = HOUR), 'credential-failed', /60 minutes behind/],
    ['the clock here is an hour ahead', ({ twin }) => (twin.ahead = -HOUR), 'credential-failed', /60 minutes ahead/],
    [
      'the clock is eight minutes off',
      ({ twin }) => (twin.ahead = 8 * MINUTE),
      'credential-failed',
      /8 minutes behind/
    ],
    [
      'throttled',
      ({ twin }) =>
        twin.next.push(response => {
          response.statusCode = 400;
          response.end(
            '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>'
          );
        }),
      'credential-busy',
      /asks dev to wait/
    ],
    [
      'it fails itself',
      ({ twin }) =>
        twin.next.push(response => {
          response.statusCode = 500;
          response.end('<html>oops');
        }),
      'credential-failed',
      /it answered 500/
    ],
    [
      'a redirect to another host',
      ({ twin }) =>
        twin.next.push(response => {
          response.writeHead(307, { Location: 'http://127.0.0.1:9/' });
          response.end();
        }),
      'credential-failed',
      /does not follow with keys/
    ],
    [
      'no keys in the answer',
      ({ twin }) => twin.next.push(response => response.end('<html>hello')),
      'credential-failed',
      /gave no keys/
    ],
    [
      'keys that have ended',
      ({ twin }) =>
        twin.next.push(response =>
          response.end(
            '<AccessKeyId>a</AccessKeyId><SecretAccessKey>b</SecretAccessKey><SessionToken>c</SessionToken><Expiration>2020-01-01T00:00:00Z</Expiration>'
          )
        ),
      'credential-failed',
      /ended already/
    ],
    [
      'it hangs up',
      ({ twin }) => twin.next.push(response => void response.destroy()),
      'credential-unreachable',
      /does not answer/
    ]
  ];
  test.each(cases)('%s', async (_, prepare, code, sentence) => {
    const at = await start();
    prepare(at);
    const failure = await signIn(at.provider, [at.twin.code]).then(
      () => undefined,
      (error: unknown) => error
    );
    expect(failure).toMatchObject({ code });
    const { message } = failure as Error;
    expect(message).toMatch(sentence);
    expect(message).not.toContain(at.twin.secretAccessKey);
  });

  test('a secret that is another one, and a role that was taken away', async () => {
    const { twin, clock } = await start();
    const wrong = mfaProvider({ ...twin, secretAccessKey: 'another' }, clock);
    await expect(signIn(wrong, [twin.code])).rejects.toMatchObject({
      code: 'credential-refused',
      message: expect.stringContaining('does not know the keys') as string
    });
    const provider = mfaProvider(twin, clock);
    clock.move(30_000);
    const { grant } = await signIn(provider, [twin.code], 'reader');
    twin.allowed.delete(ROLES.reader);
    await expect(provider.renew?.(grant, { role: 'reader' }, call)).rejects.toMatchObject({
      code: 'credential-refused',
      message: expect.stringContaining('The role may have been taken away') as string
    });
  });

  test('keys travel over https, or on this machine', () => {
    const settings = { credentials: { accessKeyId: { env: 'A' }, secretAccessKey: { env: 'B' } }, device: DEVICE };
    expect(IamMfaSettings.safeParse({ ...settings, endpoint: 'https://sts.example.org' }).success).toBe(true);
    expect(IamMfaSettings.safeParse({ ...settings, endpoint: 'http://127.0.0.1:9' }).success).toBe(true);
    expect(IamMfaSettings.safeParse({ ...settings, endpoint: 'http://sts.example.org' }).success).toBe(false);
    expect(
      IamMfaSettings.safeParse({ ...settings, credentials: { accessKeyId: 'AKIA', secretAccessKey: 's' } }).success
    ).toBe(false);
  });
});
