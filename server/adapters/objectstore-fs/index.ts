import { open, readFile, unlink } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { checkObjectKey } from '../../share/archive/objectKey.js';
import type { ObjectStore } from '../../share/ports.js';
import { createFolders, syncFolder } from './folders.js';
import { inspect, listKeys, listObjects } from './listing.js';
import { isMissing, storeProblem } from './problems.js';
import { createWriter } from './writing.js';

/**
 * An object store in a folder: one file per object, its key as the path. Many processes may use it at once.
 * Files have mode 0600, folders 0700. No key may be a folder of another one.
 *
 * @param options.directory - the folder; made with the first write
 */
export function createFileObjectStore(options: { directory: string }): ObjectStore {
  const root = resolve(options.directory);
  const folders = createFolders(root);
  const writer = createWriter(root, folders);

  function pathOf(key: string): string {
    checkObjectKey(key);
    return join(root, key);
  }

  async function guard<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw storeProblem(error, root);
    }
  }

  async function orUndefined<T>(work: Promise<T>): Promise<T | undefined> {
    try {
      return await work;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  return {
    put: (key, body, { ifAbsent = false } = {}) => guard(() => writer.write(pathOf(key), body, ifAbsent)),
    get: key => guard(() => orUndefined(readFile(pathOf(key)))),
    open: key =>
      guard(async () => {
        const handle = await orUndefined(open(pathOf(key), 'r'));
        if (handle === undefined) return undefined;
        if ((await handle.stat()).isFile()) return handle.createReadStream();
        await handle.close();
        return undefined;
      }),
    head: key =>
      guard(async () => {
        checkObjectKey(key);
        return inspect(root, key);
      }),
    list: (prefix, { startAfter = '' } = {}) => {
      checkObjectKey(prefix, { prefix: true });
      return guarded(listObjects(root, prefix, startAfter), root);
    },
    keys: (prefix, { startAfter = '' } = {}) => {
      checkObjectKey(prefix, { prefix: true });
      return guarded(listKeys(root, prefix, startAfter), root);
    },
    delete: key =>
      guard(async () => {
        const file = pathOf(key);
        const removed = await orUndefined(unlink(file).then(() => true));
        if (removed) await syncFolder(dirname(file));
        return removed ?? false;
      }),
    close: () => Promise.resolve()
  };
}

async function* guarded<T>(items: AsyncIterable<T>, root: string): AsyncIterable<T> {
  try {
    yield* items;
  } catch (error) {
    throw storeProblem(error, root);
  }
}
