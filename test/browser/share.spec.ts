import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, labTest as test } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { idIn, readNotebook, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';
import { sidecarOf } from './processes.js';

test('the first share asks, shows the page, publishes and copies the link', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'first.ipynb', ['# Delays in New York', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('first.ipynb');
  await share.expectState('none');
  await share.press();
  await expect(share.title).toHaveValue('Delays in New York');
  await expect(share.preview.locator('h1')).toContainText('Delays in New York');
  await share.title.fill('Late departures');
  await expect(share.preview.locator('body')).toContainText('Delays in New York');
  await share.tags.fill('flights');
  await share.tags.press('Enter');
  await share.act('Share').click();

  await expect(share.verdict).toHaveText(/Shared · version 1/);
  await expect(share.act('Copy link (copied)')).toBeVisible();
  const link = await share.link();
  expect(await share.clipboard()).toBe(link);
  const [opened] = await Promise.all([page.context().waitForEvent('page'), share.act('Open page').click()]);
  await opened.waitForLoadState();
  expect(opened.url()).toBe(link);
  await expect(opened).toHaveTitle(/Late departures/);
  await opened.close();

  await share.act('Close').click();
  await share.expectState('Up to date');
  expect(await idIn(jupyter, 'first.ipynb')).toMatch(/^[0-9A-Z]{26}$/);
});

test('later shares publish at once, at the same address', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'again.ipynb', ['# Again', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('again.ipynb');
  const link = await share.first();
  await lab.edit(1, 'x = 2');
  await share.expectState('Changed since it was shared');
  await lab.save();
  await share.expectState('Changed since it was shared');

  await share.button.click();
  await expect(share.toast('Page updated · version 2 · link copied')).toBeVisible();
  expect(await share.clipboard()).toBe(link);
  await share.expectState('Up to date');
  await expect(share.dialog).toHaveCount(0);
});

test('an unchanged notebook is up to date: nothing is written, not even the file', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'same.ipynb', ['# Same', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('same.ipynb');
  await share.first();
  const saves: string[] = [];
  page.on('request', request => {
    if (request.method() === 'PUT' && request.url().includes('/api/contents/')) saves.push(request.url());
  });
  await share.button.click();
  await expect(share.toast('Already up to date · version 1')).toBeVisible();
  const answer = await jupyter.fetch('lakeside/api/v1/jobs?limit=1');
  const { jobs } = (await answer.json()) as { jobs: { result: object }[] };
  expect(jobs[0]?.result).toMatchObject({ outcome: 'unchanged', objectWrites: 0, bytesWritten: 0 });
  expect(saves).toEqual([]);
});

test('a notebook taken back to what is published needs no new version', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'back.ipynb', ['# Back', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('back.ipynb');
  await share.first();
  await lab.edit(1, 'x = 2');
  await lab.save();
  await share.expectState('Changed since it was shared');
  await lab.edit(1, 'x = 1');
  await lab.save();
  await share.expectState('Up to date');
});

test('unsaved changes are asked about: cancel, leave out, save', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'unsaved.ipynb', ['# Unsaved', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('unsaved.ipynb');
  await share.first();
  await lab.edit(1, 'x = 2');
  const question = page.locator('.jp-Dialog').filter({ hasText: 'This notebook has unsaved changes.' });

  await share.button.click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(lab.tab).toHaveClass(/jp-mod-dirty/);

  await share.button.click();
  await question.getByRole('button', { name: 'Share the saved version' }).click();
  await expect(share.toast('Already up to date · version 1')).toBeVisible();
  await expect(lab.tab).toHaveClass(/jp-mod-dirty/);

  await share.button.click();
  await question.getByRole('button', { name: 'Save and share' }).click();
  await expect(share.toast('Page updated · version 2')).toBeVisible();
  await expect(lab.tab).not.toHaveClass(/jp-mod-dirty/);
  expect(JSON.stringify(await readNotebook(jupyter, 'unsaved.ipynb'))).toContain('x = 2');
});

test('the first share of unsaved changes shows and saves them', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'fresh.ipynb', ['# Fresh', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('fresh.ipynb');
  await lab.edit(1, 'only_on_the_screen = 7');
  await share.press();
  await expect(share.dialog).toContainText('This notebook has unsaved changes.');
  await expect(share.preview.locator('body')).toContainText('only_on_the_screen');
  await share.act('Save and share').click();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
  expect(JSON.stringify(await readNotebook(jupyter, 'fresh.ipynb'))).toContain('only_on_the_screen');
});

test('a failure keeps its sentence, and Retry shares after all', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'lost.ipynb', ['# Lost', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('lost.ipynb');
  await share.first();
  const file = join(jupyter.root, 'lost.ipynb');
  await rename(file, `${file}.away`);
  await share.button.click();
  const failure = page.locator('.Toastify__toast--error');
  await expect(failure).toContainText('lost.ipynb');
  await rename(`${file}.away`, file);
  await failure.getByRole('button', { name: 'Retry' }).click();
  await expect(share.toast('Already up to date · version 1')).toBeVisible();
});

test('a sidecar that is killed meanwhile is not noticed', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'killed.ipynb', ['# Killed', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('killed.ipynb');
  await share.first();
  await lab.edit(1, 'x = 2');
  await lab.save();
  process.kill(await sidecarOf(jupyter.pid), 'SIGKILL');
  await share.button.click();
  await expect(share.toast('Page updated · version 2')).toBeVisible({ timeout: 20_000 });
});

test('the menu: settings, link, history, download, unshare with Undo', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'menu.ipynb', ['# Menu', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('menu.ipynb');
  const link = await share.first();

  await page.evaluate(() => navigator.clipboard.writeText(''));
  await share.menu('Copy Link');
  await expect(share.toast('is copied')).toBeVisible();
  expect(await share.clipboard()).toBe(link);

  const [history] = await Promise.all([page.context().waitForEvent('page'), share.menu('Page History')]);
  await history.waitForLoadState();
  expect(history.url()).toBe(`${link}/versions`);
  await history.close();

  const [download] = await Promise.all([page.waitForEvent('download'), share.menu('Download Page')]);
  expect(download.suggestedFilename()).toBe('Menu.html');

  await share.menu('Share Settings…');
  await share.title.fill('Menu, renamed');
  await share.act('Update page').click();
  await expect(share.verdict).toHaveText(/Details updated · version 1/);
  await share.act('Close').click();

  await share.menu('Unshare');
  await share.expectState('none');
  await share.toast('is out of the Library').getByRole('button', { name: 'Undo' }).click();
  await share.expectState('Up to date');
});

test('the file browser shares a notebook without opening or touching it', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'closed.ipynb', ['# Closed', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.openEmpty();
  const before = JSON.stringify(await readNotebook(jupyter, 'closed.ipynb'));
  await lab.fileMenu('closed.ipynb', 'Share Notebook');
  await expect(share.preview.locator('h1')).toContainText('Closed');
  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
  await share.act('Close').click();
  expect(JSON.stringify(await readNotebook(jupyter, 'closed.ipynb'))).toBe(before);
  await expect(page.locator('.jp-NotebookPanel')).toHaveCount(0);

  await lab.fileMenu('closed.ipynb', 'Share Notebook');
  await expect(share.toast('Already up to date · version 1')).toBeVisible();
  await rm(join(jupyter.root, 'closed.ipynb'));
});

test('File menu and palette share too', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'palette.ipynb', ['# Palette']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('palette.ipynb');
  await share.ready();
  await lab.command('Share Notebook');
  await expect(share.title).toHaveValue('Palette');
  await share.act('Cancel').click();
  await page.locator('.lm-MenuBar-item').filter({ hasText: 'File' }).click();
  await page.locator('.lm-Menu').getByRole('menuitem', { name: 'Share Notebook' }).click();
  await expect(share.title).toHaveValue('Palette');
});

