import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ObjectInfo } from '../../share/ports.js';
import { isObjectKeyPart } from '../../share/archive/objectKey.js';
import { isMissing } from './problems.js';

/** Files asked for their size at once. */
const BATCH = 64;

/**
 * Keys below a folder that begin with `prefix` and come after `startAfter`, in their byte order. Holds the names of one
 * folder per level in memory, never all keys.
 */
export async function* listKeys(root: string, prefix: string, startAfter: string): AsyncIterable<string> {
  yield* walk(root, prefix.slice(0, prefix.lastIndexOf('/') + 1), prefix, startAfter);
}

/** The objects of these keys. */
export async function* listObjects(root: string, prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
  let batch: string[] = [];
  for await (const key of listKeys(root, prefix, startAfter)) {
    if (batch.push(key) < BATCH) continue;
    yield* await inspectAll(root, batch);
    batch = [];
  }
  yield* await inspectAll(root, batch);
}

async function inspectAll(root: string, keys: readonly string[]): Promise<ObjectInfo[]> {
  const infos = await Promise.all(keys.map(key => inspect(root, key)));
  return infos.filter(info => info !== undefined);
}

async function* walk(root: string, folder: string, prefix: string, startAfter: string): AsyncIterable<string> {
  const keys = (await entries(join(root, folder)))
    // Whatever else lies there, of this store or of others, is no object.
    .filter(entry => (entry.isFile() || entry.isDirectory()) && isObjectKeyPart(entry.name))
    // `a-b` and `a.b` come before `a/…`, so a folder is sorted with the slash its keys have.
    .map(entry => folder + entry.name + (entry.isDirectory() ? '/' : ''))
    .filter(key => isWanted(key, prefix, startAfter))
    .sort(byBytes);
  for (const key of keys) {
    if (key.endsWith('/')) yield* walk(root, key, prefix, startAfter);
    else yield key;
  }
}

function isWanted(key: string, prefix: string, startAfter: string): boolean {
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
