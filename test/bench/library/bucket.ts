import { writeFileSync } from 'node:fs';
import type { S3Settings } from '../../../server/adapters/objectstore-s3/settings.js';
import { startCeph } from '../../support/s3/ceph.js';
import { freePort } from '../../support/s3/process.js';
import { makeBucket } from '../../support/s3/stores.js';

/** Starts a server with a bucket, and writes where it is to a file that the steps of the benchmark read. */
export async function startBucket(file: string): Promise<{ name: string; stop: () => Promise<void> }> {
  const { name, endpoint, key, stop } = await startCeph(await freePort());
  const settings: S3Settings = {
    bucket: await makeBucket(endpoint, key),
    endpoint,
    credentials: { accessKeyId: key.accessKeyId, secretAccessKey: { env: 'UNUSED' } }
  };
  writeFileSync(file, JSON.stringify({ settings, secret: key.secretAccessKey }), { mode: 0o600 });
  return { name, stop };
}
