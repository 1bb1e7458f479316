import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectInfo, ObjectStore } from '../../server/share/ports.js';

/** How a store is made for one test. */
export interface StoreFixture {
  store: ObjectStore;
  /** A second client of the same objects, as another process would have. */
  other: ObjectStore;
  dispose(): Promise<void>;
}

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const read = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);

/** All that a list gives. */
async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const keysOf = async (items: AsyncIterable<ObjectInfo>): Promise<string[]> => (await collect(items)).map(i => i.key);

/** How much of everything the suite does. */
export interface SuiteScale {
  /** Writes of one object while it is read. */
  writes: number;
  /** Made-up sets of keys that are listed. */
  lists: number;
  /** Objects of the longest list. */
  objects: number;
}

const whole: SuiteScale = { writes: 40, lists: 60, objects: 1_234 };

/**
 * What every object store must do, whatever holds the objects.
 *
 * @param conditional - whether `ifAbsent` has exactly one winner among clients at once; false for servers that say
 * they do it and do not (the archive is correct without)
 * @param scale - less than the whole for stores that are no real ones
 */
export function objectStoreSuite(
  name: string,
  make: () => Promise<StoreFixture>,
  { conditional = true, scale = whole }: { conditional?: boolean; scale?: SuiteScale | undefined } = {}
): void {
  describe(`object store: ${name}`, () => {
    let fixture: StoreFixture;
    let store: ObjectStore;
    let scratch: string;

    beforeEach(async () => {
      fixture = await make();
      store = fixture.store;
      scratch = await mkdtemp(join(tmpdir(), 'lakeside-suite-'));
    });
    afterEach(async () => {
      await fixture.dispose();
      await rm(scratch, { recursive: true, force: true });
    });

    it('gives back what was put', async () => {
      expect(await store.put('a/b/c.json', text('one'))).toBe('created');
      expect(read(await store.get('a/b/c.json'))).toBe('one');
      expect(await store.put('a/b/c.json', text('two'))).toBe('replaced');
      expect(read(await store.get('a/b/c.json'))).toBe('two');
      expect(read(await fixture.other.get('a/b/c.json'))).toBe('two');
    });

    it('knows what is not there', async () => {
      await store.put('a/b', text('x'));
      for (const key of ['a', 'a/b/c', 'nothing', 'a/bb']) {
        expect(await store.get(key)).toBeUndefined();
        expect(await store.open(key)).toBeUndefined();
        expect(await store.head(key)).toBeUndefined();
        expect(await store.delete(key)).toBe(false);
      }
      expect(read(await store.get('a/b'))).toBe('x');
    });

    it('leaves an existing object alone when asked to', async () => {
      expect(await store.put('k', text('first'), { ifAbsent: true })).toBe('created');
      expect(await store.put('k', text('second'), { ifAbsent: true })).toBe('exists');
      expect(read(await store.get('k'))).toBe('first');
    });

    if (conditional) {
      it('has one winner among writers at once', async () => {
        const writers = Array.from({ length: 32 }, (_, n) => (n % 2 === 0 ? store : fixture.other));
        const results = await Promise.all(
          writers.map((writer, n) => writer.put('race/k', text(`writer ${n}`), { ifAbsent: true }))
        );
        const winners = results.flatMap((result, n) => (result === 'created' ? [n] : []));
        expect(winners).toHaveLength(1);
        expect(results.filter(result => result === 'exists')).toHaveLength(31);
        expect(read(await store.get('race/k'))).toBe(`writer ${winners[0]}`);
      });
    }

    it('never shows half an object to a reader at the same time', async () => {
      const bodies = ['a', 'b'].map(letter => text(letter.repeat(300_000)));
      await store.put('torn', bodies[0]!);
      const state = { writing: true };
      const writer = (async () => {
        for (let n = 0; n < scale.writes; n++) await store.put('torn', bodies[n % 2]!);
        state.writing = false;
      })();
      while (state.writing) {
        const seen = await fixture.other.get('torn');
        expect(seen?.byteLength).toBe(300_000);
        expect(new Set(seen).size).toBe(1);
      }
      await writer;
    });

    it('stores files, large ones too, and streams them', async () => {
      const bytes = randomBytes(5_000_000);
      const file = join(scratch, 'large');
      await writeFile(file, bytes);
      expect(await store.put('large', { file })).toBe('created');
      expect((await store.head('large'))?.size).toBe(bytes.byteLength);
      const hash = createHash('sha256');
      for await (const chunk of (await store.open('large'))!) hash.update(chunk);
      expect(hash.digest('hex')).toBe(createHash('sha256').update(bytes).digest('hex'));
    });

    it('stores an empty object, also from a file', async () => {
      const file = join(scratch, 'empty');
      await writeFile(file, '');
      await store.put('e/1', new Uint8Array());
      await store.put('e/2', { file });
      for (const key of ['e/1', 'e/2']) {
        expect((await store.get(key))?.byteLength).toBe(0);
        expect((await store.head(key))?.size).toBe(0);
      }
    });

    it('stores nothing where the file to put is missing', async () => {
      await expect(store.put('from/nowhere', { file: join(scratch, 'missing') })).rejects.toThrow();
      expect(await store.get('from/nowhere')).toBeUndefined();
    });

    it('keeps its own copy of the bytes', async () => {
      const body = text('mine');
      await store.put('copy', body);
      body[0] = 0;
      const first = await store.get('copy');
      first![1] = 0;
      expect(read(await store.get('copy'))).toBe('mine');
    });

    it('says size and time of an object', async () => {
      const before = Date.now() - 5_000;
      await store.put('when', text('12345'));
      const info = await store.head('when');
      expect(info).toMatchObject({ key: 'when', size: 5 });
      expect(info!.modified).toBeGreaterThan(before);
      expect(info!.modified).toBeLessThan(Date.now() + 5_000);
      expect(await collect(store.list('wh'))).toEqual([info]);
    });

    it('removes objects', async () => {
      await store.put('gone/1', text('x'));
      await store.put('gone/2', text('y'));
      expect(await store.delete('gone/1')).toBe(true);
      expect(await store.delete('gone/1')).toBe(false);
      expect(await keysOf(store.list(''))).toEqual(['gone/2']);
      expect(await store.put('gone/1', text('z'), { ifAbsent: true })).toBe('created');
    });

    it('lists in the byte order of keys, by prefix, from after a key', async () => {
      const keys = ['a-b', 'a.b', 'a/b', 'a/b-c/d', 'a/b.c', 'a/bb', 'A', 'a0', 'b/1', 'b/10', 'b/2', 'a/b0/x', 'Z/z'];
      for (const key of keys) await store.put(key, text(key));
      const sorted = [...keys].sort();
      expect(await keysOf(store.list(''))).toEqual(sorted);
      expect(await collect(store.keys(''))).toEqual(sorted);
      for (const prefix of ['a', 'a/', 'a/b', 'a/b-c/', 'b/1', 'nothing', 'a-', 'Z']) {
        const wanted = sorted.filter(key => key.startsWith(prefix));
        expect(await keysOf(store.list(prefix)), prefix).toEqual(wanted);
        for (const startAfter of [...sorted, 'a/', 'a/b-', 'a/c', 'b/100', 'z']) {
          expect(await keysOf(store.list(prefix, { startAfter })), `${prefix} after ${startAfter}`).toEqual(
            wanted.filter(key => key > startAfter)
          );
        }
      }
    });

    it('lists like a sorted set, whatever the keys', async () => {
      const part = fc.stringMatching(/^[A-Ca-c0._-]{1,3}$/).filter(text => !/^\.+$/.test(text));
      const key = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('/'));
      let run = 0;
      await fc.assert(
        fc.asyncProperty(fc.uniqueArray(key, { maxLength: 20 }), key, key, async (names, begin, after) => {
          const folder = `run${run++}/`;
          const [prefix, startAfter] = [folder + begin, folder + after];
          const keys = names.map(name => folder + name);
          const apart = keys.filter(one => !keys.some(two => one.startsWith(`${two}/`) || two.startsWith(`${one}/`)));
          for (const one of apart) await store.put(one, text(''));
          const wanted = apart.filter(one => one.startsWith(prefix) && one > startAfter).sort();
          expect(await keysOf(store.list(prefix, { startAfter }))).toEqual(wanted);
          expect(await collect(store.keys(prefix, { startAfter }))).toEqual(wanted);
        }),
        { numRuns: scale.lists }
      );
    });

    it(`lists ${scale.objects} objects whole`, async () => {
      const keys = Array.from(
        { length: scale.objects },
        (_, n) => `many/${String(n % 7)}/${String(n).padStart(5, '0')}`
      );
      for (let start = 0; start < keys.length; start += 50) {
        await Promise.all(keys.slice(start, start + 50).map(key => store.put(key, text(''))));
      }
      const found = await keysOf(store.list('many/'));
      expect(found).toEqual([...keys].sort());
      const middle = Math.floor(found.length * 0.8);
      expect(await keysOf(store.list('many/', { startAfter: found[middle]! }))).toEqual(found.slice(middle + 1));
    });

    it('may be left in the middle of a list', async () => {
      for (const n of [1, 2, 3]) await store.put(`stop/${n}`, text(''));
      for await (const { key } of store.list('stop/')) {
        expect(key).toBe('stop/1');
        break;
      }
    });

    it('lists what others add and remove meanwhile without failing', async () => {
      const count = Math.min(200, scale.objects);
      const nameOf = (n: number): string => `live/${String(n).padStart(3, '0')}`;
      for (let n = 0; n < count; n++) await store.put(nameOf(n), text(''));
      const seen: string[] = [];
      for await (const { key } of store.list('live/')) {
        seen.push(key);
        if (seen.length === 1) for (let n = count / 2; n < count; n += 2) await fixture.other.delete(nameOf(n));
      }
      expect(seen).toEqual([...seen].sort());
      for (let n = 0; n < count / 2; n++) expect(seen).toContain(nameOf(n));
    });

    it('refuses keys that could lead elsewhere', async () => {
      const hostile = [
        '',
        '/',
        '/etc/passwd',
        '..',
        '../x',
        'a/../b',
        'a/..',
        './a',
        'a/./b',
        'a//b',
        'a/',
        'a\\b',
        'a b',
        'ü',
        'a\0b',
        'a\nb',
        '+temporary/x',
        '~',
        'a%2fb',
        'C:',
        'x'.repeat(513),
        '%2e%2e/x'
      ];
      for (const key of hostile) {
        const refused = expect.objectContaining({ code: 'internal' });
        await expect(
          attempt(() => store.put(key, text('x'))),
          key
        ).rejects.toEqual(refused);
        await expect(
          attempt(() => store.get(key)),
          key
        ).rejects.toEqual(refused);
        await expect(
          attempt(() => store.open(key)),
          key
        ).rejects.toEqual(refused);
        await expect(
          attempt(() => store.head(key)),
          key
        ).rejects.toEqual(refused);
        await expect(
          attempt(() => store.delete(key)),
          key
        ).rejects.toEqual(refused);
      }
      for (const prefix of ['/', '../', 'a/../', './', 'a//', 'ü']) {
        await expect(
          attempt(() => keysOf(store.list(prefix))),
          prefix
        ).rejects.toMatchObject({ code: 'internal' });
      }
      expect(await keysOf(store.list(''))).toEqual([]);
    });

    it('takes the longest key', async () => {
      const key = Array.from({ length: 8 }, () => 'k'.repeat(63)).join('/');
      await store.put(key, text('x'));
      expect(await keysOf(store.list(''))).toEqual([key]);
    });
  });
}

/** What a call throws becomes a rejection, whether it is thrown at once or later. */
async function attempt<T>(work: () => Promise<T>): Promise<T> {
  return work();
}