/** The facts that the newest version of a page records. */
async function provenance(jupyter: Jupyter, link: string): Promise<Record<string, unknown>> {
  const answer = await jupyter.fetch(`lakeside/api/v1/library/notebooks/${link.split('/').at(-1) ?? ''}`);
  const notebook = (await answer.json()) as { versionList: { provenance: Record<string, unknown> }[] };
  return notebook.versionList[0]?.provenance ?? {};
}

test('a version records kernel and packages; a busy kernel is not asked and delays nothing', async ({
  page,
  jupyter
}) => {
  await writeNotebook(jupyter, 'kernel.ipynb', ['# Kernel', 'x = 1', 'import time; time.sleep(60)']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('kernel.ipynb');
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  const link = await share.first();
  const idle = await provenance(jupyter, link);
  expect(idle['kernel']).toMatchObject({ name: 'python3', language: 'python' });
  expect(idle['packages']).toContainEqual({ name: 'ipykernel', version: expect.any(String) });
  await expect(lab.notebook.locator('.jp-InputPrompt').nth(1)).toHaveText('[ ]:');

  await lab.edit(1, 'x = 2');
  await lab.save();
  await lab.notebook.locator('.jp-Cell').nth(2).click();
  await page.keyboard.press('Control+Enter');
  await expect(lab.kernel('Busy')).toBeVisible();
  await lab.save();
  await share.button.click();
  await expect(share.toast('Page updated · version 2')).toBeVisible({ timeout: 30_000 });
  const busy = await provenance(jupyter, link);
  expect(busy['kernel']).toMatchObject({ name: 'python3' });
  expect(busy['packages']).toBeUndefined();
});
