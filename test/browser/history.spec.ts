import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { violations } from './axe.js';
import { expect, labTest as test } from './fixtures.js';
import { readNotebook, writeNotebook } from './notebooks.js';
import { History } from './pages/history.js';
import { Lab } from './pages/lab.js';
import { themes } from './themes.js';

const source = ({ source: text }: { source: string | string[] }): string => [text].flat().join('');
const sources = async (jupyter: Parameters<typeof readNotebook>[0], path: string): Promise<string[]> =>
  (await readNotebook(jupyter, path)).cells.map(source);

test('each save is a version; one cell and all of it come back, and can be undone', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'kept.ipynb', ['# Kept', 'x = 1', 'y = 1']);
  const lab = new Lab(page, jupyter);
  const history = new History(page);
  await lab.open('kept.ipynb');
  await lab.edit(1, 'x = 2');
  await lab.save();
  await lab.edit(2, 'y = 2');
  await lab.save();

  // What the file held before the first save is there, too.
  await history.open();
  await expect(history.versions).toHaveCount(3);
  await expect(history.changes).toHaveCount(1);
  await expect(history.changes.first()).toContainText('Cell 3');
  await expect(history.versions.first()).toContainText('1 changed');

  await history.versions.nth(2).click();
  await history.button('Compared with now').click();
  await expect(history.changes).toHaveCount(2);
  await history.button('Restore this cell: Cell 2').click();
  await expect(history.toast('The cell is restored.')).toBeVisible();
  await expect.poll(() => sources(jupyter, 'kept.ipynb')).toEqual(['# Kept', 'x = 1', 'y = 2']);
  await expect(history.versions).toHaveCount(4);

  await history.toast('The cell is restored.').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => sources(jupyter, 'kept.ipynb')).toEqual(['# Kept', 'x = 2', 'y = 2']);

  await history.open('kept.ipynb');
  await history.versions.last().click();
  await history.button('Restore all').click();
  await expect.poll(() => sources(jupyter, 'kept.ipynb')).toEqual(['# Kept', 'x = 1', 'y = 1']);
  await history.toast('The notebook is as it was').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(() => sources(jupyter, 'kept.ipynb')).toEqual(['# Kept', 'x = 2', 'y = 2']);
});

test('unsaved work is asked about before all is restored', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'unsaved-history.ipynb', ['# Unsaved', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const history = new History(page);
  await lab.open('unsaved-history.ipynb');
  await lab.edit(1, 'x = 2');
  await lab.save();
  await lab.edit(1, 'x = 3');
  await history.open('unsaved-history.ipynb');
  await history.versions.last().click();
  const question = page.locator('.jp-Dialog').filter({ hasText: 'has changes that are not saved' });

  await history.button('Restore all').click();
  await question.getByRole('button', { name: 'Cancel' }).click();
  await expect(lab.notebook.locator('.jp-Cell').nth(1)).toContainText('x = 3');
  expect(await sources(jupyter, 'unsaved-history.ipynb')).toEqual(['# Unsaved', 'x = 2']);

  await history.button('Restore all').click();
  await question.getByRole('button', { name: 'Save and restore' }).click();
  await expect.poll(() => sources(jupyter, 'unsaved-history.ipynb')).toEqual(['# Unsaved', 'x = 1']);
  await expect(history.versions).toHaveCount(4);
});

test('a renamed notebook keeps its history, a deleted one comes back beside what took its place', async ({
  page,
  jupyter
}) => {
  await writeNotebook(jupyter, 'old-name.ipynb', ['# First', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const history = new History(page);
  await lab.open('old-name.ipynb');
  await lab.edit(1, 'x = 2');
  await lab.save();
  await lab.rename('old-name.ipynb', 'new-name.ipynb');
  await history.open('new-name.ipynb');
  await expect(history.versions).toHaveCount(2);

  const before = await readFile(join(jupyter.root, 'new-name.ipynb'), 'utf8');
  await jupyter.fetch('api/contents/new-name.ipynb', { method: 'DELETE' });
  await writeFile(join(jupyter.root, 'new-name.ipynb'), 'something else');
  await history.openDeleted();
  await history.button('Bring new-name.ipynb back').click();
  await expect(history.toast('"new-name (restored).ipynb" is back.')).toBeVisible();
  expect(await readFile(join(jupyter.root, 'new-name (restored).ipynb'), 'utf8')).toBe(before);
  expect(await readFile(join(jupyter.root, 'new-name.ipynb'), 'utf8')).toBe('something else');
  await expect(history.area).toContainText('No deleted notebooks');
  await history.open('new-name (restored).ipynb');
  await expect(history.versions).toHaveCount(2);
  await rm(join(jupyter.root, 'new-name.ipynb'));
});

test('history is found in the menus of notebooks and files', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'menus.ipynb', ['# Menus', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const history = new History(page);
  await lab.openEmpty();
  await lab.fileMenu('menus.ipynb', 'History');
  await expect(history.area).toContainText('Nothing was kept of this notebook yet');
  await history.button('Save now').click();
  // The notebook opens beside its history; what was in its file is kept, too.
  await expect(history.versions).toHaveCount(2);
});

for (const theme of themes) {
  test(`every state of history is accessible, ${theme}`, async ({ page, jupyter }) => {
    const name = `axe-history-${theme.replace(' ', '-')}.ipynb`;
    await writeNotebook(jupyter, name, ['# Accessible', 'x = 1', 'gone = 1']);
    const lab = new Lab(page, jupyter);
    const history = new History(page);
    await lab.open(name);
    await lab.theme(theme);
    await history.open(name);
    await expect(history.area).toContainText('Nothing was kept');
    expect(await violations(page, '.jp-LakesideHistory-body')).toEqual([]);

    await lab.open(name);
    await lab.edit(1, 'x = 2');
    await lab.save();
    await history.open(name);
    await expect(history.versions).toHaveCount(2);
    await expect(history.changes).toHaveCount(1);
    expect(await violations(page, '.jp-LakesideHistory-body')).toEqual([]);
    await history.versions.nth(1).click();
    await expect(history.button('Restore all')).toBeVisible();
    await expect(history.changes).toHaveCount(3);
    expect(await violations(page, '.jp-LakesideHistory-body')).toEqual([]);

    await page.route('**/history/deleted*', route => route.abort());
    await history.openDeleted();
    await expect(history.area.getByRole('alert')).toBeVisible();
    expect(await violations(page, '.jp-LakesideHistory-body')).toEqual([]);
    await page.unroute('**/history/deleted*');
    await jupyter.fetch(`api/contents/${name}`, { method: 'DELETE' });
    await history.button('Retry').click();
    await expect(history.button(`Bring ${name} back`)).toBeVisible();
    expect(await violations(page, '.jp-LakesideHistory-body')).toEqual([]);
    await lab.theme('light');
  });
}
