import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, labTest as test } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { idIn, readNotebook, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';

/** Renames or moves as Jupyter's clients do. */
async function move(jupyter: Jupyter, from: string, to: string): Promise<void> {
  const answer = await jupyter.fetch(`api/contents/${from}`, {
    method: 'PATCH',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ path: to })
  });
  expect(answer.status).toBe(200);
}

test('renamed while it is open: the page stays its page', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'old-name.ipynb', ['# Renamed', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('old-name.ipynb');
  const link = await share.first();
  await lab.rename('old-name.ipynb', 'new-name.ipynb');
  await expect(lab.tab).toContainText('new-name.ipynb');
  await share.expectState('Up to date');
  await lab.edit(1, 'x = 2');
  await lab.save();
  await share.button.click();
  await expect(share.toast('Page updated · version 2')).toBeVisible();
  expect(await share.clipboard()).toBe(link);
});

test('moved to another folder while it is closed: the page stays its page', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'moved.ipynb', ['# Moved', 'x = 1']);
  await mkdir(join(jupyter.root, 'elsewhere'), { recursive: true });
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('moved.ipynb');
  const link = await share.first();
  await move(jupyter, 'moved.ipynb', 'elsewhere/moved.ipynb');
  await lab.open('elsewhere/moved.ipynb');
  await share.expectState('Up to date');
  await share.button.click();
  await expect(share.toast('Already up to date · version 1')).toBeVisible();
  expect(await share.clipboard()).toBe(link);
});

test('its folder renamed: the page stays its page', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'before/inside.ipynb', ['# Inside', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('before/inside.ipynb');
  await share.first();
  await move(jupyter, 'before', 'after');
  await lab.open('after/inside.ipynb');
  await share.expectState('Up to date');
});

test('a copy beside it asks, and published as new it is a notebook of its own', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'original.ipynb', ['# Original', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('original.ipynb');
  const link = await share.first();
  await lab.fileMenu('original.ipynb', /^Duplicate/);
  await expect(lab.file('original-Copy1.ipynb')).toBeVisible();
  expect(await idIn(jupyter, 'original-Copy1.ipynb')).toBe(await idIn(jupyter, 'original.ipynb'));

  await lab.open('original-Copy1.ipynb');
  await share.expectState('Another notebook has the same id');
  await share.button.click();
  await expect(share.dialog).toContainText('has the same id as "Original"');
  await share.act('Share').click();
  await expect(share.dialog.getByRole('alert')).toContainText('Choose one');
  await share.dialog.getByRole('radio', { name: /Publish as new/ }).check();
  await share.title.fill('Copy');
  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
  expect(await share.link()).not.toBe(link);
  await share.act('Close').click();
  await share.expectState('Up to date');

  await expect.poll(() => idIn(jupyter, 'original-Copy1.ipynb')).not.toBe(await idIn(jupyter, 'original.ipynb'));
  await lab.open('original.ipynb');
  await share.expectState('Up to date');
});

test('a copy in another folder can go onto the same page', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'twin.ipynb', ['# Twin', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('twin.ipynb');
  const link = await share.first();
  await mkdir(join(jupyter.root, 'other'), { recursive: true });
  await copyFile(join(jupyter.root, 'twin.ipynb'), join(jupyter.root, 'other', 'twin.ipynb'));

  await lab.open('other/twin.ipynb');
  await share.expectState('Another notebook has the same id');
  await lab.edit(1, 'x = 2');
  await lab.save();
  await share.button.click();
  await share.dialog.getByRole('radio', { name: /Update that page/ }).check();
  await share.act('Update page').click();
  await expect(share.verdict).toHaveText(/Page updated · version 2/);
  expect(await share.link()).toBe(link);
  expect(await idIn(jupyter, 'other/twin.ipynb')).toBe(await idIn(jupyter, 'twin.ipynb'));
});

test('two notebooks given one id by hand: the second asks, the first goes on', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'one.ipynb', ['# One']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('one.ipynb');
  await share.first();
  await writeNotebook(jupyter, 'two.ipynb', ['# Two'], { lakeside: { id: await idIn(jupyter, 'one.ipynb') } });
  await lab.open('two.ipynb');
  await share.expectState('Another notebook has the same id');
  await lab.open('one.ipynb');
  await share.expectState('Up to date');
});

test.describe('a broken id', () => {
  for (const [name, id] of [
    ['text', 'not an id'],
    ['a number', 7],
    ['markup', '<script>alert(1)</script>'],
    ['a path', '../../etc/passwd']
  ] as const) {
    test(`${name} counts as none`, async ({ page, jupyter }) => {
      const path = `broken-${name.replace(' ', '-')}.ipynb`;
      await writeNotebook(jupyter, path, ['# Broken'], { lakeside: { id } });
      const lab = new Lab(page, jupyter);
      const share = new Share(page);
      await lab.open(path);
      await share.expectState('none');
      await share.first();
      expect(await idIn(jupyter, path)).toMatch(/^[0-9A-Z]{26}$/);
    });
  }
});

test('a fork is a notebook of its own, without a question', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'forked.ipynb', ['# Forked', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('forked.ipynb');
  const link = await share.first();
  const id = link.split('/').at(-1);
  const fork = await jupyter.fetch(`lakeside/api/v1/library/notebooks/${id}/versions/latest/notebook?fork=true`);
  await writeFile(join(jupyter.root, 'the-fork.ipynb'), new Uint8Array(await fork.arrayBuffer()));
  expect(await idIn(jupyter, 'the-fork.ipynb')).toBeUndefined();
  await lab.open('the-fork.ipynb');
  await share.expectState('none');
  expect(await share.first()).not.toBe(link);
});

test('other metadata of the notebook stays as it was', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'meta.ipynb', ['# Meta'], { lakeside: { note: 'mine' }, papermill: { a: 1 } });
  const lab = new Lab(page, jupyter);
  await lab.open('meta.ipynb');
  await new Share(page).first();
  const { metadata } = await readNotebook(jupyter, 'meta.ipynb');
  expect(metadata).toMatchObject({ lakeside: { note: 'mine' }, papermill: { a: 1 } });
  expect(await readFile(join(jupyter.root, 'meta.ipynb'), 'utf8')).toContain('"note": "mine"');
});
