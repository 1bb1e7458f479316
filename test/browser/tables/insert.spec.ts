import type { Page } from '@playwright/test';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '../fixtures.js';
import type { Jupyter } from '../jupyter.js';
import { writeNotebook } from '../notebooks.js';
import { execute } from '../pages/app.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { tablesTest as test } from './config.js';
import { withCode } from './fakes.js';

const open = async (page: Page, jupyter: Jupyter, name: string) => {
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await withCode(page);
  await writeNotebook(jupyter, name, ['', 'kept = 1']);
  await lab.open(name);
  await tables.open();
  await tables.search.fill('');
  return { lab, tables, cell: (n: number) => lab.notebook.locator('.jp-Cell').nth(n).locator('.cm-content') };
};

test('by keyboard alone: found, opened, inserted in the dialect last chosen, undone in one step', async ({
  page,
  jupyter
}) => {
  const { lab, tables, cell } = await open(page, jupyter, 'keys.ipynb');
  await page.keyboard.type('airline');
  await expect(tables.row(/^airline_/).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(tables.focused).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Enter');
  await expect(cell(0)).toContainText('%%sql airline');
  await expect(lab.notebook.locator('.cm-editor.cm-focused')).toBeVisible();
  await page.keyboard.press('Control+Z');
  await expect(cell(0)).toHaveText('');

  await tables.open();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.locator('.lm-Menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(cell(0)).toContainText('import pandas');
  await expect(lab.notebook.locator('.cm-editor.cm-focused')).toBeVisible();
  await tables.open();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Control+Enter');
  await expect(cell(0)).toContainText(/import pandas[\s\S]*import pandas/);
});

test('by double click; where a cell has code, the magic begins one below; then into a file of SQL', async ({
  page,
  jupyter
}) => {
  const { lab, tables, cell } = await open(page, jupyter, 'clicks.ipynb');
  await cell(1).click();
  await tables.search.fill('airline');
  const row = tables.row(/^airline_/).first();
  await row.click({ button: 'right' });
  await page.locator('.lm-Menu').getByRole('menuitem', { name: 'Insert As…' }).click();
  await page
    .locator('.lm-Menu')
    .getByRole('menuitem', { name: /^%%sql/ })
    .click();
  await expect(cell(2)).toContainText('%%sql airline');
  await expect(cell(1)).toHaveText('kept = 1');

  await writeFile(join(jupyter.root, 'query.sql'), '');
  await execute(page, 'docmanager:open', { path: 'query.sql' });
  const file = page.locator('.jp-FileEditor .cm-content:visible');
  await expect(file).toBeVisible();
  await row.dblclick();
  await expect(file).toHaveText(/^SELECT \* FROM "airline.*LIMIT 100;$/);
  await expect(lab.tab).toContainText('query.sql');
});

test('by drag and drop into a cell', async ({ page, jupyter }) => {
  const { tables, cell } = await open(page, jupyter, 'drag.ipynb');
  await tables.search.fill('airline');
  const row = tables.row(/^airline_/).first();
  await row.hover();
  await expect(row).toHaveAttribute('draggable', 'true');
  await row.dragTo(cell(0));
  await expect(cell(0)).toContainText(/%%sql airline|import pandas/);
});

test('a console takes code, too; without a cursor the code can be copied', async ({ page, jupyter }) => {
  const { tables } = await open(page, jupyter, 'console.ipynb');
  await tables.search.fill('airline');
  const row = tables.row(/^airline_/).first();
  await execute(page, 'console:create', { kernelPreference: { name: 'python3' } });
  const prompt = page.locator('.jp-CodeConsole-promptCell .cm-content:visible');
  await expect(prompt).toBeVisible();
  await row.dblclick();
  await expect(prompt).toContainText('airline');
  await execute(page, 'application:close-all');
  await row.dblclick();
  await expect(page.locator('.Toastify__toast').filter({ hasText: 'There is no cursor to write at' })).toBeVisible();
});

test('a link leads to the table; favourites are kept, and one click inserts where the setting says so', async ({
  page,
  jupyter
}) => {
  const { lab, tables, cell } = await open(page, jupyter, 'link.ipynb');
  await tables.search.fill('airline');
  const row = tables.row(/^airline_/).first();
  const menu = async (entry: string) => {
    await row.click({ button: 'right' });
    await page.locator('.lm-Menu').getByRole('menuitem', { name: entry }).click();
  };
  const kept = page.waitForResponse(
    answer => answer.request().method() === 'PUT' && /favourites\W+\[\W*\{/.test(answer.request().postData() ?? '')
  );
  await menu('Add to Favourites');
  await kept;
  await menu('Copy Link');
  await expect(page.locator('.Toastify__toast').filter({ hasText: 'The link is copied' })).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toContain('lakeside-table=demo');
  await lab.set('jupyterlab-lakeside:tables', { insertOnSelect: true });
  await page.goto(link);
  await expect(tables.table.getByRole('heading', { name: /^airline_/ })).toBeVisible({ timeout: 60_000 });
  expect(page.url()).not.toContain('lakeside-table');

  await lab.open('link.ipynb');
  await cell(0).click();
  await tables.open();
  await expect(tables.tree.getByRole('treeitem').first()).toHaveAccessibleName('Favourites');
  const favourite = tables.tree.getByRole('treeitem').nth(1);
  await expect(favourite).toHaveAccessibleName(/^airline_/);
  await favourite.click();
  await expect(cell(0)).toContainText('airline_');
  await favourite.hover();
  await favourite.getByRole('button', { name: /is a favourite/ }).click();
  await expect(tables.row('Favourites')).toHaveCount(0);
  await lab.set('jupyterlab-lakeside:tables', {});
  await page.goto('about:blank');
});
