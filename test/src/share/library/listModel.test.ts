import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { LibraryListModel } from '../../../../src/share/library/listModel.js';
import { everything } from '../../../../src/share/library/listQuery.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';

const many = (count: number) => Array.from({ length: count }, (_, at) => fakeNotebook(at + 1));
const broken = () => new ProblemError('unavailable', 'Lakeside is starting.');
const titles = (model: LibraryListModel) => model.state.items.map(item => item.title);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function setUp(count = 3) {
  const library = new FakeLibrary(many(count));
  const model = new LibraryListModel({ client: library.client, debounce: 150 });
  return { library, model };
}

describe('a list of the Library', () => {
  test('loads the first page, then only as far as somebody looks', async () => {
    const { library, model } = setUp(1000);
    expect(model.state.phase).toBe('loading');
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', total: 1000, more: false, refreshing: false });
    expect(model.state.items).toHaveLength(50);

    model.want(10);
    await vi.advanceTimersByTimeAsync(0);
    expect(library.count('library.list')).toBe(1);
    model.want(420);
    await vi.advanceTimersByTimeAsync(0);
    expect(library.count('library.list')).toBe(3);
    expect(model.state.items).toHaveLength(450);
    expect(new Set(model.state.items.map(item => item.notebookId)).size).toBe(450);
  });

  test('sends words a moment after the last key, filters at once', async () => {
    const { library, model } = setUp();
    await model.refresh();
    for (const q of ['n', 'no', 'notebook 2']) {
      model.setQuery({ q });
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(library.count('library.list')).toBe(1);
    expect(model.state.query.q).toBe('notebook 2');
    await vi.advanceTimersByTimeAsync(100);
    expect(library.count('library.list')).toBe(2);
    expect(titles(model)).toEqual(['Notebook 2']);

    model.setQuery({ tag: 'none' });
    await vi.advanceTimersByTimeAsync(0);
    expect(library.urls('library.list').at(-1)).toContain('tag=none');
    expect(model.state).toMatchObject({ total: 0, phase: 'ready' });
  });

  test('does not ask again for words that mean the same', async () => {
    const { library, model } = setUp();
    await model.refresh();
    model.setQuery({ q: '  ' });
    await vi.advanceTimersByTimeAsync(500);
    expect(library.count('library.list')).toBe(1);
    expect(model.state.query.q).toBe('  ');
  });

  test('keeps what it shows until the newer answer is there', async () => {
    const { library, model } = setUp();
    await model.refresh();
    let release = (): void => undefined;
    library.gate = new Promise<void>(resolve => (release = resolve));
    model.setQuery({ sort: 'title' });
    expect(model.state).toMatchObject({ refreshing: true, phase: 'ready', shown: everything });
    expect(titles(model)).toHaveLength(3);
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.state).toMatchObject({ refreshing: false, shown: { sort: 'title' } });
  });

  test('an answer that comes too late is not shown', async () => {
    const { library, model } = setUp();
    let release = (): void => undefined;
    library.gate = new Promise<void>(resolve => (release = resolve));
    model.setQuery({ sort: 'title', q: '' });
    model.setQuery({ owner: 'nobody' });
    release();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.state).toMatchObject({ total: 0, phase: 'ready', shown: { owner: 'nobody' } });
  });

  test('says why there is nothing to show, and recovers', async () => {
    const { library, model } = setUp();
    library.failNext('library.list', broken());
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'failed', error: { message: 'Lakeside is starting.' } });
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', error: undefined, total: 3 });
  });

  test('shows what it had when it cannot be brought up to date', async () => {
    const { library, model } = setUp();
    await model.refresh();
    library.failNext('library.list', broken());
    await model.refresh();
    expect(model.state).toMatchObject({ phase: 'ready', total: 3, error: { code: 'unavailable' } });
  });

  test('does not show the answer to another question after a failure', async () => {
    const { library, model } = setUp();
    await model.refresh();
    library.failNext('library.list', broken());
    model.setQuery({ tag: 'x' });
    await vi.advanceTimersByTimeAsync(0);
    expect(model.state).toMatchObject({ phase: 'failed', items: [] });
  });

  test('a page that fails leaves the ones before it, with the reason', async () => {
    const { library, model } = setUp(300);
    await model.refresh();
    library.failNext('library.list', broken());
    model.want(200);
    await vi.advanceTimersByTimeAsync(0);
    expect(model.state).toMatchObject({ phase: 'ready', error: { code: 'unavailable' } });
    expect(model.state.items).toHaveLength(50);
    await model.refresh();
    await vi.advanceTimersByTimeAsync(0);
    expect(model.state.error).toBeUndefined();
    expect(model.state.items).toHaveLength(250);
  });

  test('a notebook that moves between two pages stands once, and the length settles', async () => {
    const { library, model } = setUp(60);
    await model.refresh();
    library.notebooks.unshift(fakeNotebook(999, { updatedAt: '2027-01-01T00:00:00.000Z' }));
    model.want(59);
    await vi.advanceTimersByTimeAsync(0);
    const ids = model.state.items.map(item => item.notebookId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(model.state.total).toBe(ids.length);
  });

  test('follows changes and removals without asking', async () => {
    const { library, model } = setUp();
    await model.refresh();
    const [first] = library.notebooks;
    model.replace({ ...first!, title: 'Renamed' });
    expect(titles(model)[0]).toBe('Renamed');
    model.remove(first!.notebookId);
    expect(model.state).toMatchObject({ total: 2 });
    expect(library.count('library.list')).toBe(1);
  });

  test('asks again only when the answer is older than that', async () => {
    const { library, model } = setUp();
    await model.refresh();
    model.refreshIfOlder(30_000);
    expect(library.count('library.list')).toBe(1);
    await vi.advanceTimersByTimeAsync(30_000);
    model.refreshIfOlder(30_000);
    expect(library.count('library.list')).toBe(2);
  });

  test('is silent once it is disposed', async () => {
    const { library, model } = setUp();
    let release = (): void => undefined;
    library.gate = new Promise<void>(resolve => (release = resolve));
    const done = model.refresh();
    const seen = vi.fn();
    model.stateChanged.connect(seen);
    model.dispose();
    release();
    await done;
    expect(seen).not.toHaveBeenCalled();
  });
});
