import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { isObjectKeyPart } from '../../share/archive/objectKey.js';
import type { ObjectInfo } from '../../share/ports.js';
import type { Bucket } from './bucket.js';
import { wholeSeconds } from './writing.js';

/**
 * Objects under a prefix after a key, page by page; the next page is under way while one is used.
 *
 * Servers on file systems list `a/b` before `a-b`, which is not the order of bytes. Where that is met the keys are
 * collected and sorted.
 */
export async function* listObjects(
  bucket: Bucket,
  prefix: string,
  startAfter: string,
  isSorted: boolean
): AsyncIterable<ObjectInfo> {
  const unsorted: ObjectInfo[] = [];
  for await (const info of pages(bucket, prefix, isSorted ? startAfter : '')) {
    // What else lies in the bucket, of a probe or of others, is no object of ours.
    if (info.key <= startAfter || !info.key.split('/').every(isObjectKeyPart)) continue;
    if (isSorted) yield info;
    else unsorted.push(info);
  }
  yield* unsorted.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** All that lies under a prefix, as the server lists it. */
export async function* pages(bucket: Bucket, prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
  let next: Promise<ListObjectsV2CommandOutput> | undefined = page(bucket, prefix, { StartAfter: startAfter });
  while (next !== undefined) {
    const { Contents = [], IsTruncated, NextContinuationToken }: ListObjectsV2CommandOutput = await next;
    next =
      IsTruncated === true && NextContinuationToken !== undefined
        ? page(bucket, prefix, { ContinuationToken: NextContinuationToken })
        : undefined;
    // Whoever leaves in the middle of a list does not wait for this one.
    next?.catch(() => undefined);
    for (const { Key = '', Size = 0, LastModified } of Contents) {
      yield { key: Key.slice(bucket.root.length), size: Size, modified: wholeSeconds(LastModified) };
    }
  }
}

function page(
  { client, name, root }: Bucket,
  prefix: string,
  from: { StartAfter?: string; ContinuationToken?: string }
): Promise<ListObjectsV2CommandOutput> {
  const { StartAfter, ContinuationToken } = from;
  return client.send(
    new ListObjectsV2Command({
      Bucket: name,
      Prefix: root + prefix,
      ...(StartAfter && { StartAfter: root + StartAfter }),
      ...(ContinuationToken !== undefined && { ContinuationToken })
    })
  );
}
