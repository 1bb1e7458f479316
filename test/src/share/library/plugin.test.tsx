import type { JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget } from '@jupyterlab/apputils';
import { nullTranslator } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Signal } from '@lumino/signaling';
import { Panel, Widget } from '@lumino/widgets';
import { cleanup, fireEvent, screen } from '@testing-library/react';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../../src/commands.js';
import { FORK_EVENT, THEME_ATTRIBUTE, TITLE_EVENT } from '../../../../src/share/library/hostEvents.js';
import type { LibraryPage } from '../../../../src/share/library/libraryPage.js';
import { libraryPlugin } from '../../../../src/share/library/plugin.js';
import type { ILakesideApi, ILakesideChange } from '../../../../src/tokens.js';
import { FakeLibrary, fakeNotebook } from '../../../support/fakeLibrary.js';
import '../../../support/libraryViews.js';

// Lumino renders when it wants to, not when a test says so.
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: false });
const settle = () => new Promise(resolve => setTimeout(resolve, 60));
const baseUrl = 'http://localhost/user/ada/lakeside/';
const widgets: Widget[] = [];

afterEach(() => {
  cleanup();
  for (const widget of widgets.splice(0)) widget.dispose();
  document.body.replaceChildren();
  vi.restoreAllMocks();
});

/** JupyterLab, or Notebook 7 where `lab` is false, as far as the plugin sees it. */
function setUp(options: { lab?: boolean; theme?: 'light' | 'dark'; offline?: boolean } = {}) {
  const connection = { offline: options.offline === true };
  const library = new FakeLibrary([
    fakeNotebook(1, { title: 'Delays', versions: 2 }),
    fakeNotebook(2, { title: 'Gone', deletedAt: '2026-11-01T00:00:00.000Z', purgeAt: '2026-12-01T00:00:00.000Z' })
  ]);
  const announced: ILakesideChange[] = [];
  const api = {
    baseUrl,
    client: () => (connection.offline ? Promise.reject(new Error('offline')) : Promise.resolve(library.client)),
    background: () => Promise.resolve(library.client),
    address: page => baseUrl + page,
    announce: change => {
      announced.push(change);
      changed.emit(change);
    }
  } as Omit<ILakesideApi, 'changed'> as ILakesideApi & { changed: Signal<ILakesideApi, ILakesideChange> };
  const changed = new Signal<ILakesideApi, ILakesideChange>(api);
  Object.assign(api, { changed });

  const added: { widget: Widget; area: string }[] = [];
  const active: string[] = [];
  const shell = {
    currentWidget: null as Widget | null,
    add: (widget: Widget, area: string) => {
      added.push({ widget, area });
      widgets.push(widget);
      Widget.attach(widget, document.body);
    },
    activateById: (id: string) => void active.push(id)
  };
  const commands = new CommandRegistry();
  const opened: unknown[] = [];
  commands.addCommand('docmanager:open', { execute: args => void opened.push(args) });
  const contents = {
    newUntitled: ({ path }: { path: string }) => Promise.resolve({ path: `${path}/untitled.ipynb` }),
    save: () => Promise.resolve({}),
    rename: (_: string, path: string) => Promise.resolve({ path }),
    delete: () => Promise.resolve()
  };
  const app = { shell, commands, serviceManager: { contents } } as unknown as JupyterFrontEnd;
  const themes = {
    theme: 'Some theme',
    isLight: () => options.theme !== 'dark',
    themeChanged: new Signal<object, object>({})
  };
  const launcher: unknown[] = [];
  void libraryPlugin.activate(
    app,
    api,
    nullTranslator,
    options.lab === false ? null : shell,
    null,
    null,
    { add: (item: unknown) => void launcher.push(item) },
    { model: { path: 'work' } },
    themes
  );
  const side = added[0]!.widget;
  return { library, api, announced, added, active, commands, opened, themes, launcher, shell, side, connection };
}

async function showPanel(world: ReturnType<typeof setUp>) {
  world.side.hide();
  world.side.show();
  await vi.waitFor(() => expect(world.library.count('library.list')).toBe(1), { timeout: 20_000 });
  await settle();
  return world.side.node;
}

const lastTab = (world: ReturnType<typeof setUp>) => world.added.at(-1)?.widget as MainAreaWidget<LibraryPage>;
const frameOf = (tab: MainAreaWidget<LibraryPage>) => tab.node.querySelector('iframe')!;

