/** The events of the Library and the index they are folded into. Types only. */
import type {
  Audience,
  Facets,
  LibraryItem,
  LibraryPage,
  LibraryQuery,
  Provenance,
  Version
} from '../../../contract/share/index.js';
import type { Caller } from '../../ports.js';

/** One thing that happened in the Library, as the archive's log holds it. */
export type ArchiveEvent =
  | {
      type: 'published';
      id: string;
      notebookId: string;
      versionId: string;
      parent?: string;
      author: string;
      at: string;
      contentHash: string;
      hideCode: boolean;
      cells: number;
      size: number;
      provenance: Provenance;
      title: string;
      tags: string[];
      groups: string[];
      owner: string;
      audience: Audience;
      language?: string;
      text: string;
      imports: string[];
      tables: string[];
    }
  | {
      type: 'described';
      id: string;
      notebookId: string;
      author: string;
      at: string;
      title?: string;
      tags?: string[];
      groups?: string[];
      audience?: Audience;
    }
  | { type: 'deleted'; id: string; notebookId: string; author: string; at: string }
  | { type: 'restored'; id: string; notebookId: string; author: string; at: string }
  | { type: 'purged'; id: string; notebookId: string; author: string; at: string };

/** Who asks, for the filter that comes before ranking. */
export type Reader = Pick<Caller, 'name' | 'groups'>;

/** A value and the event that set it. Of two, the later event's counts: merging needs no order. */
export interface Register<T> {
  event: string;
  value: T;
}

/** One version as the log knows it. */
export interface VersionFact {
  /** The event that published it. */
  event: string;
  versionId: string;
  parent?: string;
  author: string;
  owner: string;
  at: string;
  contentHash: string;
  hideCode: boolean;
  cells: number;
  size: number;
  /** SHA-256 of the provenance as JSON; many versions share one. */
  provenance: string;
}

/** What the events of one notebook come to, without its versions. */
export interface NotebookCore {
  notebookId: string;
  /** The latest event. */
  last: string;
  /** The event that purged it: whatever came before that is forgotten. */
  purged?: string;
  title?: Register<string>;
  tags?: Register<string[]>;
  groups?: Register<string[]>;
  audience?: Register<Audience>;
  /** When it was deleted; null once published again or restored. */
  deletedAt?: Register<string | null>;
  /** When it was last published or described. */
  updatedAt?: Register<string>;
  /** What the latest version is about. */
  facts?: Register<{ language?: string; imports: string[]; tables: string[] }>;
}

/** All that is known of one notebook, or a part of it that is to be merged in. */
export interface NotebookRecord {
  core: NotebookCore;
  versions: VersionFact[];
  /** Prose of the latest version. */
  text?: Register<string>;
  /** By their hash, as far as the versions refer to them. */
  provenances?: Record<string, Provenance>;
}

/** A notebook as the index gives it. */
export interface IndexedNotebook {
  item: LibraryItem;
  /** Newest first. */
  versions: Version[];
  imports: string[];
  /** The latest event: a new one must have a greater id to count. */
  lastEvent: string;
}

/** What has become of a notebook. */
export interface NotebookHistory {
  /** The latest event. */
  lastEvent: string;
  /** The event that purged it last; undefined for none. */
  purged: string | undefined;
  /** Its published versions, but for those purged. */
  versionIds: string[];
}

/**
 * The catalogue and full text of the Library in a form that answers fast. Derived: whatever happens to it, it can be
 * filled again from the archive. Merging the same thing twice, or in another order, comes to the same.
 * Whoever may not read a notebook never learns of it; the filter comes before ranking and counting.
 *
 * @throws IndexLost from any method, when what it held is gone and it is empty now
 */
export interface LibraryIndex {
  /** The snapshot that was taken over whole; undefined for none. */
  snapshot(): Promise<string | undefined>;
  /** Of these events, those that were not merged yet. */
  missing(events: readonly string[]): Promise<string[]>;
  apply(events: readonly ArchiveEvent[]): Promise<void>;
  /** Merges records of a snapshot. */
  merge(records: readonly NotebookRecord[]): Promise<void>;
  /** Notes that a snapshot was merged whole, with these events in it that may still be in the log. */
  adopt(snapshot: string, events: readonly string[]): Promise<void>;
  /** Forgets which events were merged, but for these: the log does not hold them any more. */
  keepEvents(events: ReadonlySet<string>): Promise<void>;
  search(reader: Reader, query: LibraryQuery): Promise<Omit<LibraryPage, 'asOf'>>;
  facets(reader: Reader): Promise<Facets>;
  /** One notebook, deleted ones too; undefined where there is none for this reader. */
  get(reader: Reader, notebookId: string): Promise<IndexedNotebook | undefined>;
  /** Notebooks deleted before this time (ISO 8601) and not restored. */
  expired(deletedBefore: string): Promise<string[]>;
  /** What has become of a notebook, whoever may read it; undefined where nothing is known of it. */
  history(notebookId: string): Promise<NotebookHistory | undefined>;
  close(): Promise<void>;
}
