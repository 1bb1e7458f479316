import { ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../server/adapters/clock-system/index.js';
import type { CredentialProvider, Grant } from '../../server/credentials/ports.js';
import type { Clock } from '../../server/ports.js';
import { awsKeys, call, oidcProfile, signIn } from '../server/credentials/oidcSupport.js';
import { drive } from '../support/credentials/headless.js';
import { PASSWORD, startKeycloak } from '../support/credentials/keycloak.js';
import type { Keycloak } from '../support/credentials/keycloak.js';
import { startCeph } from '../support/s3/ceph.js';
import { freePort } from '../support/s3/process.js';
import type { RunningServer } from '../support/s3/process.js';
import { makeBucket, rawClient } from '../support/s3/stores.js';
import { trust } from '../support/s3/webIdentity.js';

// A real Keycloak, whose identity tokens open a role of Ceph's gateway, which enforces them and the end of keys.

let keycloak: Keycloak;
let ceph: RunningServer;
let arn: string;
let bucket: string;
let redirect: string;

beforeAll(async () => {
  redirect = `http://127.0.0.1:${await freePort()}/callback`;
  const cephStarts = startCeph(await freePort(), { givesTokens: true });
  keycloak = await startKeycloak(['ada', 'eve', 'grace'], redirect);
  ceph = await cephStarts;
  const { issuer, thumbprint } = keycloak;
  arn = await trust(ceph.endpoint, ceph.key, { issuer, audience: 'lakeside', thumbprint });
  bucket = await makeBucket(ceph.endpoint, ceph.key);
  const owner = rawClient(ceph.endpoint, ceph.key);
  await owner.send(new PutObjectCommand({ Bucket: bucket, Key: 'flights', Body: 'x' }));
  owner.destroy();
}, 900_000);
afterAll(async () => {
  await keycloak.stop();
  await ceph.stop();
}, 60_000);

const profile = (more: object = {}, clock: Clock = systemClock): CredentialProvider =>
  oidcProfile(keycloak.issuer, `${ceph.endpoint}/`, clock, {
    roles: [{ id: 'web', arn, hours: 1 }],
    redirect,
    ...more
  });

/** Somebody who does what is shown, at Keycloak's pages. */
const person =
  (login: string, more: { denies?: 'consent' } = {}) =>
  (step: { verificationUriComplete?: string | undefined; url?: string }) =>
    drive(step.verificationUriComplete ?? step.url ?? '', { login, password: PASSWORD, ...more });

async function listed(grant: Grant | undefined): Promise<(string | undefined)[]> {
  const { accessKeyId, secretAccessKey, sessionToken = '' } = awsKeys(grant);
  const client = rawClient(ceph.endpoint, { accessKeyId, secretAccessKey, sessionToken });
  try {
    const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key);
  } finally {
    client.destroy();
  }
}

const refreshTokenOf = (grant: Grant | undefined): string =>
  (grant?.renewal as { refreshToken?: string } | undefined)?.refreshToken ?? '';

test('a device code opens a bucket; refresh tokens that count once renew; a sign-out withdraws', async () => {
  const provider = profile();
  const { grant, steps } = await signIn(provider, person('ada'));
  expect(steps.find(({ kind }) => kind === 'device')).toMatchObject({
    verificationUri: `${keycloak.issuer}/device`,
    userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/) as string
  });
  expect(grant).toMatchObject({ role: 'web', renews: true, identity: { name: 'ada' } });
  expect(await listed(grant)).toEqual(['flights']);

  const newer = await provider.renew?.(grant, {}, call);
  expect(awsKeys(newer).accessKeyId).not.toBe(awsKeys(grant).accessKeyId);
  expect(refreshTokenOf(newer)).toMatch(/\w/);
  expect(refreshTokenOf(newer)).not.toBe(refreshTokenOf(grant));
  expect(await listed(newer)).toEqual(['flights']);
  const newest = await provider.renew?.(newer as Grant, {}, call);
  expect(await listed(newest)).toEqual(['flights']);

  await provider.end?.(newest as Grant, call);
  await expect(provider.renew?.(newest as Grant, {}, call)).rejects.toMatchObject({
    code: 'credential-signin',
    message: expect.stringContaining('has ended or was withdrawn. Sign in again.') as string
  });
  // Keys that were handed out live to their end.
  expect(await listed(newest)).toEqual(['flights']);
});

test('a refresh token that was taken already renews nothing, and says so', async () => {
  const provider = profile();
  const { grant } = await signIn(provider, person('grace'));
  await provider.renew?.(grant, {}, call);
  await expect(provider.renew?.(grant, {}, call)).rejects.toMatchObject({ code: 'credential-signin' });
  expect(await listed(grant)).toEqual(['flights']);
});

test('a page that comes back to this machine opens the bucket too', async () => {
  const { grant } = await signIn(profile({ flow: 'code' }), person('ada'));
  expect(await listed(grant)).toEqual(['flights']);
});

test('who says no is not signed in; a code that nobody confirms ends; a stranger to the client gets nothing', async () => {
  await expect(signIn(profile(), person('eve', { denies: 'consent' }))).rejects.toMatchObject({
    code: 'credential-refused',
    message: expect.stringContaining('The sign-in to dev was denied at 127.0.0.1') as string
  });
  const ended = {
    code: 'credential-signin',
    message: expect.stringMatching(/^Nobody confirmed the code for dev/) as string
  };
  const hasty = { clientId: 'lakeside-hasty' };
  await expect(signIn(profile(hasty), () => Promise.resolve())).rejects.toMatchObject(ended);
  // By Keycloak's own word, where the clock here stands still.
  const still = { ...systemClock, monotonic: () => 0 };
  await expect(signIn(profile(hasty, still), () => Promise.resolve())).rejects.toMatchObject(ended);
  await expect(signIn(profile({ clientId: 'nobody' }), () => Promise.resolve())).rejects.toMatchObject({
    code: 'credential-refused',
    message: expect.stringContaining('does not let Lakeside sign anybody in to dev') as string
  });
});
