import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectInfo } from '../../share/ports.js';
import { isMissing } from './problems.js';

/** Files asked for their size at once. */
const BATCH = 64;

/**
 * Objects below a folder whose keys begin with `prefix` and come after `startAfter`, in the byte order of keys.
 * Holds the names of one folder per level in memory, never all keys.
 */
export async function* listObjects(root: string, prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
  const folder = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  yield* walk(root, folder, prefix, startAfter);
}

async function* walk(root: string, folder: string, prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
  const names = (await entries(join(root, folder)))
    .filter(entry => entry.isFile() || entry.isDirectory())
    // `a-b` and `a.b` come before `a/…`, so a folder is sorted with the slash its keys have.
    .map(entry => folder + entry.name + (entry.isDirectory() ? '/' : ''))
    .filter(key => isWanted(key, prefix, startAfter))
    .sort(byBytes);
  for (let index = 0; index < names.length;) {
    const key = names[index] ?? '';
    if (key.endsWith('/')) {
      yield* walk(root, key, prefix, startAfter);
      index++;
      continue;
    }
    const files = names.slice(index, index + BATCH);
    const end = files.findIndex(name => name.endsWith('/'));
    const batch = end === -1 ? files : files.slice(0, end);
    for (const info of await Promise.all(batch.map(name => inspect(root, name)))) if (info) yield info;
    index += batch.length;
  }
}

function isWanted(key: string, prefix: string, startAfter: string): boolean {
  if (key.startsWith('+')) return false;
  if (!key.endsWith('/')) return key.startsWith(prefix) && key > startAfter;
  return (key.startsWith(prefix) || prefix.startsWith(key)) && (key > startAfter || startAfter.startsWith(key));
}

async function entries(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** What a list says of an object; undefined where it was removed meanwhile or is none. */
export async function inspect(root: string, key: string): Promise<ObjectInfo | undefined> {
  try {
    const info = await stat(join(root, key));
    return info.isFile() ? { key, size: info.size, modified: info.mtimeMs } : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function byBytes(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
