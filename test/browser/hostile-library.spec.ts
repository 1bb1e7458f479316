import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { Title } from '../../contract/share/records.js';
import { hostileCollection, hostileNames, hostileNotebooks } from '../support/hostile.js';
import { htmlPayloads } from '../support/hostile/html.js';
import { svgPayloads } from '../support/hostile/svg.js';
import { expect, test } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { LibraryPages, LibraryPanel } from './pages/library.js';
import { Share } from './pages/share.js';
import { publish } from './publish.js';

const OWNER = `<img src=x onerror=alert('hit:owner')>`;

test.use({
  jupyterOptions: {
    env: { PYTHONPATH: resolve('test/browser') },
    args: ['--ServerApp.identity_provider_class=hostile_user.HostileIdentity']
  }
});

/** What reached a server outside. */
const asked: string[] = [];
let outside: Server;
let beacon: string;
let notebookId: string;
/** Titles that are payloads. */
let titles: string[];

test.beforeAll(async ({ jupyter }) => {
  test.setTimeout(120_000);
  outside = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(204, { 'access-control-allow-origin': '*' }).end();
  });
  await new Promise<void>(done => outside.listen(0, '127.0.0.1', done));
  beacon = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
  notebookId = await fill(jupyter);
});

test.afterAll(() => {
  outside.close();
});

/** One notebook with all payloads in two versions, and one per payload that can be a title. */
async function fill(jupyter: Jupyter): Promise<string> {
  const path = hostileNames.fileName;
  const all = hostileCollection(beacon);
  const cells = all['cells'] as object[];
  const details = { title: hostileNames.title, tags: [hostileNames.tag], groups: [hostileNames.group] };
  // In the first version half of the cells are missing and the others are in front: everything is in the difference.
  await writeFile(join(jupyter.root, path), JSON.stringify({ ...all, cells: cells.slice(0, cells.length / 2) }));
  const { notebookId: id } = await publish(jupyter, path, details);
  await writeFile(join(jupyter.root, path), JSON.stringify({ ...all, cells: cells.slice(cells.length / 3) }));
  await publish(jupyter, path);

  const trap = { script: 'alert(7)', beacon: `${beacon}/t` };
  titles = Object.values({ ...htmlPayloads, ...svgPayloads })
    .map(payload => payload(trap))
    .filter(title => Title.safeParse(title).success);
  for (const [number, title] of titles.entries()) {
    await writeNotebook(jupyter, `title-${number}.ipynb`, ['# x']);
    await publish(jupyter, `title-${number}.ipynb`, { title, tags: [title.slice(0, 64).trim()] });
  }
  return id;
}

