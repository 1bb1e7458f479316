import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMemoryLog } from '../../server/adapters/memory/log.js';
import { composeTables } from '../../server/composeTables.js';
import { readConfig } from '../../server/config.js';
import { makeFolder, openDisk } from '../support/fault/disk.js';
import type { Disk } from '../support/fault/disk.js';
import { programs } from '../support/programs.js';
import { ada, bench, schemasOf, settled, tableOf } from '../server/tables/support.js';

// Sources and the index of tables on a disk that is full, or has just so much room.

const KB = 1024;
const settings = { kind: 'memory', schemas: 2, tables: 3 };
const find = { columns: true, limit: 10 };
let disk: Disk;
let count = 0;
beforeAll(async () => {
  disk = await openDisk();
});
afterAll(() => disk.close());

/** A folder on a small disk, by its path inside; `seen` is what this process sees. */
function place(): { path: string; seen: string } {
  const path = join(disk.folder, `t${++count}`);
  disk.mount(path, 2);
  return { path, seen: makeFolderSeen(path, 'home') };
}

function makeFolderSeen(path: string, name: string): string {
  return disk.outside(makeFolder(disk, join(path, name)));
}

test.each([
  ['a file with comments', '# mine\nsources:\n  one: { kind: memory } # the first\n'],
  ['no file yet', undefined]
])('adding a source to %s', async (_, own) => {
  const { path, seen } = place();
  const file = join(seen, 'config.yml');
  if (own !== undefined) writeFileSync(file, own);
  const config = {
    ...readConfig('sidecar', { HOME: seen, LAKESIDE_HOME: seen }),
    configurationFiles: [{ file, isPolicy: false }]
  };
  const composed = composeTables({ config, log: createMemoryLog(), programs, notebooks: undefined });
  const tables = await composed.service();
  const before = readdirSync(seen);
  disk.fill(path);
  const problem: unknown = await tables.add(ada, 'two', settings).catch((error: unknown) => error);
  expect(problem).toMatchObject({ code: 'storage-full', message: expect.stringMatching(/no room .*Make room/) });
  expect((problem as Error).message).toContain(file);
  expect(readdirSync(seen)).toEqual(before);
  expect(existsSync(file) ? readFileSync(file, 'utf8') : undefined).toBe(own);
  disk.free(path);
  await expect(tables.test(ada, settings, new AbortController().signal)).resolves.toMatchObject({ ok: true });
  await tables.add(ada, 'two', settings);
  const text = readFileSync(file, 'utf8');
  expect(text.startsWith(own?.split('\n')[0] ?? 'sources:')).toBe(true);
  expect(text).toContain('  two:\n    kind: memory\n');
  await composed.close();
  disk.unmount(path);
});

/** Names that compress badly: a few hundred KB of them. */
function shop(round: string) {
  const word = (n: number): string => createHash('sha1').update(`${round} ${n}`).digest('base64url');
  const tables = Array.from({ length: 2_000 }, (_, n) => [
    `${round}_${word(n)}`,
    tableOf(`${word(n)}1`, `${word(-n)}2`)
  ]);
  return schemasOf({ sales: Object.fromEntries(tables) as Record<string, ReturnType<typeof tableOf>> });
}

test.each([0, 8, 24, 48, 64, 96, 128, 256].map(rest => rest * KB))(
  'storing the index with %d bytes of room',
  async rest => {
    const { path, seen } = place();
    const directory = join(seen, 'tables');
    const first = bench({ shop: shop('old') }, { directory });
    expect((await settled(first.service))['shop']).toMatchObject({ state: 'ready', tables: 2_000, columns: 4_000 });
    await first.service.close();
    const old = new Map(readdirSync(directory).map(name => [name, readFileSync(join(directory, name))]));
    expect(old.size).toBe(2);
    disk.fill(path, rest);

    const second = bench({ shop: shop('new') }, { directory });
    await second.service.refresh(ada, 'shop');
    const { shop: index } = await settled(second.service);
    expect(index).toMatchObject({ state: 'ready', tables: 2_000, columns: 4_000 });
    expect((await second.service.search(ada, { q: 'new_', ...find })).total).toBe(2_000);
    const names = readdirSync(directory);
    expect(names.sort()).toEqual([...old.keys()].sort());
    const kept = names.filter(name => readFileSync(join(directory, name)).equals(old.get(name)!));
    // Whatever is not new is told, with the disk and the cure.
    expect(index?.trouble === undefined).toBe(kept.length === 0);
    if (kept.length > 0)
      expect(index?.trouble).toMatchObject({
        code: 'storage-full',
        message: expect.stringMatching(/not kept.*Make room/)
      });
    await second.service.close();

    const third = bench({ shop: shop('new') }, { directory });
    const isOld = kept.some(name => name.includes('.names.'));
    expect((await third.service.search(ada, { q: isOld ? 'old_' : 'new_', ...find })).total).toBe(2_000);
    expect(third.log.entries.filter(({ level }) => level === 'warn')).toEqual([]);
    disk.free(path);
    await third.service.refresh(ada, 'shop');
    expect((await settled(third.service))['shop']?.trouble).toBe(undefined);
    await third.service.close();
    expect(readdirSync(directory).filter(name => readFileSync(join(directory, name)).equals(old.get(name)!))).toEqual(
      []
    );
    disk.unmount(path);
  }
);
