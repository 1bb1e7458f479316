import { open, readdir, realpath, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AsyncBuffer } from 'hyparquet';
import { ProblemError } from '../../../../contract/problem.js';
import type { SourceCall } from '../../../tables/ports.js';
import type { FileEntry, LakeFiles, Listing } from './files.js';
import { inParallel, isLeftOut } from './files.js';
import { fileProblem } from './problems.js';

/** Files that are looked at side by side. */
const AT_ONCE = 16;

/** A folder of this machine. Links that lead out of it are as if they were not there. */
export function openFolder(root: string): LakeFiles {
  const place = (path: string): string => (path === '' ? root : join(root, path));

  /** The real path of one that is below the root. */
  async function real(path: string): Promise<string> {
    const home = await realpath(root);
    const found = await realpath(join(root, path));
    if (found === home || found.startsWith(home.endsWith(sep) ? home : home + sep)) return found;
    throw new ProblemError(
      'source-forbidden',
      `${place(path)} leads out of ${root}. Only what lies in that folder is shown: put it there, or make a source of its own of it.`
    );
  }

  async function guarded<T>(path: string, { signal }: SourceCall, work: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      throw fileProblem(error, place(path));
    }
  }

  async function list(folder: string, call: SourceCall): Promise<Listing> {
    return guarded(folder, call, async () => {
      const listing: Listing = { folders: [], files: [] };
      for (const entry of await readdir(await real(folder), { withFileTypes: true })) {
        if (isLeftOut(entry.name)) continue;
        const kind = entry.isSymbolicLink() ? await aim(join(folder, entry.name)) : entry;
        if (kind?.isDirectory()) listing.folders.push(entry.name);
        else if (kind?.isFile()) listing.files.push(entry.name);
      }
      return listing;
    });
  }

  /** What a link leads to; undefined where that is nothing or not here. */
  async function aim(path: string): Promise<{ isDirectory(): boolean; isFile(): boolean } | undefined> {
    try {
      return await stat(await real(path));
    } catch {
      return undefined;
    }
  }

  async function entryOf(path: string): Promise<FileEntry> {
    const found = await stat(await real(path));
    return { path, bytes: found.size, modified: found.mtimeMs };
  }

  return {
    root,
    list,
    place,
    stat: (path, call) => guarded(path, call, () => entryOf(path)),
    async walk(folder, most, call) {
      const paths: string[] = [];
      const waiting = [folder];
      let more = false;
      for (let at = waiting.shift(); at !== undefined && !more; at = waiting.shift()) {
        const { folders, files } = await list(at, call);
        const below = (name: string): string => (at === '' ? name : `${at}/${name}`);
        waiting.push(...folders.map(below));
        more = paths.length + files.length > most;
        paths.push(...files.map(below).slice(0, most - paths.length));
      }
      const found = await inParallel(paths, AT_ONCE, path => guarded(path, call, () => entryOf(path)));
      return { files: found.sort(byPath), more };
    },
    async open(path, call, bytes) {
      return guarded(path, call, async () => {
        const file = await real(path);
        const byteLength = bytes ?? (await stat(file)).size;
        return {
          byteLength,
          slice: (start, end) => guarded(path, call, () => part(file, start, end ?? byteLength))
        } satisfies AsyncBuffer;
      });
    },
    pathOf(address) {
      const absolute = localPath(address);
      if (absolute === undefined) return undefined;
      const path = relative(root, resolve(absolute));
      return path.split(sep)[0] === '..' || resolve(root, path) !== resolve(absolute) ? undefined : toSlashes(path);
    },
    close: () => Promise.resolve()
  };
}

/** A path on this machine from an address such as `file:///a`, `file:/a`, `/a`. */
export function localPath(address: string): string | undefined {
  if (address.startsWith('/')) return address;
  if (!address.startsWith('file:')) return undefined;
  const path = address.replace(/^file:\/*/, '/');
  try {
    // Programs of the Java world write names with blanks as they are.
    return path.includes('%') ? fileURLToPath(`file://${path}`) : path;
  } catch {
    return path;
  }
}

async function part(file: string, start: number, end: number): Promise<ArrayBuffer> {
  const handle = await open(file);
  try {
    const wanted = Math.max(0, end - start);
    const buffer = new ArrayBuffer(wanted);
    let at = 0;
    while (at < wanted) {
      const { bytesRead } = await handle.read(new Uint8Array(buffer), at, wanted - at, start + at);
      if (bytesRead === 0) throw new Error('the file ends before its end');
      at += bytesRead;
    }
    return buffer;
  } finally {
    await handle.close();
  }
}

function toSlashes(path: string): string {
  return sep === '/' ? path : path.split(sep).join('/');
}

/** In the order of their names, numbers by value. */
export function byPath(a: { path: string }, b: { path: string }): number {
  return natural.compare(a.path, b.path);
}

const natural = new Intl.Collator('en', { numeric: true });
