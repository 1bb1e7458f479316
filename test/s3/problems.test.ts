import { describe, expect, inject, test } from 'vitest';
import { openBucket } from '../../server/adapters/objectstore-s3/bucket.js';
import { createS3ObjectStore } from '../../server/adapters/objectstore-s3/index.js';
import { readObject } from '../../server/adapters/objectstore-s3/reading.js';
import type { S3Settings } from '../../server/adapters/objectstore-s3/settings.js';
import { put } from '../../server/adapters/objectstore-s3/writing.js';
import { STRANGER } from '../support/s3/ceph.js';
import type { Key } from '../support/s3/process.js';
import { makeBucket, settingsOf, surroundings } from '../support/s3/stores.js';

/** What a person is told, and that no secret is in it nor in the log. */
async function told(endpoint: string, key: Key, more: Partial<S3Settings>): Promise<string> {
  const around = surroundings(key);
  const store = createS3ObjectStore(settingsOf(endpoint, key, more), around);
  const problem = await store.put('a', Buffer.from('x')).then(
    () => undefined,
    (error: unknown) => error as Error & { code: string }
  );
  await store.close();
  expect(problem?.code).toBe('storage-refused');
  const all = `${problem?.message} ${JSON.stringify(problem)} ${around.lines.join('')}`;
  expect(all).not.toContain(key.secretAccessKey);
  return problem?.message ?? '';
}

describe.each(inject('s3'))('$name refuses', ({ endpoint, key }) => {
  test('a key that it does not know', async () => {
    const bucket = await makeBucket(endpoint, key);
    expect(await told(endpoint, { ...key, accessKeyId: 'NOBODY' }, { bucket })).toContain(
      'does not know the access key'
    );
  });

  test('a secret that is wrong', async () => {
    const bucket = await makeBucket(endpoint, key);
    const wrong = { ...key, secretAccessKey: 'wrong-secret-of-the-tests' };
    expect(await told(endpoint, wrong, { bucket })).toContain('secret does not belong to the access key');
  });

  test('a clock that is an hour late, once: then its own time is used', async () => {
    const name = await makeBucket(endpoint, key);
    const bucket = openBucket(settingsOf(endpoint, key, { bucket: name }), surroundings(key));
    bucket.client.config.systemClockOffset = -3_600_000;
    await put(bucket, 'a', Buffer.from('late'));
    expect(Buffer.from((await readObject(bucket, 'a'))!).toString()).toBe('late');
    bucket.client.destroy();
  });

  test('a bucket that is not there', async () => {
    expect(await told(endpoint, key, { bucket: 'not-there' })).toContain('There is no bucket not-there');
  });
});

test('Ceph refuses somebody without rights', async () => {
  const { endpoint, key } = inject('s3').find(({ name }) => name === 'Ceph RGW')!;
  const bucket = await makeBucket(endpoint, key);
  expect(await told(endpoint, STRANGER, { bucket })).toContain('may not write objects in the bucket');
});
