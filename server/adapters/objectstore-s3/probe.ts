import { createHash, randomUUID } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  UploadPartCommand
} from '@aws-sdk/client-s3';
import { ProblemError } from '../../../contract/problem.js';
import type { Bucket } from './bucket.js';
import { faultOf, isConditionFailed } from '../common/s3/faults.js';
import { pages } from './listing.js';
import { readObject } from './reading.js';
import type { Verdict } from './verdict.js';
import { inspect, put, putIfAbsent, remove } from './writing.js';

/** Writers at once in the race for one object, and races. */
const WRITERS = 16;
const RACES = 3;

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/**
 * Finds out what a server really honours, by trying. What it says of itself is not to be trusted: races in conditional
 * writes were found in most servers. Writes below `+probe/`, where no object of ours can lie, and tidies up.
 *
 * @throws ProblemError where the bucket cannot be used at all
 */
export async function probe(bucket: Bucket): Promise<Omit<Verdict, 'at'>> {
  const folder = `+probe/${randomUUID()}/`;
  const keys = new Set<string>();
  const key = (name: string): string => {
    keys.add(folder + name);
    return folder + name;
  };
  try {
    const clockAhead = await writeAndRead(bucket, key('plain'));
    const listing = await lists(bucket, folder, key);
    return await bucket.attempt('write objects', async () => ({
      ifAbsent: await conditions(bucket, key),
      ...listing,
      ...(await multipart(bucket, key('parts'))),
      refusesDamaged: await refusesDamaged(bucket, key('damaged')),
      clockAhead
    }));
  } finally {
    for (const each of keys) await remove(bucket, each).catch(() => undefined);
  }
}

async function writeAndRead(bucket: Bucket, key: string): Promise<number> {
  const before = bucket.surroundings.clock.now();
  await bucket.attempt('write objects', () => put(bucket, key, bytes('probe')));
  const read = await bucket.attempt('read objects', () => readObject(bucket, key));
  if (Buffer.from(read ?? []).toString() !== 'probe') {
    throw new ProblemError(
      'storage-refused',
      `${bucket.place.server} does not give back what was just written to the bucket ${bucket.name}. A cache stands in between, or it is not an S3 server.`
    );
  }
  const stored = await inspect(bucket, key);
  return Math.round(((stored?.modified ?? before) - before) / 1000);
}

async function lists(
  bucket: Bucket,
  folder: string,
  key: (name: string) => string
): Promise<Pick<Verdict, 'listsAtOnce' | 'listsSorted'>> {
  // In the order of bytes; a walk through folders meets `l/a/b` before `l/a-b`.
  const names = ['l/a-b', 'l/a.b', 'l/a/b', 'l/a0'].map(key);
  for (const name of names) await put(bucket, name, bytes('x'));
  const prefix = `${folder}l/`;
  const all = await bucket.attempt('list objects', () => keysOf(bucket, prefix, ''));
  const rest = await keysOf(bucket, prefix, `${folder}l/a.z`);
  const gone = names[3] ?? '';
  await bucket.attempt('remove objects', () => remove(bucket, gone));
  const left = await keysOf(bucket, prefix, '');
  return {
    listsAtOnce: names.every(name => all.includes(name)) && !left.includes(gone),
    listsSorted: isSorted(all) && isSorted(rest) && rest.length === 2
  };
}

async function conditions(bucket: Bucket, key: (name: string) => string): Promise<Verdict['ifAbsent']> {
  const once = key('once');
  try {
    await putIfAbsent(bucket, once, bytes('first'));
    if ((await putIfAbsent(bucket, once, bytes('second'))) !== 'exists') return 'ignored';
  } catch (error) {
    // Some answer 501 to the header.
    if (isRefusal(error)) return 'ignored';
    throw error;
  }
  for (let race = 0; race < RACES; race++) {
    const name = key(`race-${race}`);
    const writers = Array.from({ length: WRITERS }, (_, n) => putIfAbsent(bucket, name, bytes(`writer ${n}`)));
    const results = await Promise.all(writers);
    const winners = results.flatMap((result, n) => (result === 'created' ? [`writer ${n}`] : []));
    const stays = Buffer.from((await readObject(bucket, name)) ?? []).toString();
    if (winners.length !== 1 || winners[0] !== stays) return 'racy';
  }
  return 'exact';
}

async function multipart(bucket: Bucket, key: string): Promise<Pick<Verdict, 'multipart' | 'multipartIfAbsent'>> {
  try {
    await uploadInParts(bucket, key, 'first', {});
    if (Buffer.from((await readObject(bucket, key)) ?? []).toString() !== 'first') throw new Error('other bytes');
  } catch {
    return { multipart: false, multipartIfAbsent: false };
  }
  try {
    await uploadInParts(bucket, key, 'second', { IfNoneMatch: '*' });
    return { multipart: true, multipartIfAbsent: false };
  } catch (error) {
    const isKept = Buffer.from((await readObject(bucket, key)) ?? []).toString() === 'first';
    return { multipart: true, multipartIfAbsent: isConditionFailed(error) && isKept };
  }
}

async function uploadInParts(
  { client, name, root }: Bucket,
  key: string,
  text: string,
  condition: { IfNoneMatch?: string }
): Promise<void> {
  const at = { Bucket: name, Key: root + key };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
  try {
    const { ETag } = await client.send(new UploadPartCommand({ ...at, UploadId, PartNumber: 1, Body: bytes(text) }));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload, ...condition }));
  } catch (error) {
    await client.send(new AbortMultipartUploadCommand({ ...at, UploadId })).catch(() => undefined);
    throw error;
  }
}

async function refusesDamaged(bucket: Bucket, key: string): Promise<boolean> {
  const ContentMD5 = createHash('md5').update('other bytes').digest('base64');
  try {
    await put(bucket, key, bytes('these bytes'), { ContentMD5 });
    return false;
  } catch (error) {
    if (isRefusal(error)) return true;
    throw error;
  }
}

async function keysOf(bucket: Bucket, prefix: string, startAfter: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of pages(bucket, prefix, startAfter)) keys.push(key);
  return keys;
}

function isRefusal(error: unknown): boolean {
  const { status = 0 } = faultOf(error);
  return (status >= 400 && status < 500 && status !== 403) || status === 501;
}

function isSorted(keys: readonly string[]): boolean {
  return keys.every((key, index) => index === 0 || (keys[index - 1] ?? '') < key);
}
