import { Dialog, Notification } from '@jupyterlab/apputils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { nullTranslator } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import { act } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import type { PageConflict } from '../../../contract/share/index.js';
import { ShareCenter } from '../../../src/share/center.js';
import type { IShareSettings } from '../../../src/share/settings.js';
import { FakeApi, FakeVisibility } from '../../support/fakeShare.js';
import { FakeLakeside } from '../../support/fakeLakeside.js';

const settings: IShareSettings = {
  defaultTags: [],
  hideCode: false,
  askEveryTime: false,
  preview: false,
  recordPackages: true
};

const clipboard = vi.fn<(text: string) => Promise<void>>();

beforeEach(() => {
  Object.defineProperty(window, 'isSecureContext', { value: true, configurable: true });
  Object.defineProperty(navigator, 'clipboard', { value: { writeText: clipboard }, configurable: true });
  clipboard.mockReset().mockResolvedValue();
});

afterEach(async () => {
  await act(async () => Dialog.flush());
  Notification.dismiss();
  document.body.replaceChildren();
});

function setUp() {
  const lakeside = new FakeLakeside();
  lakeside.files.set('a.ipynb', { content: 'one' });
  const api = new FakeApi(lakeside);
  const opened: string[] = [];
  const saved: { name: string; text: Promise<string> }[] = [];
  const contents = {
    driveName: () => '',
    localPath: (path: string) => path,
    fileChanged: new Signal<object, unknown>({}),
    get: () => Promise.resolve({ content: { cells: [] } })
  };
  const center = new ShareCenter({
    api,
    contents: contents as never,
    tracker: { find: () => undefined } as unknown as INotebookTracker,
    trans: nullTranslator.load('lakeside'),
    settings: () => settings,
    visibility: new FakeVisibility(),
    memory: { read: () => [], write: () => undefined },
    places: { read: () => undefined, write: () => undefined },
    now: Date.now,
    openUrl: url => opened.push(url),
    saveFile: (blob, name) => saved.push({ name, text: blob.text() })
  });
  return { lakeside, api, center, opened, saved, contents };
}

/** A center with a file that is shared already. */
async function shared() {
  const all = setUp();
  const model = all.center.ofPath('a.ipynb');
  await model.refresh();
  await (
    await model.publish({ title: 'Delays: 2013/14', unsaved: 'save' })
  ).finished;
  await model.refresh();
  all.lakeside.calls.length = 0;
  return all;
}

const notices = () => Notification.manager.notifications;
const press = (label: string) => {
  const action = notices()
    .flatMap(notice => notice.options.actions ?? [])
    .find(each => each.label === label);
  action?.callback(new MouseEvent('click', { cancelable: true }));
};
const dialog = () => document.querySelector('.jp-LakesideShare-dialog');

