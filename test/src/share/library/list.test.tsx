import { act, cleanup, fireEvent, screen, within } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import { LibraryListModel } from '../../../../src/share/library/listModel.js';
import { everything } from '../../../../src/share/library/listQuery.js';
import type { IListQuery } from '../../../../src/share/library/listQuery.js';
import type { ILibraryContext } from '../../../../src/share/library/views/context.js';
import { LibraryList } from '../../../../src/share/library/views/libraryList.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';
import { createWorld, settle, show } from '../../../support/libraryViews.js';

afterEach(cleanup);

const wholePage = () => document;

async function showList(library: FakeLibrary, query: IListQuery = everything, schedule?: ILibraryContext['schedule']) {
  const world = createWorld(library);
  if (schedule) world.context.schedule = schedule;
  const model = new LibraryListModel({ client: library.client, query, debounce: 0 });
  const edited: string[] = [];
  const left: string[] = [];
  const asked = model.refresh();
  const view = await show(
    world,
    <LibraryList
      model={model}
      area={wholePage}
      onEdit={item => void edited.push(item.title)}
      onLeave={() => void left.push('left')}
      empty={<p>Share a notebook first.</p>}
    />
  );
  await act(() => asked);
  await settle();
  return { ...world, ...view, model, edited, left };
}

const search = () => screen.getByRole('textbox', { name: /^Search/ });
const rows = () => screen.getAllByRole('listitem');
const focused = () => document.activeElement?.textContent;
const press = (key: string) => fireEvent.keyDown(document.activeElement ?? document.body, { key });

