import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createAddition } from '../../../src/tables/add/create.js';
import { ProblemError } from '../../../contract/problem.js';
import { DetailsModel } from '../../../src/tables/detailsModel.js';
import { MemoryModel } from '../../../src/tables/memoryModel.js';
import type { IPanelActions } from '../../../src/tables/panel/context.js';
import { PanelView } from '../../../src/tables/panel/panelView.js';
import { SearchModel } from '../../../src/tables/panel/searchModel.js';
import { TreeModel } from '../../../src/tables/panel/treeModel.js';
import { TransProvider } from '../../../src/ui/trans.js';
import { FakeTables, detailOf, refused, sourceOf } from './support.js';

const trans = nullTranslator.load('lakeside');
afterEach(cleanup);

async function show(change: (fake: FakeTables) => void = () => undefined, insertsOnSelect = false) {
  const fake = new FakeTables();
  change(fake);
  const tree = new TreeModel({ client: fake.client, background: fake.client });
  const search = new SearchModel(fake.client);
  const details = new DetailsModel(fake.client);
  const memory = new MemoryModel({ fetch: async () => undefined, save: async () => undefined });
  const actions = {
    insert: vi.fn(async () => undefined),
    insertWord: vi.fn(),
    codeOf: vi.fn((ref: { table: string }) => (details.of(ref as never)?.detail ? `code of ${ref.table}` : undefined)),
    open: vi.fn(),
    copyName: vi.fn(),
    copyLink: vi.fn(),
    toggleFavourite: vi.fn((ref: never) => memory.toggleFavourite(ref)),
    dialects: vi.fn(async () => undefined),
    menu: vi.fn()
  };
  const leave = vi.fn();
  const loadAddition = async () =>
    createAddition({ client: fake.client, taken: () => tree.state.sources.map(({ id }) => id), trans });
  const area = document.createElement('div');
  document.body.append(area);
  render(
    <TransProvider trans={trans}>
      <PanelView
        {...{ tree, search, details, memory, leave }}
        actions={actions as unknown as IPanelActions}
        insertsOnSelect={() => insertsOnSelect}
        loadAddition={loadAddition}
        area={() => area}
      />
    </TransProvider>,
    { container: area }
  );
  await act(() => tree.refresh());
  await act(settled);
  return { fake, tree, search, details, memory, actions, leave };
}

/** Long enough for rows in sight to be asked for. */
const settled = () => new Promise<void>(resolve => setTimeout(resolve, 70));
const item = (name: string | RegExp) => screen.getByRole('treeitem', { name });
const items = () => screen.queryAllByRole('treeitem').map(each => each.getAttribute('aria-label'));
const press = async (key: string, more: object = {}) => {
  await act(async () => {
    fireEvent.keyDown(document.activeElement ?? document.body, { key, ...more });
    await settled();
  });
};
const click = async (element: Element) => {
  await act(async () => {
    fireEvent.click(element);
    await settled();
  });
};
const focused = () => document.activeElement?.getAttribute('aria-label');

