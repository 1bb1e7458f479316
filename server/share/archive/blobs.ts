import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { createGzip, gzip } from 'node:zlib';
import { ProblemError } from '../../../contract/problem.js';
import { onStorage } from '../../storage.js';
import type { ObjectBody, ObjectStore, PreparedBlob } from '../ports.js';
import { blobKey } from './keys.js';
import { unpack } from './packed.js';
import type { BlobReference, WriteCount } from './types.js';

/** Blobs up to this size are packed in memory. Bytes. */
const IN_MEMORY = 1024 * 1024;

/** Blobs by content. A blob is stored once, packed or plain, under the name of its SHA-256. */
export interface Blobs {
  /** When a blob was stored (milliseconds since 1970); undefined where it is not there. */
  storedAt(sha256: string): Promise<number | undefined>;
  /** Stores `directory/<sha256>`, over what is there. Refuses bytes that have another hash. */
  put(blob: PreparedBlob, directory: string, count: WriteCount): Promise<void>;
  /** Writes a blob, unpacked and checked, to a file that does not exist. */
  fetch(blob: BlobReference, file: string): Promise<void>;
}

export function createBlobs(store: ObjectStore): Blobs {
  async function put(blob: PreparedBlob, directory: string, count: WriteCount): Promise<void> {
    const file = join(directory, blob.sha256);
    if (blob.size <= IN_MEMORY) {
      const bytes = await readFile(file);
      refuseOther(createHash('sha256').update(bytes).digest('hex'), blob.sha256);
      const packed = blob.compressible ? await promisify(gzip)(bytes) : bytes;
      const smaller = packed.byteLength < bytes.byteLength;
      await write(blobKey(blob.sha256, smaller), smaller ? packed : bytes, count);
      return;
    }
    refuseOther(await hashOf(file), blob.sha256);
    if (!blob.compressible) {
      await write(blobKey(blob.sha256, false), { file }, count, blob.size);
      return;
    }
    const packed = `${file}.packed`;
    try {
      await onStorage(directory, () => pipeline(createReadStream(file), createGzip(), createWriteStream(packed)));
      await write(blobKey(blob.sha256, true), { file: packed }, count, (await stat(packed)).size);
    } finally {
      await rm(packed, { force: true });
    }
  }

  async function write(key: string, body: ObjectBody, count: WriteCount, size?: number): Promise<void> {
    await store.put(key, body);
    count.objects++;
    count.bytes += size ?? (body instanceof Uint8Array ? body.byteLength : 0);
  }

  async function storedAt(sha256: string): Promise<number | undefined> {
    const info = (await store.head(blobKey(sha256, true))) ?? (await store.head(blobKey(sha256, false)));
    return info?.modified;
  }

  async function fetch(blob: BlobReference, file: string): Promise<void> {
    const packed = await store.open(blobKey(blob.sha256, true));
    const source = packed ?? (await store.open(blobKey(blob.sha256, false)));
    if (source === undefined) throw damaged(blob.sha256, 'is missing');
    const hash = createHash('sha256');
    async function* observe(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    }
    try {
      await pipeline(observe(packed ? unpack(packed) : source), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    } catch (error) {
      if (isUnpacking(error)) throw damaged(blob.sha256, 'cannot be unpacked', error);
      throw error;
    }
    if (hash.digest('hex') !== blob.sha256) throw damaged(blob.sha256, 'holds other bytes than its name says');
  }

  return { storedAt, put, fetch };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function refuseOther(found: string, wanted: string): void {
  if (found !== wanted) {
    throw new ProblemError('internal', `The file prepared as ${wanted} holds other bytes. Share the notebook again.`);
  }
}

function isUnpacking(error: unknown): boolean {
  return ((error as NodeJS.ErrnoException).code ?? '').startsWith('Z_');
}

function damaged(sha256: string, what: string, cause?: unknown): ProblemError {
  return new ProblemError(
    'internal',
    `A part of this version ${what} in the archive (blob ${sha256}). Open another version; other notebooks are not touched by this.`,
    { cause }
  );
}