describe('the list of notebooks', () => {
  test('shows who, when and which version, with tags and groups', async () => {
    const item = {
      title: 'Delays',
      tags: ['flights'],
      groups: ['Analytics'],
      versions: 4,
      updatedAt: new Date().toISOString()
    };
    await showList(new FakeLibrary([fakeNotebook(1, item), fakeNotebook(2, { owner: 'grace' })]));
    const [row] = rows();
    expect(row!.textContent).toContain('Delays');
    expect(within(row!).getByText('you')).toBeTruthy();
    expect(within(row!).getByText('just now').getAttribute('title')).toMatch(/20\d\d/);
    expect(within(row!).getByText('v4').getAttribute('title')).toBe('4 versions');
    expect(within(row!).getByRole('button', { name: 'flights' })).toBeTruthy();
    expect(within(row!).getByRole('button', { name: 'Analytics' })).toBeTruthy();
    expect(rows()[1]!.textContent).toContain('grace');
    expect(screen.getByRole('status').textContent).toBe('2 notebooks');
  });

  test('keeps fewer than 60 rows in the page, however many there are', async () => {
    const library = new FakeLibrary(Array.from({ length: 10_000 }, (_, at) => fakeNotebook(at + 1)));
    const { container } = await showList(library);
    expect(rows().length).toBeLessThan(60);
    expect(rows()[0]!.getAttribute('aria-setsize')).toBe('10000');
    expect(screen.getByRole('status').textContent).toBe('10,000 notebooks');

    const scroller = container.querySelector('.lk-List')!;
    const height = Number.parseInt(container.querySelector<HTMLElement>('.lk-List-rows')!.style.height);
    expect(height).toBe(10_000 * Number.parseInt(rows()[0]!.style.height));
    scroller.scrollTop = height / 2;
    fireEvent.scroll(scroller);
    await settle();
    expect(rows().length).toBeLessThan(60);
    expect(screen.getByText('Notebook 5001')).toBeTruthy();
  });

  test('is walked through with the keys', async () => {
    const { opened, left } = await showList(new FakeLibrary([1, 2, 3].map(number => fakeNotebook(number))));
    fireEvent.keyDown(document.body, { key: '/' });
    expect(document.activeElement).toBe(search());
    press('ArrowDown');
    expect(focused()).toBe('Notebook 1');
    press('ArrowDown');
    expect(focused()).toBe('Notebook 2');
    press('End');
    expect(focused()).toBe('Notebook 3');
    press('Home');
    expect(focused()).toBe('Notebook 1');
    fireEvent.click(document.activeElement!);
    expect(opened).toEqual(['/lakeside/library/notebooks/' + '01'.padEnd(25, '0') + '1']);
    press('ArrowUp');
    expect(document.activeElement).toBe(search());
    press('ArrowDown');
    press('Escape');
    expect(document.activeElement).toBe(search());
    press('Escape');
    expect(left).toEqual(['left']);
  });

  test('only the row the keyboard is at takes part in tabbing', async () => {
    await showList(new FakeLibrary([1, 2].map(number => fakeNotebook(number, { tags: ['a'] }))));
    const tabbable = () => rows().map(row => row.querySelectorAll('[tabindex="0"]').length);
    expect(tabbable()).toEqual([3, 0]);
    search().focus();
    press('ArrowDown');
    press('ArrowDown');
    expect(tabbable()).toEqual([0, 3]);
  });

  test('opens in a new tab the way browsers do', async () => {
    const { opened } = await showList(new FakeLibrary([fakeNotebook(1)]));
    const link = screen.getByRole('link', { name: 'Notebook 1' });
    expect(fireEvent.click(link, { ctrlKey: true })).toBe(true);
    expect(opened).toEqual([]);
    expect(fireEvent.click(link)).toBe(false);
    expect(opened).toHaveLength(1);
  });

  test('searches while one types, marks what was found, and Escape empties the box', async () => {
    await showList(new FakeLibrary(['Delays', 'Weather'].map((title, at) => fakeNotebook(at + 1, { title }))));
    fireEvent.change(search(), { target: { value: 'weat' } });
    await settle();
    expect(rows()).toHaveLength(1);
    expect(rows()[0]!.querySelector('mark')?.textContent).toBe('Weat');
    search().focus();
    press('Escape');
    await settle();
    expect(rows()).toHaveLength(2);
  });

  test('narrows by a value of a property, found by typing, and widens again', async () => {
    const library = new FakeLibrary([
      fakeNotebook(1, { tables: ['lake.flights'] }),
      fakeNotebook(2, { tables: ['lake.weather'] })
    ]);
    await showList(library);
    fireEvent.click(screen.getByRole('button', { name: 'Table' }));
    await settle();
    const box = screen.getByRole('combobox', { name: 'Find in Table' });
    fireEvent.change(box, { target: { value: 'weather' } });
    expect(screen.getAllByRole('option')).toHaveLength(1);
    fireEvent.keyDown(box, { key: 'Enter' });
    await settle();
    expect(rows().map(row => row.textContent)).toEqual([expect.stringContaining('Notebook 2')]);
    fireEvent.click(screen.getByRole('button', { name: 'Do not filter by Table "lake.weather"' }));
    await settle();
    expect(rows()).toHaveLength(2);
  });

  test('narrows by the tag that is pressed', async () => {
    await showList(new FakeLibrary([fakeNotebook(1, { tags: ['a'] }), fakeNotebook(2)]));
    fireEvent.click(screen.getByRole('button', { name: 'a' }));
    await settle();
    expect(rows()).toHaveLength(1);
  });

  test('shows its shape while it loads, and nothing moves', async () => {
    const library = new FakeLibrary([fakeNotebook(1)]);
    library.gate = new Promise(() => undefined);
    const world = createWorld(library);
    const model = new LibraryListModel({ client: library.client });
    void model.refresh();
    const { container } = await show(
      world,
      <LibraryList model={model} area={wholePage} onEdit={() => undefined} empty={null} />
    );
    expect(container.querySelectorAll('.lk-mod-skeleton').length).toBeGreaterThan(5);
    expect(container.querySelector('[aria-busy="true"]')).toBeTruthy();
    expect(screen.getByRole('status').textContent).toBe('Loading…');
  });

  test('teaches when it is empty, and offers the way back when nothing matches', async () => {
    const { unmount } = await showList(new FakeLibrary());
    expect(screen.getByText('Share a notebook first.')).toBeTruthy();
    unmount();
    await showList(new FakeLibrary([fakeNotebook(1)]), { ...everything, q: 'zzz', owner: 'nobody' });
    expect(screen.getByText('No notebook matches')).toBeTruthy();
    fireEvent.click(screen.getByRole('button', { name: 'Show all notebooks' }));
    await settle();
    expect(rows()).toHaveLength(1);
    expect((search() as HTMLInputElement).value).toBe('');
  });

  test('shows the sentence of the server with Retry, and keeps what was there before', async () => {
    const library = new FakeLibrary([fakeNotebook(1)]);
    library.failNext('library.list', new ProblemError('unavailable', 'Lakeside is starting. Try again.'));
    const { model } = await showList(library);
    expect(screen.getByRole('alert').textContent).toContain('Lakeside is starting. Try again.');
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    await settle();
    expect(rows()).toHaveLength(1);

    library.failNext('library.list', new ProblemError('unavailable', 'Lakeside is stopping.'));
    await act(() => model.refresh());
    expect(screen.getByRole('alert').textContent).toContain('This may be out of date. Lakeside is stopping.');
    expect(rows()).toHaveLength(1);
  });

  test('hostile titles, tags and names stay text', async () => {
    const bad = '<img src=x onerror="window.hit=1">';
    const { container } = await showList(
      new FakeLibrary([fakeNotebook(1, { title: bad, tags: [bad], groups: [bad], owner: bad })])
    );
    expect(container.querySelector('img')).toBeNull();
    expect(screen.getByRole('link', { name: bad })).toBeTruthy();
  });
});