describe('the tree', () => {
  test('is gone through, opened and closed by keyboard', async () => {
    await show();
    expect(items()).toEqual(['lake', 'public, 3 tables']);
    act(() => item('lake').focus());
    await press('ArrowDown');
    expect(focused()).toBe('public, 3 tables');
    await press('ArrowRight');
    await press('ArrowRight');
    expect(focused()).toBe('airports');
    await press('w');
    expect(focused()).toBe('weather');
    await press('Home');
    expect(focused()).toBe('lake');
    await press('End');
    expect(focused()).toBe('weather');
    await press('ArrowRight');
    expect(item(/^weather/).getAttribute('aria-expanded')).toBe('true');
    expect(item('id, bigint, key').getAttribute('aria-level')).toBe('4');
    await press('ArrowLeft');
    expect(item(/^weather/).getAttribute('aria-expanded')).toBe('false');
    await press('ArrowLeft');
    expect(focused()).toBe('public, 3 tables');
    await press('Escape');
    expect(document.activeElement).toBe(screen.getByRole('searchbox'));
  });

  test('shows nested fields, size and facts, partitions and snapshots of a table', async () => {
    const partition = { name: 'year=2013/month=9', rows: 27_574, bytes: 900_000 };
    const snapshot = { id: '1', at: '2026-11-20T08:00:00.000Z', operation: 'append', addedRows: 12, current: true };
    await show(fake => {
      fake.details['flights'] = detailOf('flights', {
        comment: 'All that left New York',
        partitions: { newest: [partition], more: true },
        snapshots: [snapshot]
      });
    });
    await click(item(/^public/));
    await click(item('flights'));
    expect(items()).toContain('flights, 336,776 rows · 3 columns');
    expect(items()).toContain('All that left New York');
    expect(screen.getByText(/^12 MB · changed .* · owner ada$/)).toBeTruthy();
    await click(item(/^place/));
    expect(item('city, string').getAttribute('aria-level')).toBe('5');
    await click(item(/^Partitions/));
    await click(item(/^Snapshots/));
    expect(items()).toContain('year=2013/month=9, 27,574 rows');
    expect(items().some(label => label?.includes('append · +12 rows'))).toBe(true);
  });

  test('keeps a failure on its row with the sentence and Retry; the rest goes on', async () => {
    const { fake } = await show(it => {
      it.schemas = {
        lake: [{ schema: 'a' }, { schema: 'b', trouble: { message: 'No right here.', code: 'source-forbidden' } }]
      };
      it.tables = { 'lake/a': ['x'], 'lake/b': [] };
      it.failures.push({ id: 'tables.list', holds: 'schema=a', error: refused() });
    });
    await click(item('a'));
    const problem = item(/^The database says no/);
    expect(within(problem).getByRole('button', { name: 'Copy details' })).toBeTruthy();
    await click(item(/^b/));
    expect(item('No right here.')).toBeTruthy();
    await click(within(problem).getByRole('button', { name: 'Retry' }));
    expect(items()).toContain('x');
    expect(screen.queryByText(/The database says no/)).toBeNull();
    expect(fake.count('tables.list')).toBe(3);
  });

  test('says what a source cannot, beside what is known of it', async () => {
    await show(fake => {
      const trouble = { message: 'The password is wrong.', code: 'source-signin' };
      fake.sources = [sourceOf('lake', { state: 'stale', trouble }), sourceOf('other')];
    });
    expect(item('The password is wrong.')).toBeTruthy();
    await click(item(/^lake/));
    expect(items()).toContain('public, 3 tables');
    expect(items()).toContain('other');
  });

  test('of 100,000 tables has few in the page, and reads the pages in sight', async () => {
    const { fake } = await show(it => {
      it.tables['lake/public'] = Array.from({ length: 100_000 }, (_, n) => `t${String(n).padStart(6, '0')}`);
    });
    await click(item(/^public/));
    expect(item('t000000').getAttribute('aria-setsize')).toBe('100000');
    expect(screen.getAllByRole('treeitem').length).toBeLessThan(100);
    act(() => item('t000000').focus());
    await press('End');
    await act(settled);
    expect(focused()).toBe('t099999');
    expect(fake.calls.filter(call => call.id === 'tables.list').length).toBeLessThanOrEqual(3);
  });
});

