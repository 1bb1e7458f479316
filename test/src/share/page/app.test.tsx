import { act, cleanup, fireEvent, render, screen, within } from '@testing-library/react';
import { Signal } from '@lumino/signaling';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../../contract/problem.js';
import type { LibraryNotebook } from '../../../../contract/share/index.js';
import type { IHost } from '../../../../src/share/page/host.js';
import { App } from '../../../../src/share/page/app.js';
import { createSession } from '../../../../src/share/page/session.js';
import type { ISession } from '../../../../src/share/page/session.js';
import type { ILakesideChange } from '../../../../src/tokens.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';
import { settle } from '../../../support/libraryViews.js';
import { MemoryFiles } from '../../../support/memoryFiles.js';

const base = '/user/ada/lakeside';
let sessions: ISession[] = [];

beforeEach(() => {
  history.replaceState(null, '', '/');
  localStorage.clear();
});

afterEach(() => {
  cleanup();
  for (const session of sessions) session.router.dispose();
  sessions = [];
});

async function visit(path: string, library: FakeLibrary, host?: IHost) {
  history.replaceState(null, '', `${base}/library${path}`);
  const files = new MemoryFiles({ 'work/a.txt': '' });
  const announced: ILakesideChange[] = [];
  const heard = new Signal<object, ILakesideChange>({});
  const echo = { heard: heard as never, announce: (change: ILakesideChange) => void announced.push(change) };
  const session = createSession({ base, client: library.client, files, host, echo });
  sessions.push(session);
  render(<App session={session} />);
  await settle();
  return { session, files, library, announced, hear: (change: ILakesideChange) => heard.emit(change) };
}

const one = (given: Partial<LibraryNotebook> = {}) =>
  new FakeLibrary([fakeNotebook(1, { title: 'Delays', versions: 3, tags: ['flights'], ...given })]);
const id = '01'.padEnd(25, '0') + '1';
const version = (number: number) =>
  fakeNotebook(1, { versions: 3 }).versionList.find(each => each.number === number)!.versionId;
const frame = () => document.querySelector<HTMLIFrameElement>('.lk-Frame iframe');
const heading = () => screen.getByRole('heading', { level: 1 }).textContent;
const here = () => location.pathname.replace(`${base}/library`, '') + location.search;
const click = async (element: HTMLElement) => {
  fireEvent.click(element);
  await settle();
};
const button = (name: string | RegExp) => screen.getByRole('button', { name });
const more = async (entry: string) => {
  await click(button('More'));
  await click(screen.getByRole('menuitem', { name: entry }));
};
const goBack = async () => {
  const popped = new Promise(resolve => window.addEventListener('popstate', resolve, { once: true }));
  history.back();
  await act(async () => {
    await popped;
  });
  await settle();
};

