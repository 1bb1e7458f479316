import { describe, expect, test, vi } from 'vitest';
import { LEVEL } from '../../../contract/tables/index.js';
import { DetailsModel } from '../../../src/tables/detailsModel.js';
import { MemoryModel } from '../../../src/tables/memoryModel.js';
import { SearchModel } from '../../../src/tables/panel/searchModel.js';
import { TreeModel, levelKey, listKey, sourceKey } from '../../../src/tables/panel/treeModel.js';
import { LEVEL as OURS, linkOf, placeOf, refOf, refOfLink } from '../../../src/tables/refs.js';
import { FakeTables, refused, sourceOf } from './support.js';

const settled = () => new Promise(resolve => setTimeout(resolve, 5));

function make(change: (fake: FakeTables) => void = () => undefined) {
  const fake = new FakeTables();
  change(fake);
  const tree = new TreeModel({ client: fake.client, background: fake.client });
  return { fake, tree };
}

describe('the tree', () => {
  test('opens the only source by itself, and reads each thing once', async () => {
    const { fake, tree } = make();
    await Promise.all([tree.refresh(), tree.refresh()]);
    await settled();
    expect(fake.count('tables.sources')).toBe(1);
    expect(tree.state.open.has(sourceKey('lake'))).toBe(true);
    expect(tree.state.schemas.get('lake')?.schemas).toEqual([{ schema: 'public', tables: 3 }]);
    const key = levelKey('lake', 'public');
    tree.setOpen(key, true);
    tree.setOpen(key, false);
    tree.setOpen(key, true);
    await settled();
    expect(fake.count('tables.list')).toBe(1);
    expect(tree.state.lists.get(listKey('lake', 'public'))).toMatchObject({ phase: 'ready', total: 3 });
  });

  test('puts each answer where it belongs, in whatever order they come', async () => {
    const { fake, tree } = make(it => {
      it.sources = [sourceOf('one'), sourceOf('two')];
      it.schemas = { one: [{ schema: 'a' }], two: [{ schema: 'b' }] };
    });
    await tree.refresh();
    const letGo = fake.hold('/one/schemas');
    tree.setOpen(sourceKey('one'), true);
    tree.setOpen(sourceKey('two'), true);
    await settled();
    expect(tree.state.schemas.get('one')?.phase).toBe('loading');
    expect(tree.state.schemas.get('two')?.schemas).toEqual([{ schema: 'b' }]);
    letGo();
    await settled();
    expect(tree.state.schemas.get('one')?.schemas).toEqual([{ schema: 'a' }]);
  });

  test('keeps a failure at its place, and siblings go on', async () => {
    const { fake, tree } = make(it => {
      it.schemas = { lake: [{ schema: 'a' }, { schema: 'b' }] };
      it.tables = { 'lake/b': ['x'] };
      it.failures.push({ id: 'tables.list', holds: 'schema=a', error: refused() });
    });
    await tree.refresh();
    await settled();
    tree.setOpen(levelKey('lake', 'a'), true);
    tree.setOpen(levelKey('lake', 'b'), true);
    await settled();
    expect(tree.state.lists.get(listKey('lake', 'a'))).toMatchObject({ phase: 'failed' });
    expect(tree.state.lists.get(listKey('lake', 'a'))?.error?.message).toContain('says no');
    expect(tree.state.lists.get(listKey('lake', 'b'))).toMatchObject({ phase: 'ready', total: 1 });
    fake.tables['lake/a'] = ['y'];
    await tree.retryList('lake', 'a');
    expect(tree.state.lists.get(listKey('lake', 'a'))).toMatchObject({ phase: 'ready', total: 1 });
  });

  test('reads only the pages that are looked at; one that fails is tried again when asked to', async () => {
    const { fake, tree } = make(it => {
      it.tables['lake/public'] = Array.from({ length: 1_000 }, (_, n) => `t${String(n).padStart(4, '0')}`);
    });
    await tree.refresh();
    tree.setOpen(levelKey('lake', 'public'), true);
    await settled();
    const page = (number: number) => ({ source: 'lake', schema: 'public', page: number });
    fake.failures.push({ id: 'tables.list', error: refused() });
    tree.look([page(0), page(4)]);
    await settled();
    const list = () => tree.state.lists.get(listKey('lake', 'public'))!;
    expect([...list().pages.keys()]).toEqual([0]);
    expect([...list().failed.keys()]).toEqual([4]);
    tree.look([page(4)]);
    await settled();
    expect(fake.count('tables.list')).toBe(2);
    await tree.retryPage(page(4));
    expect([...list().pages.keys()]).toEqual([0, 4]);
    expect(list().pages.get(4)?.[0]?.name).toBe('t0800');
  });

  test('reads again what an index that was renewed is shown of, and finds open tables where they are now', async () => {
    const { fake, tree } = make();
    await tree.refresh();
    tree.setOpen(levelKey('lake', 'public'), true);
    await settled();
    tree.setTableOpen({ source: 'lake', schema: 'public', page: 0 }, 'flights', 1, true);
    tree.setTableOpen({ source: 'lake', schema: 'public', page: 0 }, 'weather', 2, true);
    fake.tables['lake/public'] = ['aaa', 'airports', 'flights'];
    fake.sources = [sourceOf('lake', { asOf: '2026-11-22T10:00:00.000Z' })];
    await tree.poll();
    await settled();
    const list = tree.state.lists.get(listKey('lake', 'public'))!;
    expect(list.pages.get(0)?.map(each => each.name)).toEqual(['aaa', 'airports', 'flights']);
    expect([...list.open]).toEqual([['flights', 2]]);
  });

  test('without an answer says why; with sources it goes on showing them', async () => {
    const { fake, tree } = make(it => it.failures.push({ id: 'tables.sources', error: refused('Gone.') }));
    await tree.refresh();
    expect(tree.state).toMatchObject({ phase: 'failed' });
    await tree.refresh();
    expect(tree.state).toMatchObject({ phase: 'ready', error: undefined });
    fake.failures.push({ id: 'tables.sources', error: refused('Gone.') });
    await tree.poll();
    expect(tree.state.phase).toBe('ready');
    expect(tree.state.error?.message).toBe('Gone.');
    expect(tree.state.sources).toHaveLength(1);
  });
});