describe('code', () => {
  test('is inserted by Enter, Ctrl+Enter, double click and the button; Space opens the page', async () => {
    const { actions, fake } = await show();
    await click(item(/^public/));
    const ref = { source: 'lake', schema: 'public', table: 'flights' };
    act(() => item('flights').focus());
    await press('Enter');
    await press('Enter', { ctrlKey: true });
    expect(actions.insert).toHaveBeenCalledTimes(2);
    expect(actions.insert).toHaveBeenLastCalledWith(ref);
    fireEvent.doubleClick(item('flights'));
    fireEvent.click(screen.getByRole('button', { name: 'Insert "flights"' }));
    expect(actions.insert).toHaveBeenCalledTimes(4);
    await press(' ');
    expect(actions.open).toHaveBeenCalledWith(ref, 'preview');
    await press('F10', { shiftKey: true });
    expect(actions.menu).toHaveBeenCalledWith(ref, item('flights'), undefined);
    await press('ArrowRight');
    fireEvent.doubleClick(item(/^Dep Delay/));
    expect(actions.insertWord).toHaveBeenCalledWith('Dep Delay');
    expect(fake.count('tables.table')).toBe(1);
  });

  test('is inserted by one click where the setting says so', async () => {
    const { actions } = await show(undefined, true);
    await click(item(/^public/));
    await click(item('flights'));
    fireEvent.doubleClick(item(/^flights/));
    expect(actions.insert).toHaveBeenCalledTimes(1);
  });

  test('can be dragged as soon as it is known', async () => {
    const { details } = await show();
    await click(item(/^public/));
    expect(item('flights').getAttribute('draggable')).toBe('false');
    await act(async () => {
      await details.get({ source: 'lake', schema: 'public', table: 'flights' });
    });
    expect(item(/^flights/).getAttribute('draggable')).toBe('true');
    const setData = vi.fn();
    fireEvent.dragStart(item(/^flights/), { dataTransfer: { setData } });
    expect(setData).toHaveBeenCalledWith('text/plain', 'code of flights');
  });
});

test('what is typed is found as tables and columns; Enter opens, Escape goes back', async () => {
  const { search, actions, leave } = await show(fake => {
    const hit = { source: 'lake', schema: 'public', table: 'flights', type: 'table' as const };
    fake.find = () => ({ hits: [hit, { ...hit, column: { name: 'flight', type: 'int' } }], total: 812 });
  });
  const box = screen.getByRole('searchbox');
  act(() => box.focus());
  await act(async () => {
    fireEvent.change(box, { target: { value: 'fl' } });
    await settled();
  });
  expect(screen.getByText('2 of 812 found')).toBeTruthy();
  expect(items()).toEqual(['flights, lake › public', 'column flight, int, flights, lake › public']);
  expect([...document.querySelectorAll('mark')].map(mark => mark.textContent)).toEqual(['fl', 'fl']);
  await press('Enter');
  expect(focused()).toBe('flights, lake › public');
  await waitFor(() => expect(items()).toContain('id, bigint, key'));
  await press('Enter');
  expect(actions.insert).toHaveBeenCalledOnce();
  await press('Escape');
  await press('Escape');
  expect(search.state.query).toBe('');
  expect(items()).toContain('public, 3 tables');
  await press('Escape');
  expect(leave).toHaveBeenCalledOnce();
  act(() => item('lake').focus());
  await press('/');
  expect(document.activeElement).toBe(screen.getByRole('searchbox'));
});

test('favourites and the tables used last stand at the top', async () => {
  const { memory } = await show();
  await click(item(/^public/));
  expect(screen.queryByRole('button', { name: 'Make "weather" a favourite' })).toBeNull();
  fireEvent.pointerEnter(item(/^weather/));
  fireEvent.click(screen.getByRole('button', { name: 'Make "weather" a favourite' }));
  act(() => memory.use({ source: 'lake', schema: 'public', table: 'airports' }));
  expect(items().slice(0, 4)).toEqual(['Favourites', 'weather, lake › public', 'Recent', 'airports, lake › public']);
  await click(item('Favourites'));
  expect(items()).not.toContain('weather, lake › public');
});

