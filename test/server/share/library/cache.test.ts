import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCache, readLazily } from '../../../../server/share/library/cache.js';
import { createTestClock } from '../../../support/library.js';

let root: string;
let directory: string;
let clock: ReturnType<typeof createTestClock>;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lakeside-cache-'));
  directory = join(root, 'cache');
  clock = createTestClock();
});
afterEach(() => rm(root, { recursive: true, force: true }));

const open = (maxBytes = 1_000_000) => createCache({ directory, maxBytes, clock });
const writing = (text: string) => (folder: string) => writeFile(join(folder, 'file'), text);
const textOf = (folder: string) => readFile(join(folder, 'file'), 'utf8');

describe('the cache', () => {
  it('makes an entry once', async () => {
    const cache = open();
    expect(await textOf(await cache.folder('a', writing('first')))).toBe('first');
    expect(await textOf(await cache.folder('a', writing('second')))).toBe('first');
    expect(await textOf(await open().folder('a', writing('third')))).toBe('first');
  });

  it('makes it once for all who ask at the same time', async () => {
    const cache = open();
    let made = 0;
    const make = async (folder: string) => {
      made++;
      await writing('x')(folder);
    };
    await Promise.all(Array.from({ length: 20 }, () => cache.folder('a', make)));
    expect(made).toBe(1);
  });

  it('lets several processes make the same at once', async () => {
    const folders = await Promise.all(Array.from({ length: 5 }, () => open().folder('a', writing('same'))));
    for (const folder of folders) expect(await textOf(folder)).toBe('same');
    expect(await readdir(directory)).toEqual(['a']);
  });

  it('leaves nothing behind when making fails, and tries again', async () => {
    const cache = open();
    const fail = async (folder: string) => {
      await writing('half')(folder);
      throw new Error('no');
    };
    await expect(cache.folder('a', fail)).rejects.toThrow('no');
    expect(await readdir(directory)).toEqual([]);
    expect(await textOf(await cache.folder('a', writing('whole')))).toBe('whole');
  });

  it('goes on making while somebody waits, and stops when nobody does', async () => {
    const cache = open();
    let stopped = false;
    let finish = (): void => undefined;
    const gate = new Promise<void>(resolve => (finish = resolve));
    const make = async (folder: string, signal: AbortSignal) => {
      signal.addEventListener('abort', () => (stopped = true));
      await gate;
      await writing('x')(folder);
    };
    const [one, two] = [new AbortController(), new AbortController()];
    const first = cache.folder('a', make, one.signal);
    const second = cache.folder('a', make, two.signal);
    const lost = expect(first).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise(resolve => setTimeout(resolve, 10));
    one.abort();
    await lost;
    expect(stopped).toBe(false);
    const alsoLost = expect(second).rejects.toMatchObject({ code: 'cancelled' });
    two.abort();
    await alsoLost;
    expect(stopped).toBe(true);
    // Whoever asks now does not wait for the one that was told to stop.
    const again = cache.folder('a', writing('anew'));
    finish();
    expect(await textOf(await again)).toMatch(/anew|x/);
  });

  it('removes what was unused longest, but nothing that may be being read', async () => {
    const cache = open(2500);
    for (const name of ['a', 'b', 'c', 'd']) {
      await cache.folder(name, writing('x'.repeat(1000)));
      clock.move(1000);
    }
    await cache.trim();
    expect((await readdir(directory)).sort()).toEqual(['a', 'b', 'c', 'd']);
    clock.move(11 * 60_000);
    await cache.folder('a', writing('never'));
    await cache.trim();
    expect((await readdir(directory)).sort()).toEqual(['a', 'd']);
    expect(await textOf(await cache.folder('b', writing('again')))).toBe('again');
  });

  it('removes what dead processes left', async () => {
    await mkdir(join(directory, '+dead'), { recursive: true });
    await mkdir(join(directory, '+alive'));
    const old = new Date(clock.now() - 2 * 3_600_000);
    const now = new Date(clock.now());
    await utimes(join(directory, '+dead'), old, old);
    await utimes(join(directory, '+alive'), now, now);
    await open().trim();
    expect(await readdir(directory)).toEqual(['+alive']);
  });

  it('has nothing to remove where there is nothing', async () => {
    await open().trim();
    expect(existsSync(directory)).toBe(false);
  });
});

describe('a lazy stream', () => {
  it('opens its file only when it is read', async () => {
    const file = join(root, 'later');
    const stream = readLazily(file);
    await writeFile(file, 'content');
    const chunks: Uint8Array[] = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('content');
  });
});
