import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ProblemError } from '../../../contract/problem.js';
import type { PluginSurroundings } from '../../plugins/plugin.js';
import type { Buckets, ObjectPlace, Right } from '../../schedule/places/ports.js';
import { writeStream } from '../../schedule/places/write.js';
import { openBucket } from './bucket.js';
import type { Bucket } from './bucket.js';
import { faultOf } from '../common/s3/faults.js';
import type { S3PlaceSettings } from './placeSettings.js';
import { bucketProblem } from './problems.js';
import { openObject } from './reading.js';
import { inspect, MOST_PARTS, PART, PARTS_AT_ONCE, WRITE } from './writing.js';

/**
 * Objects of people in the buckets that `places.s3` names. Their keys are any; nothing is listed and nothing removed, so
 * that reading needs one right and writing two.
 *
 * @throws ProblemError `invalid`, `too-large`, `storage-refused`, `storage-unreachable`, `storage-full`
 */
export function createS3Places(settings: S3PlaceSettings, surroundings: PluginSurroundings): Buckets {
  const { buckets, ...server } = settings;
  const open = new Map<string, Bucket>();

  function allow({ bucket, key }: ObjectPlace, right: Right): void {
    const named = buckets.filter(each => each.bucket === bucket);
    const where = surroundings.settings;
    if (named.length === 0) {
      throw new ProblemError(
        'invalid',
        `The bucket ${bucket} is not one that may be used here. ${choice(settings)} Or ask whoever runs this server to add it to ${where}.`
      );
    }
    const literal = key.split('{{')[0] ?? '';
    const fitting = named.filter(({ prefix = '' }) => literal.startsWith(rootOf(prefix)));
    if (fitting.length === 0) {
      const roots = named.map(({ prefix = '' }) => `s3://${bucket}/${rootOf(prefix)}`).join(', ');
      throw new ProblemError(
        'invalid',
        `s3://${bucket}/${key} is outside of what may be used of this bucket. Name a place below ${roots}.`
      );
    }
    if (right === 'read' || fitting.some(({ access }) => access === 'write')) return;
    throw new ProblemError(
      'invalid',
      `Nothing may be written to s3://${bucket}/${key}: ${where} lets it be read only. Name another place.`
    );
  }

  function bucketOf(place: ObjectPlace, right: Right): Bucket {
    allow(place, right);
    const { bucket: name } = place;
    const known = open.get(name) ?? openBucket({ ...server, bucket: name }, surroundings);
    open.set(name, known);
    return known;
  }

  return {
    allow,
    async fetch(place, file, { maxBytes, signal }) {
      const bucket = bucketOf(place, 'read');
      const stream = await bucket.attempt('read objects', () => openObject(bucket, place.key));
      if (stream === undefined) return undefined;
      const hash = createHash('sha256');
      const name = `s3://${place.bucket}/${place.key}`;
      const heard = (piece: Uint8Array): void => {
        signal?.throwIfAborted();
        hash.update(piece);
      };
      await writeStream(file, guarded(bucket, stream), { maxBytes, name, heard });
      return hash.digest('hex');
    },
    async store(place, file, { signal }) {
      const bucket = bucketOf(place, 'write');
      try {
        await put(bucket, place.key, file, signal);
      } catch (error) {
        signal?.throwIfAborted();
        throw bucketProblem(error, bucket.place, 'write objects');
      }
    },
    close() {
      for (const { client } of open.values()) client.destroy();
      return Promise.resolve();
    }
  };
}

/** Puts a file, in parts where it is large, and looks whether that is what is there now. */
async function put(bucket: Bucket, key: string, file: string, signal: AbortSignal | undefined): Promise<void> {
  const { size } = await stat(file);
  signal?.throwIfAborted();
  const mark = randomUUID();
  await (size > PART ? inParts : atOnce)(bucket, key, { file, size, mark, signal });
  const found = await inspect(bucket, key);
  if (found?.size === size && found.write === mark) return;
  throw new ProblemError(
    'storage-refused',
    `${bucket.place.server} took s3://${bucket.name}/${key} and has something else there now. See whether others write to this place.`
  );
}

interface Putting {
  file: string;
  size: number;
  /** Tells this write from others. */
  mark: string;
  signal: AbortSignal | undefined;
}

async function atOnce({ client, name }: Bucket, key: string, { file, mark, signal }: Putting): Promise<void> {
  const Body = await readFile(file);
  const ContentMD5 = createHash('md5').update(Body).digest('base64');
  await client.send(
    new PutObjectCommand({
      Bucket: name,
      Key: key,
      Body,
      ContentMD5,
      ContentType: typeOf(key),
      Metadata: { [WRITE]: mark }
    }),
    signal === undefined ? {} : { abortSignal: signal }
  );
}

async function inParts(bucket: Bucket, key: string, { file, size, mark, signal }: Putting): Promise<void> {
  const source = createReadStream(file);
  const upload = new Upload({
    client: bucket.client,
    params: {
      Bucket: bucket.name,
      Key: key,
      Body: source,
      ContentLength: size,
      ContentType: typeOf(key),
      Metadata: { [WRITE]: mark }
    },
    partSize: Math.max(PART, Math.ceil(size / MOST_PARTS)),
    queueSize: PARTS_AT_ONCE
  });
  const abort = (): void => void upload.abort().catch(() => undefined);
  signal?.addEventListener('abort', abort);
  try {
    await upload.done();
  } catch (error) {
    // The upload may have been completed by a request whose answer got lost; what is there is looked at then.
    if (faultOf(error).name !== 'NoSuchUpload') throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    source.destroy();
  }
}

async function* guarded(bucket: Bucket, stream: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw bucketProblem(error, bucket.place, 'read objects');
  }
}

/** A prefix with a slash at its end, so that `runs` does not let `runs-of-others` in. */
function rootOf(prefix: string): string {
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

function choice({ buckets }: S3PlaceSettings): string {
  const names = [...new Set(buckets.map(({ bucket }) => bucket))];
  return names.length > 10 ? `There are ${names.length} others.` : `Choose of: ${names.join(', ')}.`;
}

function typeOf(key: string): string {
  if (key.endsWith('.html')) return 'text/html; charset=utf-8';
  if (key.endsWith('.ipynb')) return 'application/x-ipynb+json';
  return key.endsWith('.ndjson') ? 'application/x-ndjson' : 'application/json';
}