describe('the list page', () => {
  test('opens a notebook and comes back to the row it was left at', async () => {
    await visit('', new FakeLibrary([1, 2, 3].map(number => fakeNotebook(number))));
    expect(document.title).toBe('Lakeside Library');
    const link = screen.getByRole('link', { name: 'Notebook 2' });
    screen.getByRole('textbox', { name: /^Search/ }).focus();
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    fireEvent.keyDown(document.activeElement!, { key: 'ArrowDown' });
    expect(document.activeElement).toBe(link);
    await click(link);
    expect(here()).toBe(`/notebooks/${fakeNotebook(2).notebookId}`);
    expect(document.title).toBe('Notebook 2 · Lakeside Library');
    expect(document.activeElement?.textContent).toBe('Notebook 2');
    await goBack();
    expect(document.activeElement).toBe(screen.getByRole('link', { name: 'Notebook 2' }));
  });

  test('keeps its address in step with the search, and reads it', async () => {
    const { library } = await visit(
      '?q=note&tag=x',
      new FakeLibrary([fakeNotebook(1, { tags: ['x'] }), fakeNotebook(2)])
    );
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
    expect(library.count('library.list')).toBe(1);
    await click(button(/^Do not filter by Tag/));
    expect(here()).toBe('?q=note');
    await goBack();
    expect(here()).toBe('?q=note&tag=x');
    expect(screen.getAllByRole('listitem')).toHaveLength(1);
  });

  test('collections are lists under their name', async () => {
    await visit('/collections', one({ groups: ['Board pack'] }));
    await click(screen.getByRole('link', { name: /Board pack/ }));
    expect(here()).toBe('/groups/Board%20pack');
    expect(heading()).toBe('Board pack');
    expect(screen.getByRole('link', { name: 'Delays' })).toBeTruthy();
    const filters = screen.getByRole('group', { name: 'Filters' });
    expect(within(filters).queryByRole('button', { name: 'Group' })).toBeNull();
    await click(screen.getByRole('link', { name: 'Collections' }));
    await click(screen.getByRole('link', { name: /^flights/ }));
    expect(heading()).toBe('flights');
  });

  test('deleted notebooks are found and restored', async () => {
    const library = one({ deletedAt: '2026-11-01T00:00:00.000Z', purgeAt: '2026-12-01T00:00:00.000Z' });
    const { announced } = await visit('/deleted', library);
    await click(button('Restore'));
    expect(screen.getByText('Nothing was deleted')).toBeTruthy();
    expect(screen.getByText('"Delays" is back in the Library.')).toBeTruthy();
    expect(announced).toEqual([{ notebookId: id, action: 'restored' }]);
  });

  test('follows what happens elsewhere', async () => {
    const { library, hear } = await visit('', one());
    library.notebooks.unshift(fakeNotebook(2, { title: 'New', updatedAt: '2027-01-01T00:00:00.000Z' }));
    act(() => hear({ notebookId: fakeNotebook(2).notebookId, action: 'published' }));
    await settle();
    expect(screen.getByRole('link', { name: 'New' })).toBeTruthy();
  });
});

