import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFailPoints } from '../../server/adapters/memory/failPoints.js';
import { createMemoryLibraryIndex } from '../../server/adapters/memory/libraryIndex.js';
import { createMemoryObjectStore } from '../../server/adapters/memory/objectStore.js';
import { createIds } from '../../server/ids.js';
import type { Caller } from '../../server/ports.js';
import { createArchive } from '../../server/share/archive/archive.js';
import { createCompaction } from '../../server/share/archive/compaction.js';
import type { CompactionLimits } from '../../server/share/archive/compaction.js';
import { createFollower } from '../../server/share/archive/follower.js';
import { createPurge } from '../../server/share/archive/purge.js';
import { createSweep } from '../../server/share/archive/sweep.js';
import type { VersionManifest } from '../../server/share/archive/types.js';
import type { ArchiveEvent, LibraryIndex, ObjectStore, PreparedBlob } from '../../server/share/ports.js';
import { createEvents, createTestClock, createTestLog } from './library.js';

export const system: Caller = { name: 'lakeside', groups: [], via: 'system' };
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** An archive with everything around it, on a store in memory unless another one is given. */
export async function openArchiveHome(
  given: { store?: ObjectStore; limits?: Partial<CompactionLimits>; freshFor?: number } = {}
) {
  const folder = await mkdtemp(join(tmpdir(), 'lakeside-archive-'));
  const clock = createTestClock();
  const log = createTestLog();
  const points = createFailPoints();
  const store = given.store ?? createMemoryObjectStore({ now: () => clock.now() });
  const ids = createIds(clock);
  const events = createEvents(clock, ids);
  const { failPoint } = points;

  /** A process of its own on the same archive. */
  function open(index: LibraryIndex = createMemoryLibraryIndex()) {
    const follower = createFollower({ store, index, clock, log, freshFor: given.freshFor });
    const archive = createArchive({ store, clock, log, appended: event => follower.note(event), failPoint });
    const common = { store, archive, index, follower, ids, clock, log, failPoint };
    const temporaryDirectory = join(folder, 'work');
    return {
      index,
      follower,
      archive,
      compaction: createCompaction({
        ...common,
        temporaryDirectory,
        ...(given.limits && { limits: given.limits })
      }),
      purge: createPurge(common),
      sweep: createSweep(common)
    };
  }

  const blobFolder = join(folder, 'blobs');
  async function prepareBlob(content: string | Uint8Array, compressible = true): Promise<PreparedBlob> {
    await mkdir(blobFolder, { recursive: true });
    const hash = sha256(content);
    await writeFile(join(blobFolder, hash), content);
    return { sha256: hash, size: Buffer.byteLength(content), compressible };
  }

  /** Publishes as the share service does: blobs, manifest, event. */
  async function publish(
    process: ReturnType<typeof open>,
    contents: readonly (string | Uint8Array)[],
    event: ArchiveEvent & { type: 'published' } = events.published()
  ): Promise<VersionManifest> {
    const count = { objects: 0, bytes: 0 };
    const blobs = await Promise.all(contents.map(content => prepareBlob(content)));
    const missing = await process.archive.missingBlobs(blobs.map(blob => blob.sha256));
    for (const blob of blobs) if (missing.includes(blob.sha256)) await process.archive.putBlob(blob, blobFolder, count);
    const manifest = manifestOf(event, blobs);
    await process.archive.putVersion(manifest, count);
    await process.archive.append(event, count);
    return manifest;
  }

  return {
    folder,
    blobFolder,
    clock,
    log,
    points,
    store,
    ids,
    events,
    open,
    prepareBlob,
    publish,
    dispose: () => rm(folder, { recursive: true, force: true })
  };
}

/** The manifest that belongs to an event. The first blob is its snapshot. */
export function manifestOf(
  event: ArchiveEvent & { type: 'published' },
  [snapshot, ...blobs]: readonly PreparedBlob[]
): VersionManifest {
  const { notebookId, versionId, parent, author, owner, audience, at, contentHash, title, tags, groups } = event;
  const { hideCode, cells, size, language, provenance } = event;
  const reference = (blob: PreparedBlob | undefined) => ({ sha256: blob?.sha256 ?? '', size: blob?.size ?? 0 });
  return {
    format: 1,
    ...{ notebookId, versionId, parent, author, owner, audience, contentHash, title, tags, groups },
    ...{ hideCode, cells, size, language, provenance },
    createdAt: at,
    nbformat: 4,
    snapshot: reference(snapshot),
    blobs: blobs.map(reference)
  };
}

/** The keys of a store. */
export async function keysOf(store: ObjectStore, prefix = ''): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of store.keys(prefix)) keys.push(key);
  return keys;
}
