import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMemoryLibraryIndex } from '../../../../server/adapters/memory/libraryIndex.js';
import { createMemoryObjectStore } from '../../../../server/adapters/memory/objectStore.js';
import { IndexLost } from '../../../../server/share/archive/indexLost.js';
import { eventKey, snapshotKey } from '../../../../server/share/archive/keys.js';
import type { LibraryIndex, ObjectStore } from '../../../../server/share/ports.js';
import { openArchiveHome } from '../../../support/archiveHome.js';
import { ada, query } from '../../../support/library.js';

let home: Awaited<ReturnType<typeof openArchiveHome>>;
beforeEach(async () => {
  home = await openArchiveHome();
});
afterEach(() => home.dispose());

type Process = ReturnType<typeof home.open>;
const titles = async ({ follower, index }: Process) => {
  const { value } = await follower.read(() => index.search(ada, query({ sort: 'title' })));
  return value.items.map(item => item.title);
};
const count = { objects: 0, bytes: 0 };

describe('following the log', () => {
  it('sees what other processes appended, at once', async () => {
    const [one, two] = [home.open(), home.open()];
    expect(await titles(two)).toEqual([]);
    for (const title of ['a', 'b', 'c']) {
      await one.archive.append(home.events.published({ title }), count);
      home.clock.move(1000);
      expect(await titles(two)).toContain(title);
    }
  });

  it('asks a store far away once a second, and knows what it wrote itself at once', async () => {
    await home.dispose();
    home = await openArchiveHome({ freshFor: 1000 });
    const [one, two] = [home.open(), home.open()];
    expect(await titles(two)).toEqual([]);
    await one.archive.append(home.events.published({ title: 'of another machine' }), count);
    await two.archive.append(home.events.published({ title: 'own' }), count);
    home.clock.move(500);
    expect(await titles(two)).toEqual(['own']);
    home.clock.move(500);
    expect(await titles(two)).toEqual(['of another machine', 'own']);
  });

  it('finds in a store far away what is dated back within ten seconds', async () => {
    await home.dispose();
    home = await openArchiveHome({ freshFor: 1000 });
    const [one, two] = [home.open(), home.open()];
    const slow = home.events.published({ title: 'a share that took a minute' });
    home.clock.move(60_000);
    expect(await titles(two)).toEqual([]);
    home.clock.move(1000);
    await one.archive.append(slow, count);
    await one.archive.append(home.events.published({ title: 'quick' }), count);
    expect(await titles(two)).toEqual(['quick']);
    home.clock.move(10_000);
    expect(await titles(two)).toEqual(['a share that took a minute', 'quick']);
  });

  it('asks a store far away ahead of time, and answers meanwhile', async () => {
    const store = createMemoryObjectStore();
    let lists = 0;
    const { promise: gate, resolve } = Promise.withResolvers<undefined>();
    let isSlow = false;
    const slow: ObjectStore = {
      ...store,
      async *keys(prefix, options) {
        lists++;
        if (isSlow) await gate;
        yield* store.keys(prefix, options);
      }
    };
    await home.dispose();
    home = await openArchiveHome({ freshFor: 1000, store: slow });
    const [one, two] = [home.open(), home.open()];
    expect(await titles(two)).toEqual([]);
    await one.archive.append(home.events.published({ title: 'of another machine' }), count);
    isSlow = true;
    const before = lists;
    home.clock.move(501);
    expect(await titles(two)).toEqual([]);
    await vi.waitFor(() => expect(lists).toBeGreaterThan(before));
    const asked = lists;
    expect(await titles(two)).toEqual([]);
    // One question is under way, however many search.
    expect(lists).toBe(asked);
    resolve(undefined);
    await vi.waitFor(async () => expect(await titles(two)).toEqual(['of another machine']));
    expect(lists).toBeLessThanOrEqual(asked + 1);
  });

  it('sees events that are dated back', async () => {
    const [one, two] = [home.open(), home.open()];
    const slow = home.events.published({ title: 'a share that took a minute' });
    const ancient = home.events.published({ title: 'a share that was resumed the next day' });
    home.clock.move(60_000);
    await one.archive.append(home.events.published({ title: 'quick' }), count);
    expect(await titles(two)).toEqual(['quick']);
    await one.archive.append(slow, count);
    expect(await titles(two)).toContain(slow.title);
    home.clock.move(24 * 3_600_000);
    await titles(two);
    home.clock.move(61_000);
    await one.archive.append(ancient, count);
    // The process that appended it knows it at once, the others within a minute.
    expect(await titles(one)).toContain(ancient.title);
    home.clock.move(61_000);
    expect(await titles(two)).toContain(ancient.title);
  });

  it('sees events of a machine whose clock is ahead, and those of the others after that', async () => {
    const [one, two] = [home.open(), home.open()];
    const now = home.clock.now();
    home.clock.setDate(now + 10 * 24 * 3_600_000);
    const ahead = home.events.published({ title: 'ahead' });
    home.clock.setDate(now);
    await one.archive.append(ahead, count);
    expect(await titles(two)).toEqual(['ahead']);
    const { createIds } = await import('../../../../server/ids.js');
    const normal = home.events.published({ title: 'normal', id: createIds(home.clock).next() });
    await one.archive.append(normal, count);
    expect(await titles(two)).toEqual(['ahead', 'normal']);
  });

  it('goes on after an event that cannot be read', async () => {
    const process = home.open();
    const broken = { json: home.ids.next(), shape: home.ids.next(), other: home.ids.next(), bytes: home.ids.next() };
    await home.store.put(eventKey(broken.json), Buffer.from('{"type":'));
    await home.store.put(eventKey(broken.shape), Buffer.from('{"type":"exploded","id":"x"}'));
    await home.store.put(eventKey(broken.other), Buffer.from(JSON.stringify(home.events.published())));
    await home.store.put(eventKey(broken.bytes), Buffer.from([0xff, 0xfe, 0x00]));
    await home.store.put('log/2026-11-02/notes.txt', Buffer.from('not ours'));
    await process.archive.append(home.events.published({ title: 'fine' }), count);
    expect(await titles(process)).toEqual(['fine']);
    expect(await titles(process)).toEqual(['fine']);
    const told = home.log.entries.filter(entry => entry.level === 'error');
    expect(told).toHaveLength(4);
    // Once it is mended it counts.
    const mended = home.events.published({ title: 'mended', id: broken.json });
    await home.store.put(eventKey(broken.json), Buffer.from(JSON.stringify(mended)));
    expect(await titles(process)).toEqual(['fine', 'mended']);
  });

  it('answers many at once with what was there before each asked', async () => {
    const [one, two] = [home.open(), home.open()];
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        await one.archive.append(home.events.published({ title: `n${n}` }), count);
        expect(await titles(two)).toContain(`n${n}`);
      })
    );
  });

  it('reads while it asks the store, and again only where that had something new', async () => {
    const [one, two] = [home.open(), home.open()];
    let reads = 0;
    const look = () =>
      two.follower.read(async () => {
        reads++;
        return (await two.index.search(ada, query({}))).total;
      });
    expect((await look()).value).toBe(0);
    expect((await look()).value).toBe(0);
    expect(reads).toBe(2);
    await one.archive.append(home.events.published(), count);
    expect((await look()).value).toBe(1);
    expect(reads).toBe(4);
    home.clock.move(61_000);
    expect((await look()).value).toBe(1);
    expect(reads).toBe(5);
    // Another process with the same index may have taken what came.
    const event = home.events.published();
    await one.archive.append(event, count);
    await two.index.apply([event]);
    expect((await look()).value).toBe(2);
    home.clock.move(25 * 3_600_000);
    expect((await look()).value).toBe(2);
    reads = 0;
    expect((await one.compaction.run()).folded).toBe(2);
    expect((await look()).value).toBe(2);
    expect((await look()).value).toBe(2);
    expect(reads).toBe(3);
  });

  it('says as of when', async () => {
    const { follower } = home.open();
    home.clock.move(5000);
    const { asOf } = await follower.read(() => Promise.resolve());
    expect(asOf).toBe(home.clock.now());
  });
});

