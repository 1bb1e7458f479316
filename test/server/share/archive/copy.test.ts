import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { createMemoryObjectStore } from '../../../../server/adapters/memory/objectStore.js';
import { createFileObjectStore } from '../../../../server/adapters/objectstore-fs/index.js';
import { copyArchive } from '../../../../server/share/archive/copy.js';
import type { CopyOptions, CopyResult } from '../../../../server/share/archive/copy.js';
import type { ObjectStore } from '../../../../server/share/ports.js';
import { scratch } from '../../../support/scratch.js';

const copy = (from: ObjectStore, to: ObjectStore, more: Partial<CopyOptions> = {}): Promise<CopyResult> =>
  copyArchive({ from, to, temporaryDirectory: join(scratch(), 'work'), clock: systemClock, ...more });

async function contentOf(store: ObjectStore): Promise<Map<string, string>> {
  const all = new Map<string, string>();
  for await (const key of store.keys('')) all.set(key, Buffer.from((await store.get(key))!).toString('base64'));
  return all;
}

async function filled(count = 300): Promise<ObjectStore> {
  const store = createMemoryObjectStore();
  for (let n = 0; n < count; n++) {
    const folder = ['blobs/sha256', 'log', 'nb', 'index'][n % 4];
    await store.put(`${folder}/${String(n % 7)}/${n}`, Buffer.from(`object ${n}`));
  }
  return store;
}

/** A store that fails after so many writes, as a process that is killed. */
function failingAfter(store: ObjectStore, writes: number): ObjectStore {
  let left = writes;
  return {
    ...store,
    put: (...args) => (left-- > 0 ? store.put(...args) : Promise.reject(new Error('broken off')))
  };
}

describe('a copy', () => {
  test('holds the same objects, large ones too', async () => {
    const from = await filled();
    const large = randomBytes(9 * 1024 * 1024);
    await from.put('blobs/sha256/large', large);
    const to = createFileObjectStore({ directory: scratch() });
    const seen: number[] = [];
    const result = await copy(from, to, { onProgress: ({ copied }) => seen.push(copied) });
    expect(result).toMatchObject({ copied: 301, present: 301 });
    expect(Math.max(...seen)).toBe(301);
    expect(await contentOf(to)).toEqual(await contentOf(from));
    expect(await copy(from, to)).toEqual({ copied: 0, bytes: 0, present: 301 });
  });

  test('that was broken off goes on where it was', async () => {
    const from = await filled();
    const to = createMemoryObjectStore();
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), async writes => {
        await copy(from, failingAfter(to, writes)).catch(() => undefined);
      }),
      { numRuns: 8 }
    );
    const before = (await contentOf(to)).size;
    const { copied } = await copy(from, to);
    expect(copied).toBe(300 - before);
    expect(await contentOf(to)).toEqual(await contentOf(from));
  });

  test('takes what is shared meanwhile, and minds nothing that is tidied away', async () => {
    const from = await filled();
    const to = createMemoryObjectStore();
    let writes = 0;
    const busy: ObjectStore = {
      ...to,
      put: async (...args) => {
        if (++writes === 50) await from.put('log/0/late', Buffer.from('late'));
        if (writes === 60) await from.delete('nb/6/298');
        return to.put(...args);
      }
    };
    await copy(from, busy);
    expect(await contentOf(to)).toEqual(await contentOf(from));
  });

  test('takes what changed at the same size, where it may change', async () => {
    const from = createMemoryObjectStore();
    const to = createMemoryObjectStore();
    await from.put('index/condemned.json', Buffer.from('[1]'));
    await copy(from, to);
    await from.put('index/condemned.json', Buffer.from('[2]'));
    expect(await copy(from, to)).toMatchObject({ copied: 1 });
    expect(await contentOf(to)).toEqual(await contentOf(from));
  });

  test('is compared byte by byte when asked for', async () => {
    const from = await filled(20);
    const to = createMemoryObjectStore();
    await copy(from, to);
    await to.put('blobs/sha256/0/0', Buffer.from('OBJECT 0'));
    expect(await copy(from, to)).toMatchObject({ copied: 0 });
    expect(await copy(from, to, { verifyAll: true })).toMatchObject({ copied: 1, present: 20 });
    expect(await contentOf(to)).toEqual(await contentOf(from));
  });

  test('leaves alone what else is there', async () => {
    const to = createMemoryObjectStore();
    await to.put('other/thing', Buffer.from('mine'));
    await copy(await filled(4), to);
    expect(await to.get('other/thing')).toBeDefined();
  });

  test('to a storage that gives back other bytes is refused', async () => {
    const to = createMemoryObjectStore();
    const lying: ObjectStore = { ...to, put: (key, _, options) => to.put(key, Buffer.from('other bytes'), options) };
    await expect(copy(await filled(4), lying)).rejects.toThrow(/holds other bytes/);
  });
});
