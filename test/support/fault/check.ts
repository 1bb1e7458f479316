import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { isFinal } from '../../../server/jobs/events.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMemoryLibraryIndex } from '../../../server/adapters/memory/libraryIndex.js';
import { createFileObjectStore } from '../../../server/adapters/objectstore-fs/index.js';
import { openState } from '../../../server/adapters/sqlite-state/index.js';
import { createArchive } from '../../../server/share/archive/archive.js';
import { createCatalogue } from '../../../server/share/archive/catalogue.js';
import { createFollower } from '../../../server/share/archive/follower.js';
import type { CatalogueEntry } from '../../../server/share/archive/types.js';
import { ada, silent } from '../share/home.js';

/** The objects of a home's archive: key to inode and time of last write, so that a second write is seen. */
export function objectsOf(home: string): Map<string, string> {
  const folder = join(home, 'archive');
  if (!existsSync(folder)) return new Map();
  // The store removes unfinished writes of dead processes after an hour.
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(
    entry => entry.isFile() && !entry.parentPath.endsWith('+temporary')
  );
  return new Map(
    files.map(entry => {
      const path = join(entry.parentPath, entry.name);
      const { ino, mtimeMs } = statSync(path);
      return [path.slice(folder.length + 1), `${ino} ${mtimeMs}`];
    })
  );
}

/** The jobs of a person in a home, as they are stored. */
export function jobsOf(home: string, owner = 'ada') {
  const state = openState({ file: join(home, 'state.db'), clock: systemClock });
  try {
    return state.jobs.list(owner, { active: false, limit: 1000 });
  } finally {
    state.close();
  }
}

/** Waits until every job of a home has ended. */
export async function jobsEnded(home: string, seconds: number) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const jobs = jobsOf(home);
    if (jobs.every(job => isFinal(job.state))) return jobs;
    if (Date.now() > end) throw new Error(`Not ended after ${seconds} s: ${JSON.stringify(jobs)}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

/**
 * Checks that the archive of a home is whole, read from the objects alone: every version of every notebook reads back
 * with all its bytes, and there is no object that nothing refers to.
 *
 * @param options.leftovers - shares failed in between: versions that were never published, and blobs of them, may lie
 *   there until they are swept
 * @returns the notebooks
 */
export async function checkArchive(home: string, options: { leftovers?: boolean } = {}): Promise<CatalogueEntry[]> {
  const store = createFileObjectStore({ directory: join(home, 'archive') });
  const archive = createArchive({ store, clock: systemClock, log: silent });
  const keys = [...objectsOf(home).keys()];
  const notebookIds = new Set(keys.flatMap(key => /^nb\/(\w{26})\//.exec(key)?.[1] ?? []));
  const entries: CatalogueEntry[] = [];
  const index = createMemoryLibraryIndex();
  const catalogue = createCatalogue({
    index,
    follower: createFollower({ store, index, clock: systemClock, log: silent })
  });
  const referred = new Set<string>();
  for (const notebookId of notebookIds) {
    const entry = await catalogue.get(ada, notebookId);
    if (!options.leftovers) expect(entry, `notebook ${notebookId} has a version that no event published`).toBeDefined();
    if (entry === undefined) continue;
    entries.push(entry);
    const manifests = keys.filter(key => key.startsWith(`nb/${notebookId}/`)).map(key => key.slice(32, 58));
    const published = entry.versions.map(version => version.versionId).sort();
    if (!options.leftovers) expect(published).toEqual(manifests.sort());
    for (const { versionId } of entry.versions) {
      const manifest = await archive.version(notebookId, versionId);
      expect(manifest && (await archive.verify(manifest))).toBe(true);
      if (manifest === undefined) continue;
      const work = mkdtempSync(join(tmpdir(), 'check-'));
      // Reads every blob and compares its hash.
      await archive.materialise(manifest, work);
      rmSync(work, { recursive: true });
      for (const blob of [manifest.snapshot, ...manifest.blobs]) referred.add(blob.sha256);
    }
  }
  const blobs = keys.flatMap(key => /^blobs\/sha256\/..\/([0-9a-f]{64})/.exec(key)?.[1] ?? []);
  if (!options.leftovers) expect(blobs.sort()).toEqual([...referred].sort());
  const known =
    /^(nb\/\w{26}\/v\/\w{26}\.json\.gz|log\/[\d-]+\/\w{26}\.json|blobs\/sha256\/..\/[0-9a-f]{64}(\.gz)?|index\/.+)$/;
  expect(keys.filter(key => !known.test(key))).toEqual([]);
  return entries;
}

/** Names of what lies in the work folder of a home. */
export function leftovers(home: string): string[] {
  return ['shares', 'scratch'].flatMap(name =>
    existsSync(join(home, 'work', name)) ? readdirSync(join(home, 'work', name)) : []
  );
}
