import { join } from 'node:path';
import type { Clock, FailPoint, Ids, Log } from '../../ports.js';
import { createArchive } from '../archive/archive.js';
import { createCatalogue } from '../archive/catalogue.js';
import { createCompaction } from '../archive/compaction.js';
import { createFollower } from '../archive/follower.js';
import { createMaintenance } from '../archive/maintenance.js';
import type { Maintenance } from '../archive/maintenance.js';
import { createPurge } from '../archive/purge.js';
import { createSweep } from '../archive/sweep.js';
import type { Archive, Catalogue } from '../archive/types.js';
import type { LibraryIndex, ObjectStore, Renderer } from '../ports.js';
import { createCache } from './cache.js';
import { createDocuments } from './documents.js';
import { createLibraryService } from './service.js';
import type { LibraryService } from './service.js';

export interface LibraryParts {
  store: ObjectStore;
  /** For how many milliseconds the store need not be asked again what others wrote there. 0 by default. */
  freshFor?: number;
  index: LibraryIndex;
  renderer: Renderer;
  /** What renders; pages made by another version are made anew. */
  rendererVersion: string;
  /** A folder for what can be made again: pages, and files that are being written. Made when needed. */
  cacheDirectory: string;
  /** About how many bytes of pages are kept. */
  cacheBytes?: number;
  ids: Ids;
  clock: Clock;
  log: Log;
  failPoint?: FailPoint;
}

/** The Library with the archive below it. */
export interface Library {
  archive: Archive;
  catalogue: Catalogue;
  service: LibraryService;
  /** For the holder of the maintenance lease, every few minutes. */
  maintenance: Maintenance;
}

const CACHE_BYTES = 512 * 1024 * 1024;

/** Puts the Library together on its ports. Opens and closes none of them. */
export function createLibrary(parts: LibraryParts): Library {
  const { store, index, renderer, rendererVersion, cacheDirectory, cacheBytes = CACHE_BYTES } = parts;
  const { ids, clock, log, failPoint, freshFor } = parts;
  const follower = createFollower({ store, index, clock, log, freshFor });
  const archive = createArchive({ store, clock, log, failPoint, appended: event => follower.note(event) });
  const cache = createCache({ directory: join(cacheDirectory, 'documents'), maxBytes: cacheBytes, clock });
  const documents = createDocuments({ archive, renderer, cache, rendererVersion });
  const temporaryDirectory = join(cacheDirectory, 'work');
  const common = { store, archive, index, follower, ids, clock, log, failPoint };
  const maintenance = createMaintenance({
    log,
    chores: [
      { name: 'compaction', ...createCompaction({ ...common, temporaryDirectory }) },
      { name: 'purge', ...createPurge(common) },
      { name: 'sweep', ...createSweep(common) },
      { name: 'cache', run: () => cache.trim() }
    ]
  });
  return {
    archive,
    catalogue: createCatalogue({ index, follower }),
    service: createLibraryService({ archive, index, follower, documents, ids, clock }),
    maintenance
  };
}
