/** What history needs from outside. Adapters implement these; services see nothing else. Types only. */
import type { HistoryDiff } from '../../contract/history/index.js';

/* ------------------------------------------------------------------ what the front door saw */

/** A copy that the front door took of a notebook, before Jupyter answered the save. */
export interface SavedCopy {
  /** Its name: orders all copies and events of a home; never used again. */
  name: string;
  /** Absolute real path of the notebook. */
  path: string;
  /** Milliseconds since 1970. */
  at: number;
  kind: 'save' | 'before';
  /** Who saved it: the lasting name, and the one to show. */
  by: { name: string; shown: string };
  /** Where the copy lies on this machine, and where in it the notebook begins (bytes). */
  file: string;
  offset: number;
  /** Bytes of the notebook. */
  size: number;
}

/** The copies that wait to become versions. */
export interface SavedCopies {
  /** Their names, oldest first. */
  names(): Promise<string[]>;
  /** Opens one; undefined where it is gone, or was no copy and is set aside. */
  read(name: string): Promise<SavedCopy | undefined>;
  remove(name: string): Promise<void>;
  /** Calls back, not at once, after copies may have come. @returns what ends it */
  watch(came: () => void): () => void;
}

/** What the contents manager did with files, in the order of the ids. Places of other roots than `file:` count for nothing. */
export interface FileEvent {
  id: string;
  action: 'rename' | 'delete' | 'copy' | 'save';
  place: { root: string; path: string };
  from?: { root: string; path: string };
}

/* ------------------------------------------------------------------ the store */

/** A notebook that has versions. `path` is absolute and real. */
export interface KeptNotebook {
  id: string;
  owner: string;
  path: string;
  /** Since when its file is gone, in milliseconds since 1970. */
  goneAt: number | undefined;
}

/** A version as it is stored. */
export interface KeptVersion {
  id: string;
  notebookId: string;
  at: number;
  kind: 'save' | 'before';
  /** The name to show of who saved it. */
  by: string;
  /** Bytes of the file, and its SHA-256 in hex. */
  size: number;
  sha256: string;
  /** Bytes that it added to the store. */
  cost: number;
}

/** What a piece of a file is. A cell is one piece or more: the first is `cell`, the others are `more`. */
export type PieceKind = 'between' | 'cell' | 'more';

/** A piece of a file by its content. */
export interface Piece {
  /** SHA-256, 32 bytes. */
  hash: Buffer;
  kind: PieceKind;
}

/** A piece in a stored version. Equal chunks are equal content. */
export interface Entry {
  chunk: number;
  kind: PieceKind;
}

/** Content that is to be stored. */
export interface Chunk {
  hash: Buffer;
  /** Packed or as it is, whichever is smaller. */
  data: Buffer;
  packing: 'none' | 'zstd';
  /** Bytes unpacked. */
  size: number;
}

/** How much is kept, over all notebooks of a home. */
export interface Usage {
  notebooks: number;
  versions: number;
  /** Bytes on the disk that are in use. */
  bytes: number;
}

/**
 * Notebooks, their versions and the content they are made of. Methods are short and synchronous. What they store is
 * durable when they return; content that no version came to use is removed by `sweep`.
 */
export interface HistoryStore {
  /** Notes an event to be applied in its order; the same id counts once. */
  note(event: FileEvent): void;
  /** The oldest event that waits, or undefined. */
  waiting(): FileEvent | undefined;
  /** Applies a rename or a deletion, and forgets the event. */
  apply(event: FileEvent, at: number): void;

  /** The notebook whose file is there. */
  at(path: string): KeptNotebook | undefined;
  get(id: string): KeptNotebook | undefined;
  /** Notebooks that were at this path and are gone, the latest first. */
  goneAt(path: string): KeptNotebook[];
  /** All of an owner below a folder; `gone` tells which. At most `limit`, the latest gone first, else by path. */
  below(folder: string, options: { owner?: string; gone: boolean; limit: number }): KeptNotebook[];
  /** Marks a notebook as gone, or as there again at `path`. */
  setGone(id: string, at: number): void;
  revive(id: string, path: string): void;

  /** Which of these contents are stored already. */
  missing(hashes: readonly Buffer[]): Buffer[];
  /** Stores contents that no version uses yet. */
  putChunks(chunks: readonly Chunk[], now: number): void;
  /**
   * Stores a version, of a notebook that is made where there is none with this id. False, and nothing stored, where a
   * copy of this name became a version before.
   *
   * @param version - its cost is worked out here
   * @param stored - bytes that were stored for it beforehand
   */
  addVersion(
    notebook: KeptNotebook,
    version: Omit<KeptVersion, 'cost' | 'notebookId'>,
    pieces: readonly Piece[],
    options: { copy: string; stored: number; now: number }
  ): boolean;
  /** Whether a copy of this name became a version, or was found to be one. */
  isDone(copy: string): boolean;
  /** Notes that a copy needs no version. */
  markDone(copy: string, now: number): void;

  /** Versions of a notebook, newest first, older than `before`. */
  versions(notebookId: string, options: { before?: string; limit: number }): KeptVersion[];
  version(notebookId: string, versionId: string): KeptVersion | undefined;
  count(notebookId: string): { versions: number; firstAt: number; lastAt: number; size: number };
  /** The pieces of a version in the order of the file. */
  entries(versionId: string): Entry[];
  /** The content of a piece. */
  content(chunk: number): { data: Uint8Array; packing: Chunk['packing'] };

  /** Removes versions, and a notebook that has none left. Content that nobody uses any more goes with them. */
  removeVersions(notebookId: string, versionIds: readonly string[]): void;
  /** Every notebook that has more than one version, or is gone. */
  all(): KeptNotebook[];
  /** The oldest versions of all that are not the newest of their notebook, or whose notebook is gone. */
  oldest(limit: number): { notebookId: string; versionId: string }[];
  usage(): Usage;
  /** Removes content that was stored before `before` and that no version uses, and old notes; gives the room back. */
  sweep(before: number): void;
}

/* ------------------------------------------------------------------ the person's files */

/** The notebooks of the person on this machine, below the root of the Jupyter server. */
export interface HistoryFiles {
  /** The real folder that all paths lie in; undefined where contents are no files. */
  root(): Promise<string | undefined>;
  /**
   * The absolute real path that a contents path stands for, whether there is a file or not.
   *
   * @throws ProblemError `path-refused`, `file-not-found` for hidden files
   */
  locate(path: string): Promise<string>;
  /** The contents path of an absolute one; undefined where it is not below the root, or hidden. */
  pathOf(file: string, root: string): string | undefined;
  exists(file: string): Promise<boolean>;
  /**
   * Writes a file where nothing is; missing folders are made. Durable when this returns.
   *
   * @returns false where something is there already
   * @throws ProblemError `path-refused`, `storage-full`, `storage-read-only`
   */
  create(file: string, content: AsyncIterable<Uint8Array>): Promise<boolean>;
}

/* ------------------------------------------------------------------ comparing */

/** Compares two notebook files cell by cell, in a child process with capped memory and time. */
export interface Comparer {
  /** @param workDirectory - exists, is empty and belongs to this call */
  compare(
    before: string,
    after: string,
    call: { workDirectory: string; signal: AbortSignal }
  ): Promise<Omit<HistoryDiff, 'versionId' | 'against'>>;
}
