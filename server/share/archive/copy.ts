import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import type { ObjectInfo, ObjectStore } from '../ports.js';
import { BLOBS, LOG, NOTEBOOKS, SNAPSHOTS, TEXTS } from './keys.js';
import { mapLimited } from './pool.js';
import { withScratch } from './scratch.js';

export interface CopyOptions {
  from: ObjectStore;
  to: ObjectStore;
  /** A folder for large objects on their way; made when needed. */
  temporaryDirectory: string;
  clock: Clock;
  /** Compare also what is there already, byte by byte. */
  verifyAll?: boolean;
  /** Told after every object that was copied or compared. */
  onProgress?: (soFar: CopyResult) => void;
}

/** What a copy did. */
export interface CopyResult {
  /** Objects that were written, each read back and compared. */
  copied: number;
  /** Bytes of those. */
  bytes: number;
  /** Objects that were there already. */
  present: number;
}

/** Objects at once, and objects looked at before they are copied. */
const PARALLEL = 8;
const BATCH = 128;

/** Larger ones pass through a file. Bytes. */
const IN_MEMORY = 8 * 1024 * 1024;

/** Rounds after which somebody must be writing faster than we copy. */
const ROUNDS = 10;

/** What never changes once it was written, so that its size tells enough. */
const immutable = [BLOBS, NOTEBOOKS, LOG, SNAPSHOTS, TEXTS];

/**
 * Copies an archive to another store. May be broken off and begun again: what is there already is not copied anew.
 * Each copy is read back and compared. Goes on until a round finds nothing new, so that what was shared meanwhile is
 * there too. Removes nothing, neither here nor there.
 *
 * @returns what was done; `present` is that of the last round
 * @throws ProblemError `conflict` where the archive grows faster than it is copied, `internal` where a copy is another
 */
export function copyArchive(options: CopyOptions): Promise<CopyResult> {
  const { from, to, temporaryDirectory, clock, verifyAll = false, onProgress = () => undefined } = options;
  const result: CopyResult = { copied: 0, bytes: 0, present: 0 };

  async function round(folder: string): Promise<number> {
    const before = result.copied;
    result.present = 0;
    let batch: { object: ObjectInfo; isThere: boolean }[] = [];
    const work = async (): Promise<void> => {
      await mapLimited(batch, PARALLEL, ({ object, isThere }) => one(object, isThere, folder));
      batch = [];
    };
    for await (const each of compare(from, to)) if (batch.push(each) >= BATCH) await work();
    await work();
    return result.copied - before;
  }

  async function one(object: ObjectInfo, isThere: boolean, folder: string): Promise<void> {
    const isSettled = !verifyAll && immutable.some(prefix => object.key.startsWith(prefix));
    if (isThere && (isSettled || (await isSame(from, to, object.key)))) result.present++;
    else await copy(object, folder);
    onProgress(result);
  }

  async function copy({ key, size }: ObjectInfo, folder: string): Promise<void> {
    const source = await from.open(key);
    // Whoever keeps the archive tidy has just removed it.
    if (source === undefined) return;
    const hash = createHash('sha256');
    const file = join(folder, createHash('sha256').update(key).digest('hex'));
    const parts: Uint8Array[] = [];
    async function* observe(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
      for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
      }
    }
    const isLarge = size > IN_MEMORY;
    if (isLarge) await pipeline(observe(source), createWriteStream(file, { mode: 0o600 }));
    else for await (const chunk of observe(source)) parts.push(chunk);
    try {
      await to.put(key, isLarge ? { file } : Buffer.concat(parts));
    } finally {
      if (isLarge) await rm(file, { force: true });
    }
    if ((await hashOf(to, key)) !== hash.digest('hex')) {
      throw new ProblemError(
        'internal',
        `The copy of ${key} holds other bytes than the original. Run the copy again; if it stays, do not use this storage.`
      );
    }
    result.copied++;
    result.bytes += size;
  }

  return withScratch(temporaryDirectory, clock, async folder => {
    for (let rounds = 0; rounds < ROUNDS; rounds++) if ((await round(folder)) === 0) return result;
    throw new ProblemError(
      'conflict',
      'The archive changes faster than it is copied. Stop the Jupyter servers that use it, then run the copy again.'
    );
  });
}

/** The objects of one store, each with whether the other has one of its size. Both list in the same order. */
async function* compare(from: ObjectStore, to: ObjectStore): AsyncIterable<{ object: ObjectInfo; isThere: boolean }> {
  const others = to.list('')[Symbol.asyncIterator]();
  try {
    let other = await others.next();
    for await (const object of from.list('')) {
      while (other.done !== true && other.value.key < object.key) other = await others.next();
      const isThere = other.done !== true && other.value.key === object.key && other.value.size === object.size;
      yield { object, isThere };
    }
  } finally {
    await others.return?.();
  }
}

async function isSame(from: ObjectStore, to: ObjectStore, key: string): Promise<boolean> {
  const [one, two] = await Promise.all([hashOf(from, key), hashOf(to, key)]);
  return one === two;
}

async function hashOf(store: ObjectStore, key: string): Promise<string | undefined> {
  const stream = await store.open(key);
  if (stream === undefined) return undefined;
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}
