import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.js';
import type { ShareResult } from '../../contract/share/index.js';
import { hostileCollection, hostileNames } from '../support/hostile.js';
import { Alarm, openHostileSite, poke, type HostileSite } from './hostileSite.js';
import { Lab } from './pages/lab.js';
import { LibraryPages } from './pages/library.js';
import { Share } from './pages/share.js';
import { ask, publish } from './publish.js';

// Every payload in one notebook, shown by the real server in every place where Lakeside shows notebooks.
test.use({ trace: 'off' });

let site: HostileSite;
let shared: ShareResult;

test.beforeAll(async ({ jupyter }) => {
  test.setTimeout(120_000);
  site = await openHostileSite();
  await writeFile(join(jupyter.root, hostileNames.fileName), JSON.stringify(hostileCollection(site.outside)));
  const { title, tag, group } = hostileNames;
  shared = await publish(jupyter, hostileNames.fileName, { title, tags: [tag], groups: [group] });
});

test.afterAll(() => site.close());

test('the list and the page of the Library: nothing runs, nothing is asked for', async ({ page, jupyter }) => {
  const alarm = await Alarm.on(page);
  const library = new LibraryPages(page, jupyter);
  await library.goto();
  await expect(library.list.locator('.lk-Row-title')).toHaveText([hostileNames.title]);
  await expect(library.list.getByRole('button', { name: hostileNames.tag })).toBeVisible();
  await library.open(hostileNames.title);
  await expect(library.heading).toHaveText(hostileNames.title);
  await expect(library.document.locator('.cell')).not.toHaveCount(0);
  expect(await library.document.locator('.cell').count()).toBeGreaterThan(150);
  const frame = page.frames().find(each => each.url().includes('/document'));
  expect(await poke(page, frame)).toBe(1);
  await library.goto(`/notebooks/${shared.notebookId}/versions`);
  await expect(page.getByRole('article')).toHaveCount(1);
  expect(await alarm.rung()).toEqual([]);
  expect(site.reached()).toEqual([]);
});

test('live figures in the dialog of the page run, and reach nothing', async ({ page, jupyter }) => {
  const alarm = await Alarm.on(page);
  const library = new LibraryPages(page, jupyter);
  const path = `library/notebooks/${shared.notebookId}/versions/${shared.versionId}/figures`;
  const { figures } = await ask<{ figures: { number: number; live: boolean; kind: string }[] }>(jupyter, path);
  const live = figures.filter(figure => figure.live && figure.kind === 'html');
  expect(live.length).toBeGreaterThan(30);
  // Every fifth: the others are shown by the same frame in hostile-render.spec.ts.
  for (const { number } of live.filter((_, at) => at % 5 === 0)) {
    await library.goto(`/notebooks/${shared.notebookId}?figure=${number}`);
    await expect(page.getByRole('dialog').locator('iframe')).toBeVisible();
    await expect.poll(() => page.frames().some(each => each.url().endsWith(`/figures/${number}`))).toBe(true);
    await page.waitForTimeout(500);
    expect(site.reached(), `figure ${number}`).toEqual([]);
  }
  // The scripts ran, but in their frame only.
  expect((await alarm.rung()).length).toBeGreaterThan(3);
  await expect(page).toHaveTitle(/Lakeside Library$/);
});

test('the preview in JupyterLab: nothing runs, nothing is asked for', async ({ page, jupyter }) => {
  const alarm = await Alarm.on(page);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  const unshared = `New ${hostileNames.fileName}`;
  await writeFile(join(jupyter.root, unshared), JSON.stringify(hostileCollection(site.outside)));
  await lab.openEmpty();
  // From the list of files: JupyterLab itself does not show the notebook then, only Lakeside does.
  await lab.fileMenu(unshared, /^Share/);
  await expect(share.preview.locator('.cell').first()).toBeVisible();
  const frame = page.frames().find(each => each.url() === 'about:srcdoc');
  expect(await poke(page, frame)).toBe(1);
  await page.waitForTimeout(500);
  expect(await alarm.rung()).toEqual([]);
  expect(site.reached()).toEqual([]);
});
