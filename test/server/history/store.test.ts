import { createHash, randomBytes } from 'node:crypto';
import { statSync } from 'node:fs';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import {
  decodeNumbers,
  decodeRun,
  encodeNumbers,
  encodeRun,
  runsOf
} from '../../../server/adapters/sqlite-state/history/nodes.js';
import type { Entry } from '../../../server/history/ports.js';
import { ada, historyHome, notebookOf, NOON, textOf } from '../../support/history.js';
import type { HistoryHome } from '../../support/history.js';

let home: HistoryHome | undefined;
afterEach(() => home?.close());

const DAY = 24 * 3_600_000;
const HOUR = 3_600_000;

test('numbers and entries come back as they went', () => {
  const number = fc.integer({ min: 0, max: 2 ** 50 });
  fc.assert(
    fc.property(fc.array(number), each => {
      expect(decodeNumbers(encodeNumbers(each))).toEqual(each);
    })
  );
  const entry = fc.record({
    chunk: fc.integer({ min: 1, max: 2 ** 40 }),
    kind: fc.constantFrom('between', 'cell', 'more')
  }) as fc.Arbitrary<Entry>;
  fc.assert(
    fc.property(fc.array(entry), each => {
      expect(decodeRun(encodeRun(each).bytes)).toEqual(each);
    })
  );
});

test('one changed entry changes few runs', () => {
  const entries = Array.from({ length: 2000 }, (_, n): Entry => ({ chunk: n + 1, kind: 'cell' }));
  const hashOf = ({ chunk }: Entry) => createHash('sha256').update(String(chunk)).digest();
  const runs = (list: Entry[]) =>
    new Set([...runsOf(list, list.map(hashOf))].map(run => encodeRun(run).hash.toString('hex')));
  const before = runs(entries);
  expect(before.size).toBeGreaterThan(30);
  for (const place of [0, 777, 1999]) {
    const after = runs(entries.map((entry, n) => (n === place ? { ...entry, chunk: 5000 } : entry)));
    expect([...after].filter(hash => !before.has(hash)).length).toBeLessThanOrEqual(2);
    const inserted = runs([...entries.slice(0, place), { chunk: 6000, kind: 'cell' }, ...entries.slice(place)]);
    expect([...inserted].filter(hash => !before.has(hash)).length).toBeLessThanOrEqual(2);
  }
});

/** Everything that versions are made of, counted. */
function uses(of: HistoryHome) {
  return of.store
    .all()
    .flatMap(({ id }) => of.store.versions(id, { limit: 1000 }).map(version => of.store.entries(version.id).length));
}

test('removing versions removes what only they used, and nothing else', async () => {
  home = historyHome({ retention: { days: 400 } });
  const { save, history, store, service, clock } = home;
  const big = (n: number) => `big ${n} ${randomBytes(30_000).toString('hex')}`;
  const [shared, ...own] = [0, 1, 2, 3, 4].map(big);
  for (const each of own) {
    save('a.ipynb', notebookOf([shared!, each]));
    save('b.ipynb', notebookOf(['b', shared!]));
    clock.move(60_000);
  }
  const before = await service.timeline(ada, { path: 'a.ipynb', limit: 100 });
  expect(before.versions).toHaveLength(4);
  const full = store.usage();
  // A month later one version of that hour stays.
  clock.move(10 * DAY);
  await history.tidy(ada, new AbortController().signal);
  const after = await service.timeline(ada, { path: 'a.ipynb', limit: 100 });
  expect(after.versions.map(version => version.versionId)).toEqual([before.versions[0]!.versionId]);
  expect(store.usage().bytes).toBeLessThan(full.bytes - 60_000);
  const { historyId } = after.notebook!;
  const { stream } = await service.notebook(ada, { historyId, versionId: after.versions[0]!.versionId });
  expect(await textOf(stream)).toBe(notebookOf([shared!, own.at(-1)!]));
  expect(uses(home).every(count => count > 0)).toBe(true);
});

test('what takes more room than allowed goes, the oldest first, and the room is given back to the disk', async () => {
  home = historyHome({ retention: { bytes: 1_000_000 } });
  const { save, history, store, service, clock } = home;
  const contents: string[] = [];
  for (let n = 0; n < 30; n++) {
    contents.push(notebookOf([randomBytes(50_000).toString('base64')]));
    save('a.ipynb', contents.at(-1)!);
    clock.move(60_000);
  }
  await service.timeline(ada, { path: 'a.ipynb', limit: 10 });
  expect(store.usage().bytes).toBeGreaterThan(1_000_000);
  await history.tidy(ada, new AbortController().signal);
  expect(store.usage().bytes).toBeLessThanOrEqual(1_000_000);
  const file = `${home.home}/history/history.db`;
  const { versions, notebook } = await service.timeline(ada, { path: 'a.ipynb', limit: 100 });
  expect(versions.length).toBeGreaterThan(0);
  const { stream } = await service.notebook(ada, {
    historyId: notebook!.historyId,
    versionId: versions[0]!.versionId
  });
  expect(await textOf(stream)).toBe(contents.at(-1));
  store.close();
  expect(statSync(file).size).toBeLessThanOrEqual(1_200_000);
});

test('a deleted notebook is kept as long as versions are, then it goes for good', async () => {
  home = historyHome({ retention: { days: 20 } });
  const { save, tell, history, service, clock, store } = home;
  save('a.ipynb', notebookOf(['a']));
  tell('delete', 'a.ipynb');
  const signal = new AbortController().signal;
  clock.move(19 * DAY);
  await history.tidy(ada, signal);
  expect(store.all()).toHaveLength(1);
  clock.move(2 * DAY);
  await history.tidy(ada, signal);
  expect(store.all()).toEqual([]);
  expect(store.usage()).toMatchObject({ notebooks: 0, versions: 0 });
  expect(await service.deleted(ada)).toEqual({ enabled: true, notebooks: [] });
});

test('content that was stored and never used goes after its hour', async () => {
  home = historyHome();
  const { store } = home;
  const hash = createHash('sha256').update('x').digest();
  store.putChunks([{ hash, data: Buffer.from('x'), packing: 'none', size: 1 }], NOON);
  store.sweep(NOON - HOUR);
  expect(store.missing([hash])).toEqual([]);
  store.sweep(NOON + 1);
  expect(store.missing([hash])).toEqual([hash]);
  await Promise.resolve();
});
