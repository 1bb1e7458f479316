import { decodeTime } from 'ulid';
import type { Clock, FailPoint, Log } from '../../ports.js';
import type { LibraryIndex, NotebookHistory, ObjectStore } from '../ports.js';
import { readCondemned, writeCondemned } from './condemned.js';
import type { Condemned } from './condemned.js';
import type { Follower } from './follower.js';
import { blobKey, BLOBS, NOTEBOOKS, parseBlobKey, parseManifestKey } from './keys.js';
import { Marks } from './marks.js';
import { mapLimited } from './pool.js';
import type { Archive } from './types.js';

export interface SweepOptions {
  store: ObjectStore;
  archive: Archive;
  index: LibraryIndex;
  follower: Follower;
  clock: Clock;
  log: Log;
  failPoint?: FailPoint;
  limits?: Partial<SweepLimits>;
}

export interface SweepLimits {
  /** Time between two looks at all blobs. Milliseconds. */
  every: number;
  /** Blobs younger than this are never touched. Milliseconds. */
  grace: number;
  /** Time from being listed to being removed. Longer than any share takes. Milliseconds. */
  notice: number;
  /** Most blobs listed at once. */
  most: number;
}

const DAY = 24 * 3_600_000;
const LIMITS: SweepLimits = { every: 7 * DAY, grace: 7 * DAY, notice: DAY, most: 50_000 };

/** Manifests read at once. */
const READERS = 8;

/**
 * Removes blobs that no version refers to: of purged notebooks, and of shares that were given up.
 *
 * In two steps, a day apart, because a share under way may count on a blob that nothing refers to yet. The first
 * writes the list of what is to go; from then on shares count those blobs as missing and store them anew. The second
 * looks through all versions once more and removes what is still on the list, unused and not stored anew.
 * Where a manifest cannot be read nothing is removed at all: nobody knows what it refers to.
 */
export function createSweep(options: SweepOptions): { run(): Promise<{ listed: number; removed: number }> } {
  const { store, archive, index, follower, clock, log, failPoint = () => undefined } = options;
  const limits = { ...LIMITS, ...options.limits };

  async function run(): Promise<{ listed: number; removed: number }> {
    const condemned = await readCondemned(store);
    const age = clock.now() - (condemned?.at ?? -Infinity);
    if (condemned !== undefined && condemned.hashes.size > 0) {
      return { listed: 0, removed: age < limits.notice ? 0 : await remove(condemned) };
    }
    return { listed: age < limits.every ? 0 : await list(), removed: 0 };
  }

  async function list(): Promise<number> {
    const at = clock.now();
    const marks = await mark();
    if (marks === undefined) return 0;
    const hashes = new Set<string>();
    for await (const { key, modified } of store.list(BLOBS)) {
      const blob = parseBlobKey(key);
      if (blob === undefined || at - modified < limits.grace || marks.has(blob.sha256)) continue;
      hashes.add(blob.sha256);
      if (hashes.size >= limits.most) break;
    }
    await writeCondemned(store, { at, hashes });
    await failPoint('sweep:listed');
    return hashes.size;
  }

  async function remove({ at, hashes }: Condemned): Promise<number> {
    const marks = await mark();
    if (marks === undefined) return 0;
    let removed = 0;
    for (const sha256 of hashes) {
      if (marks.has(sha256)) continue;
      for (const key of [blobKey(sha256, true), blobKey(sha256, false)]) {
        const info = await store.head(key);
        if (info === undefined || info.modified > at) continue;
        await store.delete(key);
        await failPoint('sweep:blob-removed');
        removed++;
      }
    }
    await writeCondemned(store, { at: clock.now(), hashes: new Set() });
    if (removed > 0) log.info({ blobs: removed }, 'removed blobs that no version refers to');
    return removed;
  }

  /** Marks what versions refer to; undefined where that cannot be known. Removes what a purge left over. */
  async function mark(): Promise<Marks | undefined> {
    await follower.catchUp();
    const marks = new Marks();
    let batch: { notebookId: string; versionId: string; modified: number; key: string }[] = [];
    const unreadable: string[] = [];
    const work = async (): Promise<void> => {
      await mapLimited(batch, READERS, async ({ notebookId, versionId, modified, key }) => {
        if (isLeftOver(await index.history(notebookId), versionId, modified)) {
          await store.delete(key);
          return;
        }
        const manifest = await archive.version(notebookId, versionId).catch((error: unknown) => {
          log.error({ err: error, object: key }, 'a version cannot be read, so no blob is removed');
          unreadable.push(key);
        });
        for (const blob of manifest ? [manifest.snapshot, ...manifest.blobs] : []) marks.add(blob.sha256);
      });
      batch = [];
    };
    for await (const { key, modified } of store.list(NOTEBOOKS)) {
      const address = parseManifestKey(key);
      if (address && batch.push({ ...address, modified, key }) >= READERS * 4) await work();
      if (unreadable.length > 0) return undefined;
    }
    await work();
    return unreadable.length === 0 ? marks : undefined;
  }

  return { run };
}

/** Whether a purge, and nothing else, has taken a version out of the catalogue. An index that lacks it proves nothing. */
function isLeftOver(history: NotebookHistory | undefined, versionId: string, modified: number): boolean {
  if (history?.purged === undefined || history.versionIds.includes(versionId)) return false;
  return modified < decodeTime(history.purged) && decodeTime(versionId) < decodeTime(history.purged);
}
