/** What the share feature needs from outside. Adapters implement these; services see nothing else. Types only. */
import type { Figure, Finding, NotebookDiff, Provenance } from '../../contract/share/index.js';
import type { WikiPageOptions, WikiRendering } from './wiki/ports.js';

/* ------------------------------------------------------------------ object store */

/** An object as lists show it. */
export interface ObjectInfo {
  key: string;
  /** Bytes as stored. */
  size: number;
  /** Milliseconds since 1970 of the last write, as the store says. */
  modified: number;
}

/** Bytes in memory, or a file on this machine that is streamed. */
export type ObjectBody = Uint8Array | { file: string };

/**
 * Immutable objects under keys. Keys are `/`-separated parts of `[A-Za-z0-9._-]`, no part `.` or `..`, at most 512 bytes;
 * no key is a folder of another one.
 * `put` and `delete` return when the change survives a crash of process and machine.
 * A failed or killed `put` leaves the old object or none, never a torn one.
 */
export interface ObjectStore {
  /**
   * Writes an object.
   *
   * @param options.ifAbsent - leave an existing object as it is; of several at once exactly one is `created`
   * @throws ProblemError `storage-full`, `storage-read-only`
   */
  put(key: string, body: ObjectBody, options?: { ifAbsent?: boolean }): Promise<'created' | 'replaced' | 'exists'>;
  /** A whole object, or undefined where there is none. */
  get(key: string): Promise<Uint8Array | undefined>;
  /** An object as a stream, or undefined where there is none. */
  open(key: string): Promise<AsyncIterable<Uint8Array> | undefined>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Objects under a prefix in the byte order of their keys, from after `startAfter`. Never cut short. */
  list(prefix: string, options?: { startAfter?: string }): AsyncIterable<ObjectInfo>;
  /** The keys of the same objects, for less where a list has to look at each of them. */
  keys(prefix: string, options?: { startAfter?: string }): AsyncIterable<string>;
  /** Removes an object. False where there was none. */
  delete(key: string): Promise<boolean>;
  close(): Promise<void>;
}

/* ------------------------------------------------------------------ renderer */

/**
 * A notebook to work on, as files on this machine: an `.ipynb`, or a snapshot from the archive with its blobs
 * (`blobDirectory/<sha256>`, unpacked).
 */
export type NotebookSource =
  { kind: 'ipynb'; file: string } | { kind: 'snapshot'; file: string; blobDirectory: string };

/** A blob that a snapshot refers to, written to `directory/<sha256>`. */
export interface PreparedBlob {
  sha256: string;
  /** Bytes of the file, unpacked. */
  size: number;
  /** Whether gzip makes it smaller (text does, a PNG does not). */
  compressible: boolean;
}

/** What reading a notebook found out. Everything bounded, safe to hold in the sidecar. */
export interface NotebookFacts {
  /** SHA-256 over the canonical notebook without `metadata.lakeside`. */
  contentHash: string;
  /** A valid id in `metadata.lakeside.id`, else undefined. */
  notebookId: string | undefined;
  nbformat: number;
  /** First heading, else undefined. At most 200 characters. */
  title: string | undefined;
  cells: number;
  /** Bytes of the file. */
  size: number;
  language: string | undefined;
  kernel: Provenance['kernel'];
  /** Prose for the search index: markdown without its marks, at most 64 KB. */
  text: string;
  imports: string[];
  /** Tables read, as named in SQL, Spark and pandas calls. */
  tables: string[];
  /** Sentences on what was mended while reading ("2 cells had no id"). */
  notes: string[];
}

/** A page, with all that it was made from beside the notebook itself. */
export interface MadePage {
  snapshotHash: string;
  title: string;
  hideCode: boolean;
  documentFile: string;
  figures: Figure[];
}

/** A notebook made ready to publish: everything lies in the working directory. */
export interface Prepared {
  facts: NotebookFacts;
  /** The cells and metadata with large outputs replaced by blob references: JSON, `snapshot.json`. */
  snapshotFile: string;
  snapshotHash: string;
  blobs: PreparedBlob[];
  blobDirectory: string;
  /** The page: one self-contained document, the same bytes that `lakeside render` writes. */
  documentFile: string;
  documentSize: number;
  figures: Figure[];
  /** Sentences on what was cut or replaced. */
  notes: string[];
}