describe('pressing Share', () => {
  test('the first time opens the dialog', async () => {
    const { center } = setUp();
    await act(async () => void center.share(center.ofPath('a.ipynb')));
    await vi.waitFor(() => expect(dialog()?.getAttribute('aria-label')).toBe('Share "a.ipynb"'));
  });

  test('twice opens it once', async () => {
    const { center } = setUp();
    const model = center.ofPath('a.ipynb');
    await act(async () => {
      void center.share(model);
      void center.share(model);
    });
    await vi.waitFor(() => expect(dialog()).toBeTruthy());
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(document.querySelectorAll('.jp-LakesideShare-dialog')).toHaveLength(1);
  });

  test('later publishes to the wiki it went to last, and asks where somebody changed its page', async () => {
    const { center, lakeside, opened } = await shared();
    const page = [...lakeside.published.values()][0]!;
    lakeside.targets.push({ id: 'data', kind: 'mediawiki', label: 'Data wiki', description: '' });
    page.wikis.push({ target: 'data', title: 'Delays', url: 'https://wiki.example.org/Delays' });
    lakeside.files.set('a.ipynb', { content: 'two' });
    await center.share(center.ofPath('a.ipynb'));
    expect(lakeside.lastBody('share.publish')).toMatchObject({ target: 'data' });
    press('Open page');
    expect(opened).toEqual(['https://wiki.example.org/Delays']);
    Notification.dismiss();

    const details: PageConflict = {
      kind: 'missing',
      pages: [{ id: '7', title: 'Delays', url: 'https://wiki.example.org/Delays' }],
      answers: ['new'],
      counts: { theirs: 0, ours: 0, both: 0, clash: 0 },
      parts: [],
      cut: false
    };
    const error = new ProblemError('target-not-found', 'The page is gone.', { details });
    lakeside.jobs.failAt = { step: 'verify', error };
    lakeside.files.set('a.ipynb', { content: 'three' });
    await center.share(center.ofPath('a.ipynb'));
    expect(dialog()).toBeNull();
    await act(async () => press('Look and decide'));
    await vi.waitFor(() => expect(dialog()?.textContent).toContain('The page is gone: Delays'));
  });

  test('later publishes at once, says how it ended and copies the link', async () => {
    const { center, lakeside } = await shared();
    lakeside.files.set('a.ipynb', { content: 'two' });
    await center.share(center.ofPath('a.ipynb'));
    expect(dialog()).toBeNull();
    expect(notices()[0]).toMatchObject({ type: 'success', message: 'Page updated · version 2 · link copied' });
    expect(clipboard).toHaveBeenCalledWith(
      expect.stringMatching(/^http:\/\/localhost\/lakeside\/library\/notebooks\/01/)
    );
  });

  test('of an unchanged notebook says so', async () => {
    const { center } = await shared();
    await center.share(center.ofPath('a.ipynb'));
    expect(notices()[0]?.message).toMatch(/^Already up to date · version 1/);
  });

  test('does not claim a copied link that is not', async () => {
    clipboard.mockRejectedValue(new Error('not allowed'));
    const { center } = await shared();
    await center.share(center.ofPath('a.ipynb'));
    expect(notices()[0]?.message).toBe('Already up to date · version 1');
    expect(notices()[0]?.options.actions?.map(action => action.label)).toEqual(['Copy link', 'Open page']);
  });

  test('that fails offers Retry', async () => {
    const { center, lakeside } = await shared();
    lakeside.jobs.failAt = { step: 'render', error: new ProblemError('render-failed', 'Cell 3 broke the renderer.') };
    await center.share(center.ofPath('a.ipynb'));
    expect(notices()[0]).toMatchObject({ type: 'error', message: 'Cell 3 broke the renderer.' });
    press('Retry');
    await vi.waitFor(() => expect(notices().at(0)?.type).toBe('success'));
  });

  test('can be cancelled where it shows its progress', async () => {
    const { center, lakeside } = await shared();
    lakeside.jobs.holdAt = 'render';
    const sharing = center.share(center.ofPath('a.ipynb'));
    await vi.waitFor(() => expect(notices()[0]?.options.progress).toBeGreaterThan(0));
    expect(notices()[0]).toMatchObject({ type: 'in-progress' });
    press('Cancel');
    await sharing;
    expect(notices()).toEqual([]);
  });

  test('while Lakeside is down says what to do', async () => {
    const { center, lakeside } = setUp();
    lakeside.failures.push({ id: 'share.state', error: new ProblemError('node-missing', 'Install Node.js 24.') });
    await center.share(center.ofPath('a.ipynb'));
    expect(notices()[0]).toMatchObject({ type: 'error', message: 'Install Node.js 24.' });
    expect(dialog()).toBeNull();
  });

  test('where contents are no files brings the bytes', async () => {
    const { center, lakeside } = await shared();
    lakeside.readsFiles = false;
    await center.share(center.ofPath('a.ipynb'));
    expect([...lakeside.uploads.values()]).toEqual(['{"cells":[]}']);
    expect(lakeside.lastBody('share.publish')).toMatchObject({ source: { kind: 'upload' } });
  });
});

describe('what can be done with a page', () => {
  test('link, page and history', async () => {
    const { center, opened } = await shared();
    const model = center.ofPath('a.ipynb');
    await center.pages.copyLink(model);
    expect(clipboard).toHaveBeenCalledTimes(1);
    await center.pages.openPage(model);
    await center.pages.openHistory(model);
    expect(opened[0]).toMatch(/\/library\/notebooks\/01\d+$/);
    expect(opened[1]).toBe(`${opened[0]}/versions`);
  });

  test('download as page or notebook, under its title', async () => {
    const { center, saved } = await shared();
    const model = center.ofPath('a.ipynb');
    await center.pages.download(model, 'page');
    await center.pages.download(model, 'notebook');
    expect(saved.map(file => file.name)).toEqual(['Delays 2013 14.html', 'Delays 2013 14.ipynb']);
    expect(await saved[0]?.text).toBe('<h1>Page</h1>');
  });

  test('unshare, with Undo instead of a question', async () => {
    const { center, lakeside } = await shared();
    const model = center.ofPath('a.ipynb');
    await center.pages.unshare(model);
    expect([...lakeside.published.values()][0]?.deleted).toBe(true);
    press('Undo');
    await vi.waitFor(() => expect([...lakeside.published.values()][0]?.deleted).toBe(false));
  });

  test('of a notebook that is not shared says so', async () => {
    const { center, opened } = setUp();
    await center.pages.openPage(center.ofPath('a.ipynb'));
    expect(opened).toEqual([]);
    expect(notices()[0]?.message).toMatch(/is not shared yet/);
  });

  test('a failure keeps its sentence', async () => {
    const { center, lakeside } = await shared();
    lakeside.failures.push({ id: 'library.delete', error: new ProblemError('storage-read-only', 'Read-only disk.') });
    await center.pages.unshare(center.ofPath('a.ipynb'));
    expect(notices()[0]).toMatchObject({ type: 'error', message: 'Read-only disk.' });
  });
});