describe('the search', () => {
  test('asks with every letter, and only the last answer counts', async () => {
    const fake = new FakeTables();
    fake.find = q => ({
      hits: [{ source: 'lake', schema: 'public', table: `about ${q}`, type: 'table' }],
      total: 1
    });
    const search = new SearchModel(fake.client);
    const letGo = fake.hold('q=f');
    search.setQuery('f');
    search.setQuery('fl');
    await settled();
    expect(search.state.result?.hits[0]?.table).toBe('about fl');
    letGo();
    await settled();
    expect(search.state).toMatchObject({ phase: 'ready', found: 'fl' });
    expect(search.state.result?.hits[0]?.table).toBe('about fl');
    search.setQuery('');
    expect(search.state).toMatchObject({ phase: 'idle', result: undefined });
  });

  test('keeps what was found when the next question fails', async () => {
    const fake = new FakeTables();
    const search = new SearchModel(fake.client);
    search.setQuery('a');
    await settled();
    fake.failures.push({ id: 'tables.search', error: refused() });
    search.setQuery('ab');
    await settled();
    expect(search.state.phase).toBe('failed');
    expect(search.state.result).toBeDefined();
  });
});

describe('details', () => {
  const ref = { source: 'lake', schema: 'public', table: 'flights' };

  test('are asked for once, whoever wants them', async () => {
    const fake = new FakeTables();
    const details = new DetailsModel(fake.client);
    details.want(ref);
    const [one, other] = await Promise.all([details.get(ref), details.get(ref)]);
    expect(one).toBe(other);
    expect(fake.count('tables.table')).toBe(1);
  });

  test('stay when they cannot be read anew, with the reason', async () => {
    const fake = new FakeTables();
    const details = new DetailsModel(fake.client);
    await details.get(ref);
    fake.failures.push({ id: 'tables.table', error: refused() });
    await expect(details.read(ref)).rejects.toThrow('says no');
    expect(details.of(ref)).toMatchObject({ phase: 'failed', detail: { name: 'flights' } });
  });
});

describe('what is remembered', () => {
  const ref = (table: string) => ({ source: 'lake', schema: '', table });

  test('is kept, and comes back; what is broken in it is left out', async () => {
    let kept: unknown = { favourites: [ref('a'), { source: 1 }], recents: 'none', dialect: 'cobol' };
    const save = vi.fn((state: unknown) => Promise.resolve((kept = JSON.parse(JSON.stringify(state)))));
    const memory = new MemoryModel({ fetch: () => Promise.resolve(kept), save });
    await memory.load();
    expect(memory.state).toEqual({ favourites: [ref('a')], recents: [], dialect: 'sql' });
    memory.toggleFavourite(ref('b'));
    memory.toggleFavourite(ref('a'));
    for (let n = 0; n < 10; n += 1) memory.use(ref(`r${n}`));
    memory.use(ref('r8'));
    memory.choose('polars');
    const next = new MemoryModel({ fetch: () => Promise.resolve(kept), save });
    await next.load();
    expect(next.state.favourites).toEqual([ref('b')]);
    expect(next.state.recents.map(each => each.table)).toEqual(['r8', 'r9', 'r7', 'r6', 'r5', 'r4', 'r3', 'r2']);
    expect(next.state.dialect).toBe('polars');
  });

  test('what is chosen while it is read stays, beside what was kept', async () => {
    const ref = (table: string) => ({ source: 'lake', schema: 'public', table });
    const saved: unknown[] = [];
    let answer: (kept: unknown) => void = () => undefined;
    const memory = new MemoryModel({
      fetch: () => new Promise(resolve => (answer = resolve)),
      save: state => Promise.resolve(saved.push(state))
    });
    const loaded = memory.load();
    memory.toggleFavourite(ref('new'));
    memory.use(ref('both'));
    memory.choose('sql');
    answer({ favourites: [ref('old')], recents: [ref('before'), ref('both')], dialect: 'polars' });
    await loaded;
    const all = { favourites: [ref('old'), ref('new')], recents: [ref('both'), ref('before')], dialect: 'sql' };
    expect(memory.state).toEqual(all);
    expect(saved.at(-1)).toEqual(all);
  });
});

test('links lead back to the table, whatever its names hold', () => {
  expect(OURS).toBe(LEVEL);
  expect(placeOf({ source: 'w', schema: `a${LEVEL}b` })).toBe('w › a › b');
  for (const ref of [
    { source: 'lake', schema: '', table: 'flights' },
    { source: 'w', schema: 'a\u001fb', table: 'x/y%z "q" 日本' },
    { source: 'w', schema: 'a/b', table: '..' }
  ]) {
    expect(refOfLink(linkOf(ref))).toEqual(ref);
  }
  for (const bad of ['', 'lake', 'lake/', '%E0%A4%A/x']) expect(refOfLink(bad), bad).toBeUndefined();
  expect(refOf({ source: 'a', table: 'b' })).toEqual({ source: 'a', schema: '', table: 'b' });
  expect(refOf({ source: 'a' })).toBeUndefined();
});
