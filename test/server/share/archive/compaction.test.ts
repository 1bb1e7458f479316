import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeNotebookLines } from '../../../../server/share/archive/mergeLines.js';
import { recordOf } from '../../../../server/share/archive/record.js';
import { notebookLine } from '../../../../server/share/archive/snapshots.js';
import type { ArchiveEvent } from '../../../../server/share/ports.js';
import { history } from '../../../support/archiveModel.js';
import { keysOf, openArchiveHome } from '../../../support/archiveHome.js';
import { ada, bob, query } from '../../../support/library.js';

const HOUR = 3_600_000;
let home: Awaited<ReturnType<typeof openArchiveHome>>;
beforeEach(async () => {
  home = await openArchiveHome();
});
afterEach(() => home.dispose());

type Home = Awaited<ReturnType<typeof openArchiveHome>>;
type Process = ReturnType<Home['open']>;
const count = { objects: 0, bytes: 0 };

/** All that can be seen of a Library by two people. */
async function seen({ follower, index }: Process, notebookIds: readonly string[]) {
  const { value } = await follower.read(async () => {
    const views = [];
    for (const reader of [ada, bob]) {
      const lists = [];
      for (const given of [{}, { deleted: true }, { q: 'alpha' }, { q: '数据' }, { tag: 'common' }, { q: 'renamed' }]) {
        const page = await index.search(reader, query({ ...given, sort: 'title' }));
        lists.push([page.total, page.items.map(({ snippet: _snippet, ...item }) => item)]);
      }
      const entries = await Promise.all(notebookIds.map(id => index.get(reader, id)));
      views.push({ lists, facets: await index.facets(reader), entries });
    }
    return views;
  });
  return value;
}

const idsOf = (events: readonly ArchiveEvent[]) => [...new Set(events.map(event => event.notebookId))].sort();

describe('compaction', () => {
  it('waits until there is enough to do', async () => {
    const process = home.open();
    await process.archive.append(home.events.published(), count);
    expect(await process.compaction.run()).toEqual({ folded: 0, removed: 0 });
    home.clock.move(23 * HOUR);
    expect(await process.compaction.run()).toEqual({ folded: 0, removed: 0 });
    home.clock.move(2 * HOUR);
    expect(await process.compaction.run()).toEqual({ folded: 1, removed: 0 });
    expect(await process.compaction.run()).toEqual({ folded: 0, removed: 0 });
  });

  it('removes events an hour after they were folded, and replaced snapshots an hour after that', async () => {
    const process = home.open();
    await process.archive.append(home.events.published({ text: 'one' }), count);
    home.clock.move(25 * HOUR);
    await process.compaction.run();
    expect(await keysOf(home.store, 'log/')).toHaveLength(1);
    home.clock.move(HOUR);
    expect(await process.compaction.run()).toEqual({ folded: 0, removed: 1 });
    expect(await keysOf(home.store, 'log/')).toEqual([]);
    await process.archive.append(home.events.published({ text: 'two' }), count);
    home.clock.move(25 * HOUR);
    expect(await process.compaction.run()).toEqual({ folded: 1, removed: 0 });
    expect(await keysOf(home.store, 'index/snap-')).toHaveLength(2);
    home.clock.move(25 * HOUR);
    await process.compaction.run();
    expect(await keysOf(home.store, 'index/snap-')).toHaveLength(1);
    // Both notebooks are of the same twelve days, so the older text object was replaced as well.
    expect(await keysOf(home.store, 'index/text-')).toHaveLength(1);
    expect((await seen(home.open(), []))[0]?.lists[0]?.[0]).toBe(2);
  });

  it('leaves an event that cannot be read where it is', async () => {
    const process = home.open();
    const event = home.events.published();
    await home.store.put(`log/2026-11-02/${home.ids.next()}.json`, Buffer.from('broken'));
    await process.archive.append(event, count);
    home.clock.move(25 * HOUR);
    expect((await process.compaction.run()).folded).toBe(1);
    home.clock.move(2 * HOUR);
    await process.compaction.run();
    expect(await keysOf(home.store, 'log/')).toHaveLength(1);
  });

  it('never builds on a snapshot that is broken', async () => {
    const process = home.open();
    await process.archive.append(home.events.published(), count);
    home.clock.move(25 * HOUR);
    await process.compaction.run();
    const [key = ''] = await keysOf(home.store, 'index/snap-');
    const bytes = (await home.store.get(key))!;
    await home.store.put(key, bytes.subarray(0, bytes.length - 20));
    await process.archive.append(home.events.published(), count);
    home.clock.move(25 * HOUR);
    await expect(process.compaction.run()).rejects.toThrow();
    expect(await keysOf(home.store, 'index/snap-')).toEqual([key]);
  });

  it('takes a process along that has followed, without reading the snapshot', async () => {
    const [one, two] = [home.open(), home.open()];
    await one.archive.append(home.events.published({ title: 'x' }), count);
    await seen(two, []);
    home.clock.move(25 * HOUR);
    await one.compaction.run();
    const before = home.log.entries.filter(entry => entry.message.startsWith('filling')).length;
    await seen(two, []);
    expect(home.log.entries.filter(entry => entry.message.startsWith('filling'))).toHaveLength(before);
    expect(await two.index.snapshot()).toBeDefined();
  });

  it('does not take a process along that slept over a snapshot, though it knows the newest event', async () => {
    const [one, sleeper] = [home.open(), home.open()];
    await one.archive.append(home.events.published({ title: 'a' }), count);
    home.clock.move(25 * HOUR);
    await one.compaction.run();
    home.clock.move(HOUR);
    await one.compaction.run();
    await sleeper.archive.append(home.events.published({ title: 'b' }), count);
    home.clock.move(25 * HOUR);
    await one.compaction.run();
    expect((await seen(sleeper, []))[0]?.lists[0]?.[0]).toBe(2);
  });

  it('writes anew only the texts that changed', async () => {
    const process = home.open();
    await process.archive.append(home.events.published({ text: 'early' }), count);
    home.clock.move(20 * 24 * HOUR);
    await process.compaction.run();
    const [early] = await keysOf(home.store, 'index/text-');
    await process.archive.append(home.events.published({ text: 'late' }), count);
    home.clock.move(25 * HOUR);
    await process.compaction.run();
    const keys = await keysOf(home.store, 'index/text-');
    expect(keys).toHaveLength(2);
    expect(keys).toContain(early);
  });

  it('gives way to another one that was faster', async () => {
    const process = home.open();
    await process.archive.append(home.events.published({ title: 'x' }), count);
    home.clock.move(25 * HOUR);
    // Both read the same log; only one snapshot may follow.
    await Promise.all([process.compaction.run(), home.open().compaction.run()]);
    home.clock.move(3 * HOUR);
    await process.compaction.run();
    expect((await seen(home.open(), []))[0]?.lists[0]?.[0]).toBe(1);
  });
});