describe('the Library in JupyterLab', () => {
  test('stands in the left side bar, and loads nothing before it is looked at', async () => {
    const world = setUp();
    expect(world.added).toMatchObject([{ area: 'left' }]);
    expect(world.side.title.caption).toBe('Library');
    await settle();
    expect(world.library.calls).toEqual([]);
    await showPanel(world);
    expect(screen.getByRole('link', { name: 'Delays' })).toBeTruthy();
  });

  test('says when it cannot be loaded, and tries again', async () => {
    const world = setUp({ offline: true });
    world.side.hide();
    world.side.show();
    const alert = await screen.findByRole('alert', undefined, { timeout: 20_000 });
    expect(alert.textContent).toContain('The Library could not be loaded.');
    world.connection.offline = false;
    fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
    expect(await screen.findByRole('link', { name: 'Delays' })).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('opens a notebook in a tab, once', async () => {
    const world = setUp();
    await showPanel(world);
    fireEvent.click(screen.getByRole('link', { name: 'Delays' }));
    const tab = lastTab(world);
    expect(tab).toBeInstanceOf(MainAreaWidget);
    const page = `library/notebooks/${world.library.notebooks[0]!.notebookId}`;
    expect(frameOf(tab).src).toBe(baseUrl + page);
    expect(frameOf(tab).hasAttribute('sandbox')).toBe(false);
    await world.commands.execute(CommandIDs.openLibraryPage, { page: `${page}/versions` });
    expect(lastTab(world)).toBe(tab);
    expect(tab.content.page).toBe(`${page}/versions`);
    await world.commands.execute(CommandIDs.openLibraryPage, {});
    expect(lastTab(world)).not.toBe(tab);
    expect(frameOf(lastTab(world)).src).toBe(`${baseUrl}library`);
  });

  test('names the tab after the page and gives it the theme', async () => {
    const world = setUp({ theme: 'dark' });
    await world.commands.execute(CommandIDs.openLibraryPage, {});
    const tab = lastTab(world);
    expect(frameOf(tab).getAttribute(THEME_ATTRIBUTE)).toBe('dark');
    frameOf(tab).dispatchEvent(new CustomEvent(TITLE_EVENT, { detail: 'Delays' }));
    expect(tab.title.label).toBe('Delays');
    world.themes.isLight = () => true;
    world.themes.themeChanged.emit({});
    expect(frameOf(tab).getAttribute(THEME_ATTRIBUTE)).toBe('light');
  });

  test('copies a notebook for its page into the folder of the file browser, and opens it', async () => {
    const world = setUp();
    await world.commands.execute(CommandIDs.openLibraryPage, {});
    const paths: Promise<string>[] = [];
    const source = { notebookId: world.library.notebooks[0]!.notebookId, title: 'Delays' };
    const take = (path: Promise<string>) => void paths.push(path);
    frameOf(lastTab(world)).dispatchEvent(new CustomEvent(FORK_EVENT, { detail: { source, take } }));
    expect(await paths[0]).toBe('work/Delays.ipynb');
    expect(world.opened).toEqual([{ path: 'work/Delays.ipynb' }]);
    expect(world.library.urls('library.notebook')[0]).toContain('/versions/latest/notebook?fork=true');
  });

  test('in Notebook 7 pages open in a tab of the browser', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const world = setUp({ lab: false });
    await world.commands.execute(CommandIDs.openLibraryPage, { page: 'library/deleted' });
    expect(open).toHaveBeenCalledWith(`${baseUrl}library/deleted`, '_blank', 'noopener');
    expect(world.added).toHaveLength(1);
  });

  test('shows deleted notebooks and brings them back; others hear of it', async () => {
    const world = setUp();
    await showPanel(world);
    fireEvent.click(screen.getByRole('button', { name: 'Deleted notebooks' }));
    await settle();
    fireEvent.click(screen.getByRole('button', { name: 'Restore' }));
    await settle();
    expect(world.announced).toEqual([{ notebookId: world.library.notebooks[1]!.notebookId, action: 'restored' }]);
    fireEvent.keyDown(screen.getByRole('textbox', { name: /^Search/ }), { key: 'Escape' });
    await settle();
    expect(screen.getByRole('link', { name: 'Gone' })).toBeTruthy();
  });

  test('follows a share', async () => {
    const world = setUp();
    await showPanel(world);
    world.library.notebooks.push(fakeNotebook(3, { title: 'New', updatedAt: '2027-01-01T00:00:00.000Z' }));
    world.api.announce({ notebookId: 'x', action: 'published' });
    await settle();
    expect(screen.getByRole('link', { name: 'New' })).toBeTruthy();
  });

  test('is opened with a search, and Escape leads back to what was worked on', async () => {
    const world = setUp();
    const activated = vi.fn();
    world.shell.currentWidget = Object.assign(new Panel(), { activate: activated });
    await world.commands.execute(CommandIDs.openLibrary, { query: 'delays' });
    await settle();
    expect(world.active).toEqual(['lakeside-library']);
    const search = screen.getByRole<HTMLInputElement>('textbox', { name: /^Search/ });
    expect(search.value).toBe('delays');
    fireEvent.keyDown(search, { key: 'Escape' });
    expect(search.value).toBe('');
    fireEvent.keyDown(search, { key: 'Escape' });
    expect(activated).toHaveBeenCalledOnce();
  });
});