export interface DocumentOptions {
  title?: string;
  hideCode: boolean;
  /** Stop after about so many bytes of page and say so; for previews. */
  maxBytes?: number;
}

/** A secret that the person uses now. */
export interface LiveSecret {
  /** Where it is from, as it may be shown: `the variable PGPASSWORD`. */
  name: string;
  value: string;
}

/** The secrets that the person uses now, read anew at each call. */
export interface LiveSecrets {
  current(): Promise<LiveSecret[]>;
}

export interface ScanOptions {
  /** Values to look for wherever they stand. Shorter ones than eight characters are left out. */
  live: readonly LiveSecret[];
  /** 32 bytes in hex from which fingerprints are made. */
  key: string;
  /** Also write a copy with marks in place of the secrets, but for those with these fingerprints. */
  redact?: { keep: readonly string[] };
  /** Also tell which notebook it is: reading it once more for that would cost as much again. */
  identify?: boolean;
}

/** What a scan found. Nothing in it holds more than a few characters of a secret. */
export interface Scanned {
  /** In the order of the notebook; the first 1000. */
  findings: Finding[];
  total: number;
  /** How many were replaced in the copy. */
  redacted: number;
  /** The copy, `redacted.ipynb`; undefined where nothing had to be replaced. */
  file: string | undefined;
  /** Where it was asked for. */
  identity?: Pick<NotebookFacts, 'contentHash' | 'notebookId'>;
}

/** How far a rendering is: cells done of all. */
export type Progress = (done: number, total: number) => void;

export interface RenderCall {
  /** Where results are written. Exists, is empty and belongs to this call. */
  workDirectory: string;
  signal?: AbortSignal;
  onProgress?: Progress;
}

/**
 * Reads and renders notebooks in a child process with capped memory and time (decision 12).
 *
 * @throws ProblemError `not-a-notebook`, `notebook-version`, `notebook-too-complex`, `too-large`, `render-failed`, `cancelled`
 */
export interface Renderer {
  /** Reads and hashes only. */
  inspect(source: NotebookSource, call: RenderCall): Promise<NotebookFacts>;
  /** Reads, hashes, splits and renders. */
  prepare(source: NotebookSource, options: DocumentOptions, call: RenderCall): Promise<Prepared>;
  /** Renders the page: `document.html` in the working directory. */
  document(
    source: NotebookSource,
    options: DocumentOptions,
    call: RenderCall
  ): Promise<{ file: string; size: number; figures: Figure[]; notes: string[] }>;
  /** One interactive figure as a live document: `figure.html`. */
  figure(source: NotebookSource, number: number, call: RenderCall): Promise<{ file: string; size: number }>;
  /** Writes the notebook as a file: `notebook.ipynb`. */
  notebook(
    source: NotebookSource,
    options: { withoutId: boolean; withId?: string },
    call: RenderCall
  ): Promise<{ file: string; size: number }>;
  /** Compares two: the difference, and `diff.html` when `document` is asked for. Ids are left for the caller to fill in. */
  diff(
    before: NotebookSource,
    after: NotebookSource,
    options: { document: boolean; title: string; beforeLabel: string; afterLabel: string },
    call: RenderCall
  ): Promise<{ diff: Omit<NotebookDiff, 'notebookId' | 'from' | 'to'>; file?: string; size?: number }>;
  /** Writes the notebook as a page of a wiki: `page.txt`, its pictures in `attachments/`. */
  wiki(source: NotebookSource, options: WikiPageOptions, call: RenderCall): Promise<WikiRendering>;
  /** Looks for secrets in every text of a notebook, each for itself. */
  scan(source: NotebookSource, options: ScanOptions, call: RenderCall): Promise<Scanned>;
  close(): Promise<void>;
}

/* ------------------------------------------------------------------ the person's files */

