import { S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { keyProvider } from '../../../../server/adapters/common/s3/keys.js';
import { createManualClock } from '../../../../server/adapters/memory/clock.js';
import type { AwsKeys } from '../../../../server/credentials/ports.js';
import { ProblemError } from '../../../../contract/problem.js';
import { surroundings, twinKey } from '../../../support/s3/stores.js';

const MINUTE = 60_000;

test('a live client goes on with the keys that its profile has now, and is refused with its sentence', async () => {
  let now: AwsKeys | ProblemError = { kind: 'aws', accessKeyId: 'ASIA1', secretAccessKey: 's1', sessionToken: 't1' };
  const around = {
    ...surroundings(twinKey),
    awsKeys: (profile: string) => {
      if (now instanceof ProblemError) return Promise.reject(now);
      return profile === 'prod' ? Promise.resolve(now) : Promise.reject(new Error(profile));
    }
  };
  const credentials = keyProvider({ profile: 'prod' }, around);
  const client = new S3Client({ region: 'us-east-1', credentials: credentials! });
  expect(await client.config.credentials()).toMatchObject({ accessKeyId: 'ASIA1', sessionToken: 't1' });
  // No wait between: keys that were asked for just now may be another's already.
  await new Promise(resolve => setTimeout(resolve, 2));
  now = { kind: 'aws', accessKeyId: 'ASIA2', secretAccessKey: 's2' };
  expect(await client.config.credentials()).toMatchObject({ accessKeyId: 'ASIA2', secretAccessKey: 's2' });
  await new Promise(resolve => setTimeout(resolve, 2));
  now = new ProblemError('credential-signin', 'Nobody is signed in to Production.');
  await expect(client.config.credentials()).rejects.toBe(now);
  client.destroy();
});

test('their end is never overstated, and comes after five minutes at the latest', async () => {
  const clock = createManualClock(Date.UTC(2026, 10, 23));
  let expiresAt: number | undefined = clock.now() + 2 * MINUTE;
  const awsKeys = () => Promise.resolve({ kind: 'aws' as const, accessKeyId: 'ASIA', secretAccessKey: 's', expiresAt });
  const ask = keyProvider({ profile: 'prod' }, { ...surroundings(twinKey), clock, awsKeys })!;
  expect((await ask()).expiration).toEqual(new Date(clock.now() + 2 * MINUTE));
  expiresAt = undefined;
  expect((await ask()).expiration).toEqual(new Date(clock.now() + 5 * MINUTE));
});

test('a key by reference is read at each use; without one the order of AWS holds', async () => {
  const own = keyProvider({ accessKeyId: 'ID', secretAccessKey: { env: 'S3_SECRET' } }, surroundings(twinKey));
  expect(await own?.()).toMatchObject({ accessKeyId: 'ID', secretAccessKey: twinKey.secretAccessKey });
  expect(keyProvider(undefined, surroundings(twinKey))).toBeUndefined();
  await expect(keyProvider({ profile: 'prod' }, surroundings(twinKey))?.()).rejects.toMatchObject({ code: 'invalid' });
});
