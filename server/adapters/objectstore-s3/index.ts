import type { PluginSurroundings } from '../../plugins/plugin.js';
import { checkObjectKey } from '../../share/archive/objectKey.js';
import type { ObjectInfo, ObjectStore } from '../../share/ports.js';
import { openBucket } from './bucket.js';
import { listObjects } from './listing.js';
import { bucketProblem } from './problems.js';
import { openObject, readObject } from './reading.js';
import type { S3Settings } from './settings.js';
import { verdictOn } from './verdict.js';
import type { Verdict } from './verdict.js';
import { inspect, remove, write } from './writing.js';

/**
 * An object store in a bucket. What a server honours beyond plain reads and writes is found out by a probe before the
 * first write or list, and kept for a week (verdict.ts): reading single objects needs none.
 *
 * @throws ProblemError `storage-refused`, `storage-unreachable`, `storage-full`, each with the cure
 */
export function createS3ObjectStore(settings: S3Settings, surroundings: PluginSurroundings): ObjectStore {
  const bucket = openBucket(settings, surroundings);
  let asked: Promise<Verdict> | undefined;

  function verdict(): Promise<Verdict> {
    if (asked === undefined) {
      asked = verdictOn(bucket);
      asked.catch(() => (asked = undefined));
    }
    return asked;
  }

  async function* list(prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
    try {
      const { listsSorted } = await verdict();
      yield* listObjects(bucket, prefix, startAfter, listsSorted);
    } catch (error) {
      throw bucketProblem(error, bucket.place, 'list objects');
    }
  }

  async function* keys(prefix: string, startAfter: string): AsyncIterable<string> {
    for await (const { key } of list(prefix, startAfter)) yield key;
  }

  async function* guarded(stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    try {
      yield* stream;
    } catch (error) {
      throw bucketProblem(error, bucket.place, 'read objects');
    }
  }

  return {
    put: (key, body, { ifAbsent = false } = {}) =>
      bucket.attempt('write objects', async () => {
        checkObjectKey(key);
        return write(bucket, await verdict(), key, body, ifAbsent);
      }),
    get: key =>
      bucket.attempt('read objects', async () => {
        checkObjectKey(key);
        return readObject(bucket, key);
      }),
    open: key =>
      bucket.attempt('read objects', async () => {
        checkObjectKey(key);
        const stream = await openObject(bucket, key);
        return stream && guarded(stream);
      }),
    head: key =>
      bucket.attempt('read objects', async () => {
        checkObjectKey(key);
        const found = await inspect(bucket, key);
        return found && { key, size: found.size, modified: found.modified };
      }),
    list: (prefix, { startAfter = '' } = {}) => {
      checkObjectKey(prefix, { prefix: true });
      return list(prefix, startAfter);
    },
    keys: (prefix, { startAfter = '' } = {}) => {
      checkObjectKey(prefix, { prefix: true });
      return keys(prefix, startAfter);
    },
    delete: key =>
      bucket.attempt('remove objects', async () => {
        checkObjectKey(key);
        return remove(bucket, key);
      }),
    close: () => {
      bucket.client.destroy();
      return Promise.resolve();
    }
  };
}
