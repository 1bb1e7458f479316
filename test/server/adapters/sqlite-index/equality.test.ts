import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createMemoryLibraryIndex } from '../../../../server/adapters/memory/libraryIndex.js';
import { createSqliteIndex } from '../../../../server/adapters/sqlite-index/index.js';
import { recordOf } from '../../../../server/share/archive/record.js';
import { history } from '../../../support/archiveModel.js';
import { ada, bob, createEvents, createTestClock, createTestLog, query } from '../../../support/library.js';
import { viewOf } from '../../../support/libraryView.js';

let directory: string;
const log = createTestLog();
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'lakeside-index-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

describe('the SQLite index', () => {
  it('says the same as one that looks at everything, whatever comes in whatever order', async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(
        history.chain(events =>
          fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length }))
        ),
        fc.integer({ min: 1, max: 10 }),
        fc.boolean(),
        async ([events, shuffled], batch, inOrder) => {
          const folder = join(directory, String(run++));
          // Two processes take the same events, one of them as records of a snapshot.
          const [sqlite, other] = [
            createSqliteIndex({ directory: folder, log }),
            createSqliteIndex({ directory: folder, log })
          ];
          const memory = createMemoryLibraryIndex();
          const feed = inOrder ? events : shuffled;
          for (let start = 0; start < feed.length; start += batch) {
            const part = feed.slice(start, start + batch);
            await memory.apply(part);
            await Promise.all([sqlite.apply(part), other.merge(part.map(recordOf))]);
          }
          const ids = [...new Set(events.map(event => event.notebookId))];
          const expected = await viewOf(memory, ids);
          expect(await viewOf(sqlite, ids)).toEqual(expected);
          expect(await viewOf(other, ids)).toEqual(expected);
          await sqlite.close();
          await other.close();
        }
      ),
      { numRuns: 40 }
    );
  }, 120_000);

  it('names the 500 most frequent of more tags, with what the reader alone sees of them', async () => {
    const index = createSqliteIndex({ directory, log });
    const events = createEvents(createTestClock());
    const everyones = Array.from({ length: 600 }, (_, n) =>
      Array.from({ length: n < 500 ? 2 : 1 }, () => recordOf(events.published({ title: 'x', tags: [`tag ${n}`] })))
    ).flat();
    const own = Array.from({ length: 5 }, () =>
      recordOf(events.published({ title: 'x', tags: ['tag 599', 'mine'], audience: { kind: 'owner' } }))
    );
    await index.merge([...everyones, ...own]);
    const { tags } = await index.facets(ada);
    expect(tags).toHaveLength(500);
    expect(tags.slice(0, 3)).toEqual([
      { name: 'tag 599', count: 6 },
      { name: 'mine', count: 5 },
      { name: 'tag 0', count: 2 }
    ]);
    expect((await index.facets(bob)).tags.some(({ name }) => name === 'mine' || name === 'tag 599')).toBe(false);
    await index.close();
  });

  it('takes a name in the index of words for no word', async () => {
    const index = createSqliteIndex({ directory, log });
    const events = createEvents(createTestClock());
    await index.merge([recordOf(events.published({ title: 'x', tags: ['all'] }))]);
    for (const q of ['1', 'f1', 'f', '\ue0031', '\ue003']) {
      expect((await index.search(ada, query({ q }))).items, q).toEqual([]);
    }
    await index.close();
  });

  it('counts up to 10,000 and ranks titles of the rest as well', async () => {
    const index = createSqliteIndex({ directory, log });
    const clock = createTestClock();
    const events = createEvents(clock);
    const record = (title: string, text: string) => recordOf(events.published({ title, text, tags: ['all'] }));
    const oldest = record('common in the title', 'x');
    const rest = Array.from({ length: 10_200 }, (_, n) => record(`n${n}`, `common ${n % 100}`));
    await index.merge([oldest, ...rest]);
    const page = await index.search(ada, query({ q: 'common' }));
    expect(page).toMatchObject({ total: 10_000, more: true });
    expect(page.items[0]?.title).toBe('common in the title');
    expect(await index.search(ada, query({ q: 'common 42' }))).toMatchObject({ total: 102, more: false });
    expect(await index.search(ada, query({}))).toMatchObject({ total: 10_000, more: true });
    expect(await index.search(ada, query({ tag: 'all' }))).toMatchObject({ total: 10_000, more: true });
    for (const sort of ['updated', 'title'] as const) {
      const seen = new Set<string>();
      let cursor: string | undefined;
      for (let n = 0; n < 3; n++) {
        const next = await index.search(ada, query({ q: 'common', sort, limit: 200, cursor }));
        for (const item of next.items) seen.add(item.notebookId);
        cursor = next.next;
      }
      expect(seen.size, sort).toBe(600);
    }
    const met = new Set<string>();
    for (let at = 0; at < 10_000; at += 200) {
      const { items } = await index.search(ada, query({ q: 'common', limit: 200, cursor: offset(at) }));
      for (const item of items) met.add(item.notebookId);
    }
    // Those beyond what is ranked are shown too, each once.
    expect(met.size).toBe(10_000);
    const last = await index.search(ada, query({ q: 'common', limit: 200, cursor: offset(9_900) }));
    expect(last.items.length).toBeGreaterThan(90);
    expect(last.total).toBe(10_000);
    expect((await index.search(ada, query({ q: 'common', cursor: offset(20_000) }))).items).toEqual([]);
    await index.close();
  }, 120_000);
});

const offset = (count: number) =>
  Buffer.from(JSON.stringify({ sort: 'relevance', offset: count })).toString('base64url');
