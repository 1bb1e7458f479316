import { readFile } from 'node:fs/promises';
import { checkObjectKey } from '../../share/archive/objectKey.js';
import type { ObjectInfo, ObjectStore } from '../../share/ports.js';

interface Stored {
  bytes: Uint8Array;
  modified: number;
}

/** An object store that ends with the process. Keeps copies, so nobody changes what was put. */
export function createMemoryObjectStore(options: { now?: () => number } = {}): ObjectStore {
  const now = options.now ?? (() => Date.now());
  const objects = new Map<string, Stored>();

  function info(key: string): ObjectInfo | undefined {
    const stored = objects.get(key);
    return stored && { key, size: stored.bytes.byteLength, modified: stored.modified };
  }

  async function* keys(prefix: string, startAfter: string): AsyncIterable<string> {
    await Promise.resolve();
    for (const key of [...objects.keys()].filter(each => each.startsWith(prefix) && each > startAfter).sort()) {
      if (objects.has(key)) yield key;
    }
  }

  async function* list(prefix: string, startAfter: string): AsyncIterable<ObjectInfo> {
    for await (const key of keys(prefix, startAfter)) {
      const found = info(key);
      if (found) yield found;
    }
  }

  return {
    async put(key, body, { ifAbsent = false } = {}) {
      checkObjectKey(key);
      const bytes = body instanceof Uint8Array ? Uint8Array.from(body) : await readFile(body.file);
      const existed = objects.has(key);
      if (existed && ifAbsent) return 'exists';
      objects.set(key, { bytes, modified: now() });
      return existed ? 'replaced' : 'created';
    },
    async get(key) {
      checkObjectKey(key);
      const stored = objects.get(key);
      return Promise.resolve(stored && Uint8Array.from(stored.bytes));
    },
    async open(key) {
      const bytes = await this.get(key);
      return bytes && chunks(bytes);
    },
    async head(key) {
      checkObjectKey(key);
      return Promise.resolve(info(key));
    },
    list(prefix, { startAfter = '' } = {}) {
      checkObjectKey(prefix, { prefix: true });
      return list(prefix, startAfter);
    },
    keys(prefix, { startAfter = '' } = {}) {
      checkObjectKey(prefix, { prefix: true });
      return keys(prefix, startAfter);
    },
    async delete(key) {
      checkObjectKey(key);
      return Promise.resolve(objects.delete(key));
    },
    close: () => Promise.resolve()
  };
}

async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  await Promise.resolve();
  for (let start = 0; start < bytes.byteLength; start += 65_536) yield bytes.subarray(start, start + 65_536);
}
