import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LibraryPage, LibraryQuery } from '../../contract/share/index.js';
import type { LibraryIndex, Reader } from '../../server/share/ports.js';
import { ada, bob, createEvents, createTestClock, query } from './library.js';
import { librarySearchSuite } from './librarySearchSuite.js';

/** What every index of the Library must do. */
export function libraryIndexSuite(
  name: string,
  make: () => Promise<{ index: LibraryIndex; dispose: () => Promise<void> }>
): void {
  describe(`library index: ${name}`, () => {
    let index: LibraryIndex;
    let dispose: () => Promise<void>;
    let clock: ReturnType<typeof createTestClock>;
    let events: ReturnType<typeof createEvents>;

    beforeEach(async () => {
      ({ index, dispose } = await make());
      clock = createTestClock();
      events = createEvents(clock);
    });
    afterEach(() => dispose());

    async function publish(given: Parameters<typeof events.published>[0]) {
      clock.move(1000);
      const event = events.published(given);
      await index.apply([event]);
      return event;
    }
    async function titles(given: Partial<LibraryQuery>, reader: Reader = ada): Promise<string[]> {
      return (await index.search(reader, query(given))).items.map(item => item.title);
    }

    librarySearchSuite(() => ({ index, publish, titles }));

    describe('who may read', () => {
      it('keeps a private notebook from everybody else', async () => {
        const event = await publish({ title: 'secret', audience: { kind: 'owner' }, tags: ['hidden'], tables: ['t'] });
        await publish({ title: 'open', tags: ['seen'] });
        expect(await titles({}, bob)).toEqual(['open']);
        expect(await titles({ q: 'secret' }, bob)).toEqual([]);
        expect((await index.search(bob, query({ q: 'secret' }))).total).toBe(0);
        expect(await titles({ tag: 'hidden' }, bob)).toEqual([]);
        expect(await index.get(bob, event.notebookId)).toBeUndefined();
        expect(await index.facets(bob)).toEqual({
          tags: [{ name: 'seen', count: 1 }],
          groups: [],
          owners: [{ name: 'ada', count: 1 }],
          tables: []
        });
        expect(await titles({ q: 'secret' })).toEqual(['secret']);
        expect((await index.facets(ada)).owners).toEqual([{ name: 'ada', count: 2 }]);
        expect(await index.get(ada, event.notebookId)).toBeDefined();
      });

      it('follows a change of audience', async () => {
        const { notebookId } = await publish({ title: 'n', tags: ['t'] });
        await index.apply([events.described(notebookId, { audience: { kind: 'owner' } })]);
        expect(await titles({}, bob)).toEqual([]);
        expect((await index.facets(bob)).tags).toEqual([]);
        await index.apply([events.described(notebookId, { audience: { kind: 'everyone' } })]);
        expect(await titles({}, bob)).toEqual(['n']);
        expect((await index.facets(bob)).tags).toEqual([{ name: 't', count: 1 }]);
      });

      it('leaves the ownership with whoever published first', async () => {
        const { notebookId } = await publish({ owner: 'ada' });
        await publish({ notebookId, owner: 'mallory' });
        expect((await index.get(bob, notebookId))?.item.owner).toBe('ada');
      });

      it('takes nobody for someone else', async () => {
        await publish({ title: 'x', owner: '', audience: { kind: 'owner' } });
        await publish({ title: 'y', owner: 'ada', audience: { kind: 'owner' } });
        for (const name of ['0', '-1', 'ADA', 'ada ', "' OR 1=1 --", '%']) {
          expect(await titles({}, { name, groups: [] })).toEqual([]);
        }
      });
    });

    describe('deleting', () => {
      it('lists deleted notebooks apart, to their owner', async () => {
        const { notebookId } = await publish({ title: 'gone', tags: ['t'] });
        await publish({ title: 'stays' });
        await index.apply([events.happened('deleted', notebookId)]);
        expect(await titles({})).toEqual(['stays']);
        expect(await titles({ deleted: true })).toEqual(['gone']);
        expect(await titles({ deleted: true, q: 'gone' })).toEqual(['gone']);
        expect(await titles({ deleted: true }, bob)).toEqual([]);
        expect((await index.facets(ada)).tags).toEqual([]);
        const entry = await index.get(bob, notebookId);
        expect(entry?.item.deletedAt).toBeDefined();
        expect(Date.parse(entry!.item.purgeAt!) - Date.parse(entry!.item.deletedAt!)).toBe(30 * 24 * 3_600_000);
        await index.apply([events.happened('restored', notebookId)]);
        expect((await titles({})).sort()).toEqual(['gone', 'stays']);
        expect((await index.facets(ada)).tags).toEqual([{ name: 't', count: 1 }]);
        expect((await index.get(ada, notebookId))?.item.deletedAt).toBeUndefined();
      });

      it('brings a notebook back when it is shared again', async () => {
        const { notebookId } = await publish({ title: 'n' });
        await index.apply([events.happened('deleted', notebookId)]);
        await publish({ notebookId, title: 'n' });
        expect(await titles({})).toEqual(['n']);
        expect((await index.get(ada, notebookId))?.versions).toHaveLength(2);
      });

      it('says which ones have been deleted for long', async () => {
        const { notebookId } = await publish({});
        const other = await publish({});
        const deleted = events.happened('deleted', notebookId);
        await index.apply([deleted]);
        expect(await index.expired(deleted.at)).toEqual([]);
        expect(await index.expired(new Date(Date.parse(deleted.at) + 1).toISOString())).toEqual([notebookId]);
        expect(await index.history(other.notebookId)).toEqual({
          lastEvent: other.id,
          purged: undefined,
          versionIds: [other.versionId]
        });
        expect(await index.history(events.ids.next())).toBeUndefined();
      });

      it('forgets everything from before a purge, and only that', async () => {
        const first = await publish({ title: 'old', text: 'ancient', tags: ['old'] });
        const { notebookId } = first;
        await index.apply([events.happened('deleted', notebookId), events.happened('purged', notebookId)]);
        expect(await index.get(ada, notebookId)).toBeUndefined();
        const history = await index.history(notebookId);
        expect(history).toMatchObject({ purged: history?.lastEvent, versionIds: [] });
        await index.apply([first]);
        expect(await index.get(ada, notebookId)).toBeUndefined();
        await publish({ notebookId, title: 'new' });
        const entry = await index.get(ada, notebookId);
        expect(entry?.item).toMatchObject({ title: 'new', versions: 1, tags: [] });
        expect(await titles({ q: 'ancient' })).toEqual([]);
        expect((await index.facets(ada)).tags).toEqual([]);
      });
    });

    describe('versions', () => {
      it('numbers them by id and gives the newest first', async () => {
        const first = await publish({ title: 'v1', provenance: { packages: [{ name: 'numpy', version: '2.3' }] } });
        const second = await publish({ notebookId: first.notebookId, parent: first.versionId, title: 'v2' });
        const entry = await index.get(ada, first.notebookId);
        expect(entry?.item).toMatchObject({ title: 'v2', versions: 2, versionId: second.versionId });
        expect(entry?.item.createdAt).toBe(first.at);
        expect(entry?.item.updatedAt).toBe(second.at);
        expect(entry?.versions.map(version => [version.versionId, version.number, version.fork])).toEqual([
          [second.versionId, 2, false],
          [first.versionId, 1, false]
        ]);
        expect(entry?.versions[1]?.provenance).toEqual(first.provenance);
        expect(entry?.lastEvent).toBe(second.id);
      });

      it('shows two children of one parent as a fork', async () => {
        const root = await publish({});
        const { notebookId } = root;
        await publish({ notebookId, parent: root.versionId });
        await publish({ notebookId, parent: root.versionId });
        const forks = (await index.get(ada, notebookId))?.versions.map(version => version.fork);
        expect(forks).toEqual([true, true, false]);
      });

      it('shows two first versions as a fork', async () => {
        const { notebookId } = await publish({});
        await publish({ notebookId });
        expect((await index.get(ada, notebookId))?.versions.map(version => version.fork)).toEqual([true, true]);
      });

      it('shows nothing of a notebook whose first version has not arrived', async () => {
        const late = events.published({ title: 'late' });
        await index.apply([events.described(late.notebookId, { title: 'renamed' })]);
        expect(await index.get(ada, late.notebookId)).toBeUndefined();
        expect(await titles({})).toEqual([]);
        await index.apply([late]);
        expect(await titles({})).toEqual(['renamed']);
      });
    });

    describe('lists', () => {
      it('filters by tag, group, owner and table, and by all at once', async () => {
        await publish({ title: 'a', tags: ['Sales', 'x'], groups: ['g1'], tables: ['db.T'], owner: 'ada' });
        await publish({ title: 'b', tags: ['sales'], groups: ['g2'], owner: 'bob' });
        expect((await titles({ tag: 'SALES' })).sort()).toEqual(['a', 'b']);
        expect(await titles({ tag: 'sales', group: 'g1' })).toEqual(['a']);
        expect(await titles({ owner: 'bob' })).toEqual(['b']);
        expect(await titles({ owner: 'Bob' })).toEqual([]);
        expect(await titles({ table: 'DB.t' })).toEqual(['a']);
        expect(await titles({ tag: 'sales', q: 'a' })).toEqual(['a']);
        expect(await titles({ tag: 'none' })).toEqual([]);
        expect((await index.facets(ada)).tags.map(({ count }) => count)).toEqual([2, 1]);
      });

      it('sorts by time or title', async () => {
        const first = await publish({ title: 'banana' });
        await publish({ title: 'Éclair' });
        await publish({ title: 'apple' });
        expect(await titles({})).toEqual(['apple', 'Éclair', 'banana']);
        expect(await titles({ sort: 'title' })).toEqual(['apple', 'banana', 'Éclair']);
        clock.move(1000);
        await index.apply([events.described(first.notebookId, { tags: ['x'] })]);
        expect(await titles({ sort: 'updated' })).toEqual(['banana', 'apple', 'Éclair']);
        await publish({ title: 'apple pie', text: 'apple' });
        expect(await titles({ q: 'apple', sort: 'updated' })).toEqual(['apple pie', 'apple']);
        expect(await titles({ q: 'apple', sort: 'title' })).toEqual(['apple', 'apple pie']);
      });

      it('pages through everything once, whatever the order', async () => {
        for (let n = 0; n < 23; n++) await publish({ title: `common ${'x'.repeat(n % 3)}`, text: String(n % 4) });
        for (const given of [
          {},
          { sort: 'title' as const },
          { q: 'common' },
          { q: 'common', sort: 'title' as const }
        ]) {
          const seen: string[] = [];
          let cursor: string | undefined;
          do {
            const page: Omit<LibraryPage, 'asOf'> = await index.search(ada, query({ ...given, limit: 5, cursor }));
            expect(page.total).toBe(23);
            expect(page.items.length).toBeLessThanOrEqual(5);
            seen.push(...page.items.map(item => item.notebookId));
            cursor = page.next;
          } while (cursor !== undefined);
          expect(seen).toHaveLength(23);
          expect(new Set(seen).size).toBe(23);
        }
      });

      it('skips and repeats nothing while others publish', async () => {
        for (let n = 0; n < 10; n++) await publish({ title: `n${n}` });
        const first = await index.search(ada, query({ limit: 5 }));
        await publish({ title: 'late' });
        const second = await index.search(ada, query({ limit: 5, cursor: first.next }));
        const both = [...first.items, ...second.items].map(item => item.title);
        expect(both).toEqual(['n9', 'n8', 'n7', 'n6', 'n5', 'n4', 'n3', 'n2', 'n1', 'n0']);
      });

      it('refuses a cursor of another list', async () => {
        for (let n = 0; n < 3; n++) await publish({ title: 'x' });
        const { next } = await index.search(ada, query({ limit: 1 }));
        for (const [cursor, sort] of [
          [next, 'title'],
          ['nonsense', 'updated'],
          ['', 'updated'],
          [Buffer.from('{"sort":"updated"}').toString('base64url'), 'updated']
        ] as const) {
          await expect(index.search(ada, query({ cursor, sort, limit: 1 }))).rejects.toMatchObject({ code: 'invalid' });
        }
      });

      it('keeps cursors short enough for the contract', async () => {
        for (const title of ['漢'.repeat(200), '𠀀'.repeat(100), '"'.repeat(200), 'ﷺ'.repeat(200)]) {
          for (let n = 0; n < 3; n++) await publish({ title });
        }
        let cursor: string | undefined;
        let pages = 0;
        do {
          const page: Omit<LibraryPage, 'asOf'> = await index.search(ada, query({ sort: 'title', limit: 1, cursor }));
          cursor = page.next;
          pages++;
          expect(cursor?.length ?? 0).toBeLessThanOrEqual(500);
        } while (cursor !== undefined);
        expect(pages).toBe(12);
      });
    });

    it('knows which events it has', async () => {
      const one = await publish({});
      const two = events.published();
      expect(await index.missing([one.id, two.id])).toEqual([two.id]);
      expect(await index.snapshot()).toBeUndefined();
      await index.adopt('01K8ZZZZZZZZZZZZZZZZZZZZZZ', [two.id]);
      expect(await index.missing([one.id, two.id])).toEqual([]);
      expect(await index.snapshot()).toBe('01K8ZZZZZZZZZZZZZZZZZZZZZZ');
      await index.keepEvents(new Set([two.id]));
      expect(await index.missing([one.id, two.id])).toEqual([one.id]);
    });
  });
}