test('says how fresh the names are, and how far reading is', async () => {
  const { fake, tree } = await show();
  expect(screen.getByText(/^as of /)).toBeTruthy();
  fake.sources = [sourceOf('lake', { state: 'building', progress: { done: 12, total: 200 } })];
  await click(screen.getByRole('button', { name: 'Read the names of all sources anew' }));
  expect(fake.count('tables.refresh')).toBe(1);
  expect(screen.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('6');
  expect(screen.getByText('Reading names, 12 of 200')).toBeTruthy();
  expect(tree.isBuilding).toBe(true);
});

test('without sources it teaches; without an answer it says why', async () => {
  await show(fake => (fake.sources = []));
  expect(screen.getByText('No sources yet')).toBeTruthy();
  expect(screen.getByRole('button', { name: 'Add a source' })).toBeTruthy();
  cleanup();
  const { fake } = await show(it => it.failures.push({ id: 'tables.sources', error: refused('Nobody is there.') }));
  expect(within(screen.getByRole('alert')).getByText('Nobody is there.')).toBeTruthy();
  await click(screen.getByRole('button', { name: 'Retry' }));
  expect(fake.count('tables.sources')).toBe(2);
  expect(items()).toContain('lake');
});

describe('a source', () => {
  const type = async (label: string | RegExp, value: string) => {
    await act(async () => void fireEvent.change(screen.getByLabelText(label), { target: { value } }));
  };
  const add = screen.getByRole.bind(screen, 'button', { name: 'Add' });

  test('is added in place of the tree, and stands open in it with the focus', async () => {
    const { fake } = await show();
    await click(screen.getByRole('button', { name: 'Add a source' }));
    expect(document.activeElement).toBe(screen.getByLabelText('What it is'));
    expect(screen.queryByRole('tree')).toBeNull();
    await type('What it is', 'folder');
    await type('Name', 'lake');
    await click(add());
    expect(screen.getByText('There is a source "lake" already. Choose another name.')).toBeTruthy();
    expect(document.activeElement).toBe(screen.getByLabelText('Name'));
    await type('Name', 'archive');
    await type('Folder', '/data/archive');
    await click(add());
    expect(fake.bodies).toEqual([{ settings: { kind: 'files', path: '/data/archive' } }]);
    expect(focused()).toMatch(/^archive/);
    expect(item(/^archive/).getAttribute('aria-expanded')).toBe('true');
    expect(item('new')).toBeTruthy();
  });

  test('keeps what was typed when the form is left; the focus goes back to where it was opened', async () => {
    await show();
    await click(screen.getByRole('button', { name: 'Add a source' }));
    await type('What it is', 'postgresql');
    await type('Host', 'db.example.org');
    await press('Escape');
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Add a source' }));
    await click(screen.getByRole('button', { name: 'Add a source' }));
    expect(screen.getByLabelText<HTMLInputElement>('Host').value).toBe('db.example.org');
  });

  test('is tested: what was found is said with signs and cures, and is gone when something changes', async () => {
    const { fake } = await show();
    await click(screen.getByRole('button', { name: 'Add a source' }));
    await type('What it is', 'folder');
    await type('Folder', '/data');
    fake.test = { ok: false, findings: [{ state: 'failed', detail: 'There is no /data.', cure: 'Make it.' }] };
    await click(screen.getByRole('button', { name: 'Test' }));
    expect(screen.getByRole('status').textContent).toBe('It does not work yet.✕failed: There is no /data.Make it.');
    await type('Folder', '/lake');
    expect(screen.getByRole('status').textContent).toBe('');
    fake.test = { ok: true, findings: [{ state: 'ok', detail: '/lake can be read.' }] };
    const letGo = fake.hold('/test');
    await click(screen.getByRole('button', { name: 'Test' }));
    expect(screen.getByRole('status').textContent).toBe('Testing the connection…');
    await click(screen.getByRole('button', { name: 'Stop' }));
    expect(screen.getByRole('status').textContent).toBe('');
    letGo();
    await click(screen.getByRole('button', { name: 'Test' }));
    expect(screen.getByRole('status').textContent).toBe('It works.●right: /lake can be read.');
  });

  test('that the organisation sets is refused in its words; a fault in folded settings unfolds them', async () => {
    const { fake } = await show();
    await click(screen.getByRole('button', { name: 'Add a source' }));
    await type('What it is', 'hive');
    await type('Name', 'hive');
    await type('Host', 'h');
    const message = 'The sources of tables are set by your organisation. Ask whoever runs this server to add one.';
    fake.failures.push({ id: 'tables.add', error: new ProblemError('conflict', message) });
    await click(add());
    expect(screen.getByRole('alert').textContent).toBe(message);
    const errors = [{ field: 'data.path', message: 'data.path must be an absolute path.' }];
    fake.failures.push({ id: 'tables.add', error: new ProblemError('invalid', 'x', { errors }) });
    await click(add());
    expect(screen.getByRole('alert').textContent).toBe('Must be an absolute path.');
    expect(document.activeElement).toBe(screen.getByLabelText('Folder'));
    expect(screen.getByLabelText('Folder').closest('details')?.open).toBe(true);
  });
});
