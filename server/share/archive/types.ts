/** What the archive holds and offers to the services of the share feature. Types only. */
import type { Audience, Provenance } from '../../../contract/share/index.js';
import type { ArchiveEvent, IndexedNotebook, NotebookSource, PreparedBlob, Reader } from '../ports.js';

/** A blob as a manifest refers to it. */
export interface BlobReference {
  sha256: string;
  /** Bytes unpacked. */
  size: number;
}

/** What the secret gate did to a version, without any secret. */
export interface GateVerdict {
  /** How many places were replaced by a mark. */
  redacted: number;
  /** What was found and let stand, with the person's reason. */
  kept: { fingerprint: string; rule: string; as: 'not-a-secret' | 'published'; reason: string }[];
}

/** One immutable version: `nb/<notebookId>/v/<versionId>.json.gz`. Small; the cells lie in the snapshot blob. */
export interface VersionManifest {
  format: 1;
  notebookId: string;
  versionId: string;
  /** The version this one was made from. Two versions with one parent are a fork: shown, nothing lost. */
  parent: string | undefined;
  author: string;
  owner: string;
  audience: Audience;
  createdAt: string;
  contentHash: string;
  title: string;
  tags: string[];
  groups: string[];
  hideCode: boolean;
  cells: number;
  /** Bytes of the notebook file as it was shared. */
  size: number;
  nbformat: number;
  language: string | undefined;
  provenance: Provenance;
  /** Cells and metadata; refers to `blobs` by hash. */
  snapshot: BlobReference;
  blobs: BlobReference[];
  /** Undefined where the gate found nothing, and in versions older than it. */
  secrets?: GateVerdict | undefined;
}

/** Objects and bytes written since the writer was made. */
export interface WriteCount {
  objects: number;
  bytes: number;
}

/**
 * The Library's storage on any object store. Versions and blobs are immutable; a version is visible once its
 * `published` event is in the log. Everything is durable when a method returns; everything may be repeated.
 */
export interface Archive {
  /** Of these blobs, those the store does not have. */
  missingBlobs(hashes: readonly string[]): Promise<string[]>;
  /** Stores `directory/<sha256>` unless it is there. The bytes are hashed again on the way; a mismatch is refused. */
  putBlob(blob: PreparedBlob, directory: string, count: WriteCount): Promise<void>;
  /**
   * Stores a manifest unless it is there. Its blobs must be stored already.
   *
   * @throws ProblemError `conflict` where one is missing
   */
  putVersion(manifest: VersionManifest, count: WriteCount): Promise<void>;
  /** The newest version of a notebook by version id, read from the store itself. */
  head(notebookId: string): Promise<VersionManifest | undefined>;
  version(notebookId: string, versionId: string): Promise<VersionManifest | undefined>;
  /** Checks that a version reads back whole: the manifest equals this one and every blob is there. */
  verify(manifest: VersionManifest): Promise<boolean>;
  /** Brings a version onto this machine for the renderer: the snapshot and its blobs, unpacked. */
  materialise(manifest: VersionManifest, workDirectory: string): Promise<NotebookSource>;
  /** Appends an event to the log, unless it is there. Its id decides order; the index follows. */
  append(event: ArchiveEvent, count: WriteCount): Promise<void>;
}

/** A notebook as the catalogue knows it: what lists show, and its versions, newest first. */
export type CatalogueEntry = IndexedNotebook;

/** The folded log: which notebooks there are and what is said of them. Derived; follows the archive within a call. */
export interface Catalogue {
  /** One notebook, deleted ones too; undefined where it never was, was purged, or the reader may not see it. */
  get(reader: Reader, notebookId: string): Promise<CatalogueEntry | undefined>;
}