/** What a page did that it must not: scripts of payloads that ran, and requests to elsewhere. */
async function watch(page: Page, jupyter: Jupyter): Promise<string[]> {
  const hits: string[] = [];
  page.on('dialog', dialog => {
    hits.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.context().on('request', request => {
    const url = new URL(request.url());
    if (/^(https?|wss?):$/.test(url.protocol) && url.host !== new URL(jupyter.url).host)
      hits.push(`request ${url.href}`);
  });
  page.context().on('page', opened => hits.push(`window ${opened.url()}`));
  await page.exposeFunction('noteHit', (text: string) => hits.push(`message ${text}`));
  await page.addInitScript(() => {
    addEventListener('message', event => {
      if (String(event.data).startsWith('hit:'))
        (window as unknown as { noteHit(text: string): void }).noteHit(String(event.data));
    });
  });
  return hits;
}

/** Points at, focuses and, inside documents, clicks whatever is there: some traps wait for that. */
async function poke(page: Page): Promise<void> {
  for (const frame of page.frames()) {
    const isDocument = frame !== page.mainFrame() && !frame.url().includes('/library/notebooks/');
    await frame
      .evaluate(click => {
        const events = ['mouseover', 'mouseenter', 'pointerover', 'focus', 'toggle', 'animationstart', 'load', 'error'];
        for (const element of document.querySelectorAll<HTMLElement>('body *')) {
          for (const name of events) element.dispatchEvent(new Event(name));
          if (click && !(element instanceof HTMLAnchorElement)) element.click();
        }
      }, isDocument)
      .catch(() => undefined);
  }
}

async function expectNothing(page: Page, hits: string[], place: string): Promise<void> {
  await poke(page);
  await page.waitForTimeout(200);
  const named = await Promise.all(page.frames().map(frame => frame.title().catch(() => '')));
  expect([...hits, ...named.filter(title => title.startsWith('hit:')), ...asked], place).toEqual([]);
}

test('there are enough payloads', () => {
  expect(hostileNotebooks(beacon).length).toBeGreaterThanOrEqual(100);
  expect(titles.length).toBeGreaterThanOrEqual(20);
});

test('the trap snaps: payloads that are shown without Lakeside are noticed', async ({ page, jupyter }) => {
  const hits = await watch(page, jupyter);
  await page.goto(`${jupyter.url}login`);
  await page.evaluate(([title, address]) => (document.body.innerHTML = `${title}<img src="${address}/control">`), [
    hostileNames.title,
    beacon
  ] as const);
  await expect.poll(() => hits).toContain('dialog hit:title');
  await expect.poll(() => hits).toContain(`request ${beacon}/control`);
  await expect.poll(() => asked).toContain('/control');
  asked.length = 0;
});

test('lists, collections and search show them as words', async ({ page, jupyter }) => {
  const hits = await watch(page, jupyter);
  const library = new LibraryPages(page, jupyter);
  await page.setViewportSize({ width: 1280, height: 100 + 50 * titles.length });
  await library.goto();
  await expect(library.count).toHaveText(`${titles.length + 1} notebooks`);
  await library.search.fill('hit title');
  await expect(library.list.locator('.lk-Row-title')).toHaveText([hostileNames.title]);
  await expect(library.list.locator('.lk-Chip').filter({ hasText: hostileNames.group })).toBeVisible();
  await expectNothing(page, hits, 'search');
  await library.search.fill('');
  for (const title of titles) await expect(library.list).toContainText(title.replace(/\s+/g, ' ').trim().slice(0, 40));
  await expectNothing(page, hits, 'list');
  for (const property of ['Tag', 'Group', 'Owner']) {
    await library.area.getByRole('group', { name: 'Filters' }).getByRole('button', { name: property }).click();
    await expect(page.getByRole('dialog', { name: property }).getByRole('option').first()).toBeVisible();
    await expectNothing(page, hits, property);
    await page.keyboard.press('Escape');
  }
  await library.goto('/collections');
  await expect(page.getByRole('link', { name: hostileNames.group })).toBeVisible();
  await expectNothing(page, hits, 'collections');
  await library.goto(`/groups/${encodeURIComponent(hostileNames.group)}`);
  await expect(library.heading).toHaveText(hostileNames.group);
  await library.goto(`?q=${encodeURIComponent(hostileNames.title)}`);
  await expect(library.search).toHaveValue(hostileNames.title);
  await expectNothing(page, hits, 'address');
});

test('page, versions and difference show them as words', async ({ page, jupyter }) => {
  const hits = await watch(page, jupyter);
  const library = new LibraryPages(page, jupyter);
  const answer = await jupyter.fetch(`lakeside/api/v1/library/notebooks/${notebookId}`);
  expect(((await answer.json()) as { owner: string }).owner).toBe(OWNER);
  await library.goto(`/notebooks/${notebookId}`);
  await expect(library.heading).toHaveText(hostileNames.title);
  await expect(library.document.locator('h1').first()).toBeVisible();
  await expectNothing(page, hits, 'page');
  await library.more('Change details…');
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectNothing(page, hits, 'details');
  await library.goto(`/notebooks/${notebookId}/versions`);
  await expect(page.getByRole('article')).toHaveCount(2);
  await expectNothing(page, hits, 'versions');
  await library.goto(`/notebooks/${notebookId}/diff`);
  await expect(library.document.locator('body')).toContainText('unchanged');
  await expect(page.locator('.lk-DiffBar-count').first()).toBeVisible();
  await expectNothing(page, hits, 'diff');
  await library.goto(`/notebooks/${notebookId}/versions/latest/document`);
  await expectNothing(page, hits, 'document');
});

test('the dialog, its preview and the panel in JupyterLab show them as words', async ({ page, jupyter }) => {
  const hits = await watch(page, jupyter);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.openEmpty();
  // Not opened: what JupyterLab itself makes of the notebook is not the question here.
  await lab.fileMenu(hostileNames.fileName, 'Share Notebook');
  await expect(share.toast('Already up to date')).toBeVisible();
  await expectNothing(page, hits, 'message');
  const panel = new LibraryPanel(page);
  await panel.show();
  await panel.search.fill('hit title');
  await expect(panel.list.locator('.lk-Row-title')).toHaveText([hostileNames.title]);
  await expectNothing(page, hits, 'panel');
  await panel.act(hostileNames.title, 'Unshare');
  await expect(panel.message('is out of the Library')).toBeVisible();
  await expectNothing(page, hits, 'unshared');
  await page.locator('.jp-SideBar [data-id="filebrowser"]').click();
  await lab.fileMenu(hostileNames.fileName, 'Share Notebook');
  await expect(share.preview.locator('h1').first()).toBeVisible();
  await expect(
    share
      .act(`Add tag ${hostileNames.tag}`)
      .or(share.act(`Remove tag ${hostileNames.tag}`))
      .first()
  ).toBeVisible();
  await expectNothing(page, hits, 'dialog');
});