describe('the page of a notebook', () => {
  test('shows its newest version in a frame that runs nothing', async () => {
    await visit(`/notebooks/${id}`, one());
    expect(heading()).toBe('Delays');
    expect(frame()?.getAttribute('sandbox')).toBe('allow-popups allow-popups-to-escape-sandbox');
    expect(frame()?.getAttribute('src')).toBe(`${base}/api/v1/library/notebooks/${id}/versions/${version(3)}/document`);
    expect(frame()?.title).toBe('Document of "Delays"');
    expect(screen.getByRole('banner').textContent).toMatch(/you · .* · version 3 of 3 · Python 3\.11\.9/);
  });

  test('of an older version says so, and leads on', async () => {
    await visit(`/notebooks/${id}/versions/${version(1)}`, one());
    expect(screen.getByText('This is version 1. There is a newer one.')).toBeTruthy();
    expect(frame()?.src).toContain(version(1));
    await click(button('What changed since'));
    expect(here()).toBe(`/notebooks/${id}/diff?from=${version(1)}&to=${version(3)}`);
    expect(screen.getByText(/1 cell added/)).toBeTruthy();
    expect(frame()?.src).toContain(`/diff/document?from=${version(1)}&to=${version(3)}`);
  });

  test('says why the document cannot be shown, and tries again', async () => {
    const library = one();
    library.failNext('library.document', new ProblemError('render-failed', 'Rendering took more than 60 s.'));
    await visit(`/notebooks/${id}`, library);
    expect(screen.getByRole('alert').textContent).toContain('Rendering took more than 60 s.');
    expect(frame()).toBeNull();
    await click(button('Retry'));
    expect(frame()).toBeTruthy();
  });

  test('that does not exist says what may have happened', async () => {
    await visit('/notebooks/01ZZZZZZZZZZZZZZZZZZZZZZZZ', one());
    expect(screen.getByRole('heading', { level: 1 }).textContent).toBe('This notebook is not in the Library');
    await click(screen.getByRole('link', { name: 'Show all notebooks' }));
    expect(here()).toBe('');
    await act(async () => sessions[0]!.router.go(`${base}/library/notebooks/not-an-id`));
    await settle();
    expect(heading()).toBe('This notebook is not in the Library');
  });

  test('hides and shows code, and copies, prints and downloads that', async () => {
    const { library } = await visit(`/notebooks/${id}`, one());
    await more('Hide code');
    expect(frame()?.src).toContain('/document?hideCode=true');
    await click(button('More'));
    const print = screen.getByRole('menuitem', { name: /^Print…/ });
    expect(print.getAttribute('href')).toContain('hideCode=true');
    expect(print.getAttribute('target')).toBe('_blank');
    expect(screen.getByRole('menuitem', { name: 'Show code' })).toBeTruthy();
    expect(library.urls('library.document').at(-1)).toContain('hideCode=true');
  });

  test('Escape goes back to the list', async () => {
    await visit(`/notebooks/${id}`, one());
    fireEvent.keyDown(document.body, { key: 'Escape' });
    await settle();
    expect(here()).toBe('');
  });

  test('is unshared, and that is undone', async () => {
    const { announced } = await visit(`/notebooks/${id}`, one());
    await more('Unshare');
    expect(screen.getByText(/It can be restored until/)).toBeTruthy();
    await click(button('Undo'));
    expect(screen.queryByText(/It can be restored until/)).toBeNull();
    expect(announced.map(change => change.action)).toEqual(['deleted', 'restored']);
  });

  test('changes its details in place', async () => {
    await visit(`/notebooks/${id}`, one());
    await more('Change details…');
    fireEvent.change(screen.getByRole('textbox', { name: 'Title' }), { target: { value: 'Late flights' } });
    await click(button('Save changes'));
    expect(heading()).toBe('Late flights');
    expect(document.title).toBe('Late flights · Lakeside Library');
  });

  test('opens a figure live, in a frame that may run its own scripts only', async () => {
    const library = one();
    library.figures = [
      { number: 1, kind: 'plotly', cell: 3, live: true },
      { number: 2, kind: 'bokeh', cell: 5, live: false, reason: 'Bokeh is not on this server.' }
    ];
    await visit(`/notebooks/${id}`, library);
    await click(button(/^Live figures/));
    expect(screen.getByRole('menuitem', { name: /Bokeh is not on this server/ }).getAttribute('aria-disabled')).toBe(
      'true'
    );
    await click(screen.getByRole('menuitem', { name: /^Figure 1/ }));
    expect(here()).toBe(`/notebooks/${id}?figure=1`);
    const live = within(screen.getByRole('dialog')).getByTitle('Figure 1 of "Delays"');
    expect(live.getAttribute('sandbox')).toBe('allow-scripts');
    await click(button('Close'));
    await vi.waitFor(() => expect(here()).toBe(`/notebooks/${id}`));
  });
});

describe('a fork', () => {
  test('goes to my files under a free name, and can be opened', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const { files, library } = await visit(`/notebooks/${id}`, one());
    files.files.set('Delays.ipynb', 'mine');
    await click(button('Fork'));
    expect(library.urls('library.notebook')).toEqual([
      `/library/notebooks/${id}/versions/${version(3)}/notebook?fork=true`
    ]);
    expect(files.files.get('Delays.ipynb')).toBe('mine');
    expect(files.files.get('Delays 2.ipynb')).toContain('"cells"');
    expect(screen.getByText('Copied to Delays 2.ipynb.')).toBeTruthy();
    await click(button('Open'));
    expect(open).toHaveBeenCalledWith('/user/ada/lab/tree/Delays%202.ipynb', '_blank', 'noopener');
  });

  test('goes to the folder one chooses, and to the same one next time', async () => {
    const { files } = await visit(`/notebooks/${id}`, one());
    await more('Fork into a folder…');
    await click(button('work'));
    await click(button('Fork to "work"'));
    expect(files.files.has('work/Delays.ipynb')).toBe(true);
    await click(button('Fork'));
    expect(files.files.has('work/Delays 2.ipynb')).toBe(true);
  });

  test('inside JupyterLab is made by JupyterLab', async () => {
    const asked: unknown[] = [];
    const titles: string[] = [];
    const host: IHost = {
      fork: source => {
        asked.push(source);
        return Promise.resolve('work/Delays.ipynb');
      },
      title: text => void titles.push(text)
    };
    const { files } = await visit(`/notebooks/${id}`, one(), host);
    await click(button('Fork'));
    expect(asked).toEqual([{ notebookId: id, versionId: version(3), title: 'Delays' }]);
    expect(screen.getByText('Copied to work/Delays.ipynb.')).toBeTruthy();
    expect(files.files.size).toBe(1);
    expect(titles).toEqual(['Delays']);
  });
});

