import { PutBucketVersioningCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, inject, test } from 'vitest';
import { openBucket } from '../../server/adapters/objectstore-s3/bucket.js';
import { probe } from '../../server/adapters/objectstore-s3/probe.js';
import { makeBucket, rawClient, settingsOf, surroundings } from '../support/s3/stores.js';

/** What is known of the two servers from asking them with another client, another day. */
const known: Record<string, object> = {
  'Ceph RGW': { ifAbsent: 'exact', multipart: true, multipartIfAbsent: false, listsAtOnce: true, listsSorted: true },
  versitygw: { ifAbsent: 'exact', multipart: true, multipartIfAbsent: true, listsAtOnce: true }
};

describe.each(inject('s3'))('the probe of $name', ({ name, endpoint, key }) => {
  test('says what is known of it, three times', async () => {
    const bucket = openBucket(
      settingsOf(endpoint, key, { bucket: await makeBucket(endpoint, key) }),
      surroundings(key)
    );
    for (let round = 0; round < 3; round++) {
      const verdict = await probe(bucket);
      if (round === 0) console.log(`${name}: ${JSON.stringify(verdict)}`);
      expect(verdict).toMatchObject({ ...known[name], refusesDamaged: true });
      expect(Math.abs(verdict.clockAhead)).toBeLessThan(3);
    }
    bucket.client.destroy();
  });

  test('agrees with the plain client', async () => {
    const bucket = await makeBucket(endpoint, key);
    const client = rawClient(endpoint, key);
    const at = { Bucket: bucket, Key: 'a', IfNoneMatch: '*' };
    await client.send(new PutObjectCommand({ ...at, Body: 'one' }));
    await expect(client.send(new PutObjectCommand({ ...at, Body: 'two' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 412 }
    });
    client.destroy();
  });
});

test('Ceph with versioning is seen not to honour conditions', async () => {
  const { endpoint, key } = inject('s3').find(({ name }) => name === 'Ceph RGW')!;
  const name = await makeBucket(endpoint, key);
  const client = rawClient(endpoint, key);
  await client.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: 'Enabled' } }));
  const bucket = openBucket(settingsOf(endpoint, key, { bucket: name }), surroundings(key));
  expect((await probe(bucket)).ifAbsent).not.toBe('exact');
  bucket.client.destroy();
  client.destroy();
});
