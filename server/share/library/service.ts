import type { Bytes } from '../../../contract/route.js';
import { ProblemError } from '../../../contract/problem.js';
import type {
  DetailsChange,
  Facets,
  Figure,
  LibraryNotebook,
  LibraryPage,
  LibraryQuery,
  NotebookDiff
} from '../../../contract/share/index.js';
import type { Caller, Clock, Ids } from '../../ports.js';
import type { Follower } from '../archive/follower.js';
import type { Archive, CatalogueEntry } from '../archive/types.js';
import type { ArchiveEvent, LibraryIndex, MadePage } from '../ports.js';
import { changesOf } from './changes.js';
import { createContent } from './content.js';
import type { DiffRange } from './content.js';
import type { Documents } from './documents.js';
import { lost, refuseOthers } from './refusals.js';

export interface LibraryOptions {
  archive: Archive;
  index: LibraryIndex;
  follower: Follower;
  documents: Documents;
  ids: Ids;
  clock: Clock;
}

/** Which version of which notebook. */
export interface VersionAddress {
  notebookId: string;
  /** An id, or `latest`. */
  versionId: string;
}

/**
 * The Library: finding, reading and changing shared notebooks. Whoever may not read a notebook is told that there is
 * none; only its owner may change it.
 *
 * @throws ProblemError `not-found`, `forbidden`; where something is written `storage-full`, `storage-read-only`; where
 * something is rendered what `Renderer` throws
 */
export interface LibraryService {
  list(caller: Caller, query: LibraryQuery): Promise<LibraryPage>;
  facets(caller: Caller): Promise<Facets>;
  get(caller: Caller, notebookId: string): Promise<LibraryNotebook>;
  change(caller: Caller, notebookId: string, change: DetailsChange): Promise<LibraryNotebook>;
  delete(caller: Caller, notebookId: string): Promise<LibraryNotebook>;
  restore(caller: Caller, notebookId: string): Promise<LibraryNotebook>;
  document(
    caller: Caller,
    address: VersionAddress,
    options: { hideCode?: boolean | undefined },
    signal: AbortSignal
  ): Promise<Bytes>;
  notebook(caller: Caller, address: VersionAddress, options: { fork: boolean }, signal: AbortSignal): Promise<Bytes>;
  figures(caller: Caller, address: VersionAddress, signal: AbortSignal): Promise<Figure[]>;
  figure(caller: Caller, address: VersionAddress, number: number, signal: AbortSignal): Promise<Bytes>;
  diff(caller: Caller, notebookId: string, range: DiffRange, signal: AbortSignal): Promise<NotebookDiff>;
  diffDocument(caller: Caller, notebookId: string, range: DiffRange, signal: AbortSignal): Promise<Bytes>;
  /** Keeps a page that the share has just made, so that the first reader need not wait for it. */
  seedDocument(page: MadePage): Promise<void>;
}

export function createLibraryService(options: LibraryOptions): LibraryService {
  const { archive, index, follower, documents, ids, clock } = options;

  async function entryOf(caller: Caller, notebookId: string): Promise<CatalogueEntry> {
    const { value } = await follower.read(() => index.get(caller, notebookId));
    if (value === undefined) throw lost(notebookId);
    return value;
  }

  async function ownEntry(caller: Caller, notebookId: string): Promise<CatalogueEntry> {
    const entry = await entryOf(caller, notebookId);
    refuseOthers(caller, entry.item);
    return entry;
  }

  /** Appends an event that counts whatever the clock says: its id is greater than all before it. */
  async function append(
    caller: Caller,
    { item, lastEvent }: CatalogueEntry,
    event: { type: 'deleted' | 'restored' } | ({ type: 'described' } & DetailsChange)
  ): Promise<LibraryNotebook> {
    const { notebookId } = item;
    const at = new Date(clock.now()).toISOString();
    const whole: ArchiveEvent = { ...event, id: ids.next(lastEvent), notebookId, author: caller.name, at };
    await archive.append(whole, { objects: 0, bytes: 0 });
    return get(caller, notebookId);
  }

  async function get(caller: Caller, notebookId: string): Promise<LibraryNotebook> {
    return toNotebook(await entryOf(caller, notebookId));
  }

  return {
    async list(caller, query) {
      const { value, asOf } = await follower.read(() => index.search(caller, query));
      return { ...value, asOf: new Date(asOf).toISOString() };
    },
    async facets(caller) {
      return (await follower.read(() => index.facets(caller))).value;
    },
    get,
    async change(caller, notebookId, change) {
      const entry = await ownEntry(caller, notebookId);
      if (entry.item.deletedAt !== undefined) {
        throw new ProblemError('not-found', `"${entry.item.title}" is deleted. Restore it first, then change it.`);
      }
      const changes = changesOf(entry.item, change);
      return changes === undefined ? toNotebook(entry) : append(caller, entry, { type: 'described', ...changes });
    },
    async delete(caller, notebookId) {
      const entry = await ownEntry(caller, notebookId);
      return entry.item.deletedAt === undefined ? append(caller, entry, { type: 'deleted' }) : toNotebook(entry);
    },
    async restore(caller, notebookId) {
      const entry = await ownEntry(caller, notebookId);
      return entry.item.deletedAt === undefined ? toNotebook(entry) : append(caller, entry, { type: 'restored' });
    },
    ...createContent({ archive, documents, entryOf }),
    seedDocument: page => documents.seed(page)
  };
}

function toNotebook({ item, versions, imports }: CatalogueEntry): LibraryNotebook {
  return { ...item, versionList: versions, imports };
}