describe('a link that offers a copy', () => {
  test('makes nothing by itself; one press copies and goes there', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const { files, library } = await visit(`/notebooks/${id}?fork`, one());
    expect(library.count('library.notebook')).toBe(0);
    expect(files.files.size).toBe(1);
    await click(button('Open a copy'));
    expect(files.files.get('Delays.ipynb')).toContain('"cells"');
    expect(open).toHaveBeenCalledWith('/user/ada/lab/tree/Delays.ipynb', '_self');
    expect(here()).toBe(`/notebooks/${id}`);
    expect(screen.queryByRole('button', { name: 'Open a copy' })).toBeNull();
  });

  test('copies the version it names', async () => {
    vi.spyOn(window, 'open').mockReturnValue(null);
    const { library } = await visit(`/notebooks/${id}/versions/${version(1)}?fork`, one());
    await click(button('Open a copy'));
    expect(library.urls('library.notebook')).toEqual([
      `/library/notebooks/${id}/versions/${version(1)}/notebook?fork=true`
    ]);
    expect(here()).toBe(`/notebooks/${id}/versions/${version(1)}`);
  });

  test('can be read only, and a failure leaves the question', async () => {
    const { files, library } = await visit(`/notebooks/${id}?fork`, one());
    library.failures.push({ id: 'library.notebook', error: new ProblemError('unavailable', 'Not now.') });
    await click(button('Open a copy'));
    expect(screen.getByText('Not now.')).toBeTruthy();
    await click(button('Only read'));
    expect(here()).toBe(`/notebooks/${id}`);
    expect(screen.queryByRole('button', { name: 'Open a copy' })).toBeNull();
    expect(files.files.size).toBe(1);
  });

  test('inside JupyterLab is copied and opened by JupyterLab', async () => {
    const asked: unknown[] = [];
    const host: IHost = {
      fork: source => {
        asked.push(source);
        return Promise.resolve('Delays.ipynb');
      },
      title: () => undefined
    };
    await visit(`/notebooks/${id}?fork`, one(), host);
    await click(button('Open a copy'));
    expect(asked).toEqual([{ notebookId: id, versionId: version(3), title: 'Delays' }]);
    expect(here()).toBe(`/notebooks/${id}`);
  });

  test('offers none of what is deleted', async () => {
    await visit(`/notebooks/${id}?fork`, one({ deletedAt: '2026-11-01T00:00:00.000Z' }));
    expect(screen.queryByRole('button', { name: 'Open a copy' })).toBeNull();
  });
});

describe('versions and changes', () => {
  test('are pages of their own', async () => {
    await visit(`/notebooks/${id}`, one());
    await click(button(/^Versions/));
    expect(here()).toBe(`/notebooks/${id}/versions`);
    expect(document.title).toBe('Versions of "Delays" · Lakeside Library');
    await click(button('Compare'));
    expect(here()).toBe(`/notebooks/${id}/diff?from=${version(2)}&to=${version(3)}`);
    await click(button('Swap the two versions'));
    expect(here()).toBe(`/notebooks/${id}/diff?from=${version(3)}&to=${version(2)}`);
    fireEvent.change(screen.getByRole('combobox', { name: 'From' }), { target: { value: version(1) } });
    await settle();
    expect(frame()?.src).toContain(`from=${version(1)}&to=${version(2)}`);
    await goBack();
    expect(here()).toBe(`/notebooks/${id}/versions`);
  });

  test('a notebook with one version has nothing to compare', async () => {
    await visit(`/notebooks/${id}/diff`, one({ versions: 1 }));
    expect(screen.getByText('There is only one version')).toBeTruthy();
  });
});
