import type { Readable } from 'node:stream';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { ProblemError } from '../../../contract/problem.js';
import type { Bucket } from './bucket.js';
import { isMissing } from '../common/s3/faults.js';
import { isWorthRetrying, pauseBefore } from './retry.js';

/** Broken answers in a row, without one byte more, after which a read is given up. */
const MOST_BROKEN = 12;

interface Answer {
  body: Readable;
  /** Bytes of the whole object. */
  size: number;
  etag: string;
}

/** An object as a stream; undefined where there is none. An answer that breaks off is taken up where it ended. */
export async function openObject(bucket: Bucket, key: string): Promise<AsyncIterable<Uint8Array> | undefined> {
  const first = await request(bucket, key, 0);
  return first && chunks(bucket, key, first);
}

/** A whole object; undefined where there is none. */
export async function readObject(bucket: Bucket, key: string): Promise<Uint8Array | undefined> {
  const stream = await openObject(bucket, key);
  if (stream === undefined) return undefined;
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function* chunks(bucket: Bucket, key: string, first: Answer): AsyncIterable<Uint8Array> {
  let answer = first;
  let offset = 0;
  let broken = 0;
  try {
    for (;;) {
      let fault: unknown = new Error('The answer ended before its end.');
      try {
        for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
          offset += chunk.byteLength;
          broken = 0;
          yield chunk;
        }
      } catch (error) {
        fault = error;
      }
      if (offset === first.size) return;
      if (++broken > MOST_BROKEN || offset > first.size || !isWorthRetrying(fault)) throw fault;
      await bucket.surroundings.clock.sleep(pauseBefore(broken));
      answer = await resume(bucket, key, first, offset);
    }
  } finally {
    answer.body.destroy();
  }
}

async function resume(bucket: Bucket, key: string, first: Answer, offset: number): Promise<Answer> {
  const answer = await request(bucket, key, offset);
  if (answer !== undefined && answer.etag === first.etag && answer.size === first.size) return answer;
  answer?.body.destroy();
  throw new ProblemError('conflict', 'An object of the archive changed while it was read. Try again.');
}

/** Asks for an object from an offset on. */
async function request({ client, name, root }: Bucket, key: string, offset: number): Promise<Answer | undefined> {
  try {
    const answer = await client.send(
      new GetObjectCommand({ Bucket: name, Key: root + key, ...(offset > 0 && { Range: `bytes=${offset}-` }) })
    );
    // A server that knows no ranges answers with the whole object.
    const isPart = answer.ContentRange !== undefined;
    if (offset > 0 && !isPart) throw new Error('The server does not answer with a part of an object.');
    return {
      body: answer.Body as Readable,
      size: isPart ? Number(answer.ContentRange?.split('/')[1]) : (answer.ContentLength ?? 0),
      etag: answer.ETag ?? ''
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
