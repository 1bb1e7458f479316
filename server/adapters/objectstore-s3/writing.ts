import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ObjectBody } from '../../share/ports.js';
import type { Bucket } from './bucket.js';
import { faultOf, isConditionFailed, isMissing } from '../common/s3/faults.js';
import type { Verdict } from './verdict.js';

/** Larger bodies go in parts of this size, so many at once: that bounds the memory. Bytes. */
export const PART = 8 * 1024 * 1024;
export const PARTS_AT_ONCE = 3;
export const MOST_PARTS = 10_000;

/** Metadata that tells whose write an object is, where an answer got lost on its way back. */
export const WRITE = 'lakeside-write';

type Written = 'created' | 'replaced' | 'exists';

/** What is known of an object without its bytes. */
export interface Stored {
  size: number;
  /** Milliseconds since 1970, whole seconds: that is what all answers of all servers tell. */
  modified: number;
  /** The write that made it, where it was one of ours. */
  write: string | undefined;
}

export async function inspect({ client, name, root }: Bucket, key: string): Promise<Stored | undefined> {
  try {
    const answer = await client.send(new HeadObjectCommand({ Bucket: name, Key: root + key }));
    return {
      size: answer.ContentLength ?? 0,
      modified: wholeSeconds(answer.LastModified),
      write: answer.Metadata?.[WRITE]
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export function wholeSeconds(date: Date | undefined): number {
  return Math.floor((date?.getTime() ?? 0) / 1000) * 1000;
}

/**
 * Writes an object. The server makes it visible when it is whole.
 *
 * Where its conditional writes can be trusted they decide between writers at once. Elsewhere it is asked first, and of
 * several writers at once each may be told `created`; the last one stays.
 */
export async function write(
  bucket: Bucket,
  verdict: Verdict,
  key: string,
  body: ObjectBody,
  ifAbsent: boolean
): Promise<Written> {
  const size = body instanceof Uint8Array ? body.byteLength : (await stat(body.file)).size;
  if (size > PART) return writeLarge(bucket, verdict, key, body, size, ifAbsent);
  const bytes = body instanceof Uint8Array ? body : await readFile(body.file);
  if (verdict.ifAbsent === 'exact') {
    const made = await putIfAbsent(bucket, key, bytes);
    if (made === 'created' || ifAbsent) return made;
    await put(bucket, key, bytes);
    return 'replaced';
  }
  const existed = (await inspect(bucket, key)) !== undefined;
  if (existed && ifAbsent) return 'exists';
  await put(bucket, key, bytes);
  return existed ? 'replaced' : 'created';
}

/** One conditional request. A lost answer may hide that it was us who made the object, so it carries our mark. */
export async function putIfAbsent(bucket: Bucket, key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  const mark = randomUUID();
  try {
    await put(bucket, key, bytes, { IfNoneMatch: '*', Metadata: { [WRITE]: mark } });
    return 'created';
  } catch (error) {
    if (!isConditionFailed(error)) throw error;
    const isOurs = faultOf(error).attempts > 1 && (await inspect(bucket, key))?.write === mark;
    return isOurs ? 'created' : 'exists';
  }
}

export async function put(
  { client, name, root }: Bucket,
  key: string,
  bytes: Uint8Array,
  more: { IfNoneMatch?: string; Metadata?: Record<string, string>; ContentMD5?: string } = {}
): Promise<void> {
  const ContentMD5 = createHash('md5').update(bytes).digest('base64');
  await client.send(new PutObjectCommand({ Bucket: name, Key: root + key, Body: bytes, ContentMD5, ...more }));
}

async function writeLarge(
  bucket: Bucket,
  verdict: Verdict,
  key: string,
  body: ObjectBody,
  size: number,
  ifAbsent: boolean
): Promise<Written> {
  const existed = (await inspect(bucket, key)) !== undefined;
  if (existed && ifAbsent) return 'exists';
  const source = body instanceof Uint8Array ? Buffer.from(body) : createReadStream(body.file);
  const mark = randomUUID();
  const upload = new Upload({
    client: bucket.client,
    params: {
      Bucket: bucket.name,
      Key: bucket.root + key,
      Body: source,
      ContentLength: size,
      Metadata: { [WRITE]: mark },
      ...(ifAbsent && verdict.multipartIfAbsent && { IfNoneMatch: '*' })
    },
    partSize: Math.max(PART, Math.ceil(size / MOST_PARTS)),
    queueSize: PARTS_AT_ONCE
  });
  try {
    await upload.done();
  } catch (error) {
    // The upload may have been completed by a request whose answer got lost.
    const isLost = faultOf(error).name === 'NoSuchUpload' || isConditionFailed(error);
    const found = isLost ? await inspect(bucket, key) : undefined;
    if (found?.write !== mark || found.size !== size) {
      if (ifAbsent && isConditionFailed(error)) return 'exists';
      throw error;
    }
  } finally {
    if ('destroy' in source) source.destroy();
  }
  return existed ? 'replaced' : 'created';
}

/** Removes an object. False where there was none. */
export async function remove(bucket: Bucket, key: string): Promise<boolean> {
  if ((await inspect(bucket, key)) === undefined) return false;
  await bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: bucket.root + key }));
  return true;
}
