import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createS3ObjectStore } from '../../../server/adapters/objectstore-s3/index.js';
import type { S3Settings } from '../../../server/adapters/objectstore-s3/settings.js';
import { createSecretReader } from '../../../server/configuration/secret.js';
import { createLog, registerSecret } from '../../../server/logging.js';
import type { PluginSurroundings } from '../../../server/plugins/plugin.js';
import type { ObjectStore } from '../../../server/share/ports.js';
import type { Key } from './process.js';

export const twinKey: Key = { accessKeyId: 'TWINKEY', secretAccessKey: 'twin-secret-of-the-tests' };

/** The surroundings of a plug-in in a test; `lines` is what it logged. */
export function surroundings(key: Key, cacheDirectory = scratchCache()): PluginSurroundings & { lines: string[] } {
  const lines: string[] = [];
  return {
    lines,
    log: createLog('debug', line => lines.push(line)),
    clock: systemClock,
    readSecret: createSecretReader({
      variable: name => (name === 'S3_SECRET' ? key.secretAccessKey : undefined),
      register: registerSecret
    }),
    cacheDirectory,
    settings: 'library in /etc/lakeside/config.yml'
  };
}

/** A folder in which the verdicts of one test file are kept; goes when its process ends. */
export function scratchCache(): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-verdicts-'));
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
process.once('exit', () => folders.forEach(folder => rmSync(folder, { recursive: true, force: true })));

export function settingsOf(endpoint: string, key: Key, more: Partial<S3Settings> = {}): S3Settings {
  return {
    bucket: 'bucket',
    endpoint,
    credentials: { accessKeyId: key.accessKeyId, secretAccessKey: { env: 'S3_SECRET' } },
    ...more
  };
}

/** Two clients of one new place in a bucket. */
export function openPair(
  endpoint: string,
  key: Key,
  bucket: string,
  cacheDirectory: string
): { store: ObjectStore; other: ObjectStore; dispose(): Promise<void> } {
  const settings = settingsOf(endpoint, key, { bucket, prefix: `place-${randomUUID()}` });
  const store = createS3ObjectStore(settings, surroundings(key, cacheDirectory));
  const other = createS3ObjectStore(settings, surroundings(key, cacheDirectory));
  return {
    store,
    other,
    async dispose() {
      await Promise.all([store.close(), other.close()]);
    }
  };
}

/** A client of the SDK, for what a test does beside Lakeside. */
export function rawClient(endpoint: string, key: Key & { sessionToken?: string }): S3Client {
  return new S3Client({ endpoint, region: 'us-east-1', forcePathStyle: true, credentials: key });
}

/** Makes a bucket with a new name. */
export async function makeBucket(endpoint: string, key: Key): Promise<string> {
  const client = rawClient(endpoint, key);
  const name = `lakeside-${randomUUID()}`;
  await client.send(new CreateBucketCommand({ Bucket: name }));
  client.destroy();
  return name;
}