/** The notebooks of the person, below the Jupyter server's root folder or, in the CLI, anywhere. */
export interface NotebookFiles {
  /**
   * Finds a file without following it out of the root.
   *
   * @param path - a contents path
   * @throws ProblemError `file-not-found`, `file-unreadable`, `path-refused`
   */
  locate(path: string): Promise<FileLocation>;
  /**
   * Copies the bytes of a located file into `target`, which must not exist. The copy is what the file held at one
   * time: `modified` is its time of last change then (milliseconds). It is durable when this returns, unless
   * `durable` is false.
   *
   * @throws ProblemError `file-not-found`, `file-unreadable`, `path-refused`, `too-large`; `conflict` where it keeps changing
   */
  copy(
    location: FileLocation,
    target: string,
    options?: { durable?: boolean }
  ): Promise<{ size: number; sha256: string; modified: number }>;
  /** Whether a place still has a file. */
  exists(place: Place): Promise<boolean>;
  /** The contents path that leads to a place; undefined where none does. Nothing is said of whether it has a file. */
  pathOf(place: Place): Promise<string | undefined>;
}

/** Where a notebook is, in a form that stays the same however it is reached: a root and a path in it. */
export interface Place {
  /** `file:` for files of this machine (then `path` is absolute and real), else a name of the contents manager. */
  root: string;
  path: string;
}

export interface FileLocation {
  place: Place;
  /** The file on this machine; undefined where contents are no files. */
  file: string | undefined;
  /** Size in bytes and time of last change (milliseconds), where known: with `file` a cheap "is it the same". */
  size: number;
  modified: number;
}

/* ------------------------------------------------------------------ identity */

/** Which notebook a place holds. */
export interface Binding {
  place: Place;
  notebookId: string;
  owner: string;
  /** What the file looked like when it was last shared or compared, so that an unchanged file is not read again. */
  seen: { size: number; modified: number; contentHash: string } | undefined;
  /** The valid id in the file's metadata when it was bound, where it is another one: a copy published as new. */
  heldId?: string | undefined;
  /** True once the file was deleted: another file may take its place without taking over its page. */
  gone?: boolean;
}

/** The bindings of (root, path) to notebook ids in `state.db`. Durable when a method returns, but for what was seen. */
export interface Bindings {
  at(place: Place): Binding | undefined;
  of(notebookId: string): Binding[];
  put(binding: Binding): void;
  remove(place: Place): void;
  /** Moves the binding of a file, or those of everything below a folder. A binding at the target is replaced. */
  move(from: Place, to: Place): void;
  /** Notes what the file at a place looked like; changes nothing where the place holds another notebook by now. */
  saw(place: Place, notebookId: string, seen: Binding['seen']): void;
  /** Marks the binding of a deleted file, or those of everything below a folder, as `gone`. */
  markGone(place: Place): void;
  /** Makes several changes as one, once in all processes and for all time; false where this name was run before. */
  once(name: string, change: () => unknown): boolean;
}

/** What the contents manager reported: appended durably by the front door, applied here in order, once each. */
export interface ContentsEvent {
  /** Its name in the spool; never used again. */
  id: string;
  action: 'rename' | 'delete' | 'copy' | 'save';
  place: Place;
  /** Where it came from, for `rename` and `copy`. */
  from?: Place;
}

/** The spool of contents events that the front doors of this home have written and nobody has applied yet. */
export interface ContentsSpool {
  /** Hands over what waits, oldest first; an entry is removed after `apply` returned. Safe in many processes. */
  drain(apply: (event: ContentsEvent) => void | Promise<void>): Promise<number>;
}

/* ------------------------------------------------------------------ the gate */

/** What was said of a finding: that it is no secret. */
export interface RememberedFinding {
  fingerprint: string;
  reason: string;
  by: string;
  at: string;
}

/** What the secret gate of a home remembers, in `state.db`. Durable when a method returns. Holds no secret. */
export interface GateMemory {
  /** The key of this home's fingerprints: 32 bytes in hex, made at the first call. */
  key(): string;
  /** What was said to be no secret in a notebook. */
  of(notebookId: string): RememberedFinding[];
  remember(notebookId: string, finding: RememberedFinding): void;
  forget(notebookId: string, fingerprint: string): void;
  /**
   * Notes as what a file's content is published, both as content hashes: the copy without its secrets, or undefined
   * where it is published as it is.
   */
  notePublished(notebookId: string, source: string, published: string | undefined): void;
  /** As what a file's content was published last; itself where nothing was replaced. */
  publishedAs(notebookId: string, source: string): string;
}

/* ------------------------------------------------------------------ the Library */

export type * from './archive/ports.js';

/* ------------------------------------------------------------------ wikis */

export type * from './wiki/ports.js';