describe('the menu of a notebook', () => {
  const openMenu = () => fireEvent.click(screen.getByRole('button', { name: 'More for "Delays"' }));
  const choose = async (name: string) => {
    openMenu();
    fireEvent.click(screen.getByRole('menuitem', { name }));
    await settle();
  };
  const own = () => new FakeLibrary([fakeNotebook(1, { title: 'Delays', versions: 2 })]);

  test('does what it says', async () => {
    const world = await showList(own());
    await choose('Open');
    await choose('Versions2');
    expect(world.opened).toEqual([expect.stringMatching(/\d$/), expect.stringMatching(/\/versions$/)]);
    await choose('Fork to my files');
    expect(world.forked).toEqual([expect.stringMatching(/^Delays 01/)]);
    await choose('Copy link');
    expect(world.copied).toEqual([expect.stringMatching(/^http:\/\/localhost.*\/lakeside\/library\/notebooks\/01/)]);
    await choose('Download');
    expect(world.downloaded).toEqual([expect.stringMatching(/\/notebook$/)]);
    await choose('Change details…');
    expect(world.edited).toEqual(['Delays']);
    await choose('Unshare');
    expect(world.notices.at(-1)?.action?.label).toBe('Undo');
  });

  test('is walked through with the keys and gives the focus back', async () => {
    await showList(own());
    openMenu();
    expect(focused()).toBe('Open');
    press('ArrowDown');
    expect(focused()).toContain('Versions');
    press('End');
    expect(focused()).toBe('Unshare');
    press('ArrowDown');
    expect(focused()).toBe('Open');
    press('d');
    expect(focused()).toBe('Download');
    press('Escape');
    expect(screen.queryByRole('menu')).toBeNull();
    expect(document.activeElement).toBe(screen.getByRole('button', { name: 'More for "Delays"' }));
  });

  test('offers only the owner to change and to unshare', async () => {
    await showList(new FakeLibrary([fakeNotebook(1, { title: 'Delays', owner: 'grace' })]));
    openMenu();
    expect(screen.queryByRole('menuitem', { name: 'Unshare' })).toBeNull();
    expect(screen.getByRole('menuitem', { name: 'Fork to my files' })).toBeTruthy();
  });

  test('schedules it where that is possible', async () => {
    await showList(own());
    openMenu();
    expect(screen.queryByRole('menuitem', { name: 'Schedule…' })).toBeNull();
    cleanup();
    const schedule = vi.fn();
    await showList(own(), everything, schedule);
    openMenu();
    fireEvent.click(screen.getByRole('menuitem', { name: 'Schedule…' }));
    expect(schedule).toHaveBeenCalledWith(expect.objectContaining({ title: 'Delays' }));
  });

  test('of a deleted notebook brings it back', async () => {
    const library = own();
    Object.assign(library.notebooks[0]!, {
      deletedAt: '2026-11-01T00:00:00.000Z',
      purgeAt: '2026-12-01T00:00:00.000Z'
    });
    await showList(library, { ...everything, deleted: true });
    expect(rows()[0]!.textContent).toContain('until Dec 1');
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }));
    await settle();
    expect(library.notebooks[0]!.deletedAt).toBeUndefined();
  });
});