describe('an index that is lost', () => {
  it('is filled again within the same call', async () => {
    let index = createMemoryLibraryIndex();
    let losses = 0;
    // What the SQLite index does when its file turns out to be damaged.
    const fragile = new Proxy({} as LibraryIndex, {
      get:
        (_, name: keyof LibraryIndex) =>
        async (...args: never[]) => {
          if (name === 'search' && losses > 0) {
            losses--;
            index = createMemoryLibraryIndex();
            throw new IndexLost();
          }
          return (index[name] as (...all: never[]) => unknown)(...args);
        }
    });
    const process = home.open(fragile);
    await process.archive.append(home.events.published({ title: 'x' }), count);
    expect(await titles(process)).toEqual(['x']);
    losses = 2;
    expect(await titles(process)).toEqual(['x']);
    losses = 3;
    await expect(titles(process)).rejects.toMatchObject({ code: 'unavailable' });
    expect(await titles(process)).toEqual(['x']);
  });

  it('does not fail the share that appended', async () => {
    const index = createMemoryLibraryIndex();
    const process = home.open({ ...index, apply: () => Promise.reject(new Error('busy')) });
    await process.archive.append(home.events.published({ title: 'x' }), count);
    expect(await titles(home.open())).toEqual(['x']);
  });
});

describe('a snapshot that cannot be read', () => {
  it('is passed over for an older one', async () => {
    const process = home.open();
    await process.archive.append(home.events.published({ title: 'x' }), count);
    home.clock.move(25 * 3_600_000);
    expect(await process.compaction.run()).toEqual({ folded: 1, removed: 0 });
    await home.store.put(snapshotKey(home.ids.next()), Buffer.from('broken'));
    expect(await titles(home.open())).toEqual(['x']);
    expect(home.log.entries.some(entry => entry.level === 'error')).toBe(true);
  });
});
