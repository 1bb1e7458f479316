import type { AsyncBuffer } from 'hyparquet';
import type { SourceCall } from '../../../tables/ports.js';

/** A file of a lake. `path` is relative to its root, with `/` between names. */
export interface FileEntry {
  path: string;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
}

/** What lies directly in a folder, by name. Hidden names and those of marks (`_SUCCESS`) are left out. */
export interface Listing {
  folders: string[];
  files: string[];
}

/** Folders and files, of this machine or of a bucket. Paths are relative to its root; the root itself is `''`. */
export interface LakeFiles {
  /** For sentences: an absolute path, or `s3://bucket/prefix`. */
  readonly root: string;
  /** @throws ProblemError `source-not-found`, `source-forbidden` and those of the network */
  list(folder: string, call: SourceCall): Promise<Listing>;
  /** The files below a folder by path, `most` of them at most. */
  walk(folder: string, most: number, call: SourceCall): Promise<{ files: FileEntry[]; more: boolean }>;
  /** One file. @throws ProblemError `source-not-found` */
  stat(path: string, call: SourceCall): Promise<FileEntry>;
  /** Reads parts of a file. `bytes`: its size, where it is known. */
  open(path: string, call: SourceCall, bytes?: number): Promise<AsyncBuffer>;
  /** Where a path is for other programs: absolute, or `s3://…`. */
  place(path: string): string;
  /** The path of an address such as `file:///lake/a`, `s3a://bucket/a`; undefined where it is not below the root. */
  pathOf(address: string): string | undefined;
  close(): Promise<void>;
}

/** Whether a name is none of a table: hidden, or a mark of a program. `_year=2020` is a partition. */
export function isLeftOut(name: string): boolean {
  return name.startsWith('.') || (name.startsWith('_') && !name.includes('='));
}

/** The whole text of a small file. */
export async function readText(files: LakeFiles, path: string, call: SourceCall): Promise<string> {
  const file = await files.open(path, call);
  return new TextDecoder().decode(await file.slice(0, file.byteLength));
}

/** Works on many things, `atOnce` at a time; the results are in their order. */
export async function inParallel<T, R>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<R>
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  async function go(): Promise<void> {
    for (let at = next++; at < things.length; at = next++) results[at] = await work(things[at] as T);
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, things.length) }, go));
  return results;
}
