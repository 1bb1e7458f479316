import type { Page } from '@playwright/test';
import { expect } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { picture } from '../picture.js';
import { startRefusing } from './refusing.js';
import { lakeTest as test } from './sampleLake.js';

test.use({ jupyterOptions: { name: 'lake', env: { SHOP_PASSWORD: 'not-the-right-one' } } });

/** The folder of the server is another one each time: it stands in pictures as a person's own would. */
async function tidyPath(page: Page, root: string): Promise<void> {
  await page.locator('.jp-LakesideTable-head p').evaluateAll((lines, folder) => {
    for (const line of lines) line.textContent = line.textContent.replace(folder, '~/notebooks');
  }, root);
}

/** Makes the pictures of docs/users/tables.md in real JupyterLab: `npm run screenshots`. */
test('tables that are found, opened, previewed and looked into', async ({ page, jupyter, lake }) => {
  test.setTimeout(300_000);
  expect(lake).toContain('lake');
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await writeNotebook(jupyter, 'delays.ipynb', ['']);
  await lab.open('delays.ipynb');
  await tables.open();
  await tables.button('Read the names of all sources anew').click();
  await expect(tables.tree).toContainText('flights');
  await tables
    .row(/^flights/)
    .first()
    .focus();
  await page.keyboard.press('ArrowRight');
  await expect(tables.panel).toContainText('dep_delay');
  await page.keyboard.press('Space');
  await expect(tables.table.getByRole('table', { name: 'The first rows' })).toContainText('UA');
  await tidyPath(page, jupyter.root);
  await picture(page, 'tables');
  await lab.theme('dark');
  await tidyPath(page, jupyter.root);
  await picture(page, 'tables-dark');
  await lab.theme('light');
  await tables.tab('Profile').click();
  await expect(tables.table.getByRole('img').first()).toBeVisible();
  await tidyPath(page, jupyter.root);
  await picture(page, 'tables-profile');
  await page.locator('.lm-DockPanel-tabBar').getByText('delays.ipynb').click();
  await tables.search.fill('de');
  await expect(tables.panel.locator('mark').first()).toBeVisible();
  await tables.tree.getByRole('treeitem').first().focus();
  await page.keyboard.press('Enter');
  await expect(lab.notebook.locator('.jp-Cell').first()).toContainText('SELECT');
  await tables.tree.getByRole('treeitem').first().hover();
  await picture(page, 'tables-found');
});

test('a source that is tested before it is added', async ({ page, jupyter, lake }) => {
  expect(lake).toContain('lake');
  const server = await startRefusing();
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await lab.openEmpty();
  await tables.open();
  await tables.button('Add a source').click();
  await tables.field('What it is').selectOption('postgresql');
  const port = String(server.port);
  const texts = { Name: 'shop', Host: '127.0.0.1', 'Port (optional)': port, Database: 'shop', User: 'reader' };
  for (const [label, text] of Object.entries(texts)) await tables.field(label).fill(text);
  await tables.field('Password (optional)').fill('SHOP_PASSWORD');
  await tables.form.getByRole('button', { name: 'Test' }).click();
  await expect(tables.form.getByRole('status')).toContainText('does not accept the password');
  await tables.form.getByRole('status').scrollIntoViewIfNeeded();
  // The port is another one each time.
  await tables.form.getByRole('listitem').evaluateAll((lines, given) => {
    for (const line of lines) line.innerHTML = line.innerHTML.replace(`:${given}`, ':5432');
  }, port);
  await tables.field('Port (optional)').evaluate(field => ((field as HTMLInputElement).value = '5432'));
  await picture(page, 'tables-add');
  await server.close();
});