/** What happens in a run of the property below. */
type Step = 'append' | 'compact' | 'hour' | 'day' | 'look' | { crash: number };

const steps = fc.array(
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Step>('append') },
    { weight: 3, arbitrary: fc.constant<Step>('compact') },
    { weight: 2, arbitrary: fc.constantFrom<Step>('hour', 'day') },
    { weight: 1, arbitrary: fc.constant<Step>('look') },
    { weight: 2, arbitrary: fc.nat(12).map((crash): Step => ({ crash })) }
  ),
  { maxLength: 40 }
);

const crashes = [
  'compaction:text-written',
  'compaction:snapshot-ready',
  'compaction:snapshot-written',
  'compaction:event-removed',
  'compaction:replaced-removed'
];

describe('whatever happens in whatever order', () => {
  it('a new index, one that followed and one that never saw a snapshot say the same', async () => {
    await fc.assert(
      fc.asyncProperty(history, steps, fc.infiniteStream(fc.nat()), async (events, script, random) => {
        const limits = { many: 3, settle: 0, patience: 24 * HOUR };
        const run = await openArchiveHome({ limits });
        try {
          const followed = run.open();
          const sleeper = run.open();
          const plain = run.open();
          const waiting = [...events];
          const done: ArchiveEvent[] = [];
          for (const step of script) {
            if (step === 'append' && waiting.length > 0) {
              // Late and early ones alike.
              const [event] = waiting.splice((random.next().value ?? 0) % waiting.length, 1);
              // The other one may sleep over snapshots, and yet know the newest event: its own.
              const author = (random.next().value ?? 0) % 2 === 0 ? followed : sleeper;
              await author.archive.append(event!, count);
              done.push(event!);
            } else if (step === 'compact') await followed.compaction.run();
            else if (step === 'hour') run.clock.move(HOUR + 1);
            else if (step === 'day') run.clock.move(25 * HOUR);
            else if (step === 'look') await seen(followed, idsOf(events));
            else if (typeof step === 'object') {
              run.points.breakAt(crashes[step.crash % crashes.length] ?? '', new Error('killed here'));
              await followed.compaction.run().catch((error: unknown) => {
                expect(error).toMatchObject({ message: 'killed here' });
              });
              run.points.mendAll();
            }
          }
          // This one has heard of every event from its author, never from the archive.
          await plain.index.apply(done);
          run.clock.move(61_000);
          const expected = await seenWithoutArchive(plain, idsOf(events));
          expect(await seen(followed, idsOf(events))).toEqual(expected);
          expect(await seen(sleeper, idsOf(events))).toEqual(expected);
          expect(await seen(run.open(), idsOf(events))).toEqual(expected);
        } finally {
          await run.dispose();
        }
      }),
      { numRuns: 200 }
    );
  }, 120_000);

  it('merged lines are sorted, and hold each notebook once', async () => {
    await fc.assert(
      fc.asyncProperty(history, history, async (before, after) => {
        const lines = async (known: string[], events: ArchiveEvent[]) => {
          const records = [...new Map(events.map(event => [event.notebookId, recordOf(event)])).values()].sort(
            (a, b) => (a.core.notebookId < b.core.notebookId ? -1 : 1)
          );
          const all: string[] = [];
          for await (const line of mergeNotebookLines(known, records)) all.push(line);
          return all;
        };
        const merged = await lines(await lines([], before), after);
        const ids = merged.filter(line => line.startsWith('{"id"')).map(line => line.slice(7, 33));
        expect(ids).toEqual(idsOf([...before, ...after]));
      })
    );
  });

  it('reads ids from lines as they are written', () => {
    const record = recordOf(home.events.published());
    expect(notebookLine(record).startsWith(`{"id":"${record.core.notebookId}"`)).toBe(true);
  });
});

async function seenWithoutArchive(process: Process, notebookIds: readonly string[]) {
  return seen(
    { ...process, follower: { ...process.follower, read: async work => ({ value: await work(), asOf: 0 }) } },
    notebookIds
  );
}
