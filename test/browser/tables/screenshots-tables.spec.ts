import type { Page } from '@playwright/test';
import { expect } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { picture } from '../picture.js';
import { lakeTest as test } from './sampleLake.js';

test.use({ jupyterOptions: { name: 'lake' } });

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
