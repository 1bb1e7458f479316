import { expect } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { look } from '../look.js';
import { tablesTest as test } from './config.js';

test('two letters are typed, a table is found, opened, previewed and inserted', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  await writeNotebook(jupyter, 'find.ipynb', ['']);
  await lab.open('find.ipynb');
  const tables = new Tables(page);
  await tables.open();
  await expect(tables.panel).toContainText('as of');
  await look(page, 'panel');
  const demo = tables.row(/^Demo/).first();
  if ((await demo.getAttribute('aria-expanded')) === 'false') await tables.expand(/^Demo/);
  await tables.expand(/^order_000/);
  await look(page, 'panel-schema');
  await tables.search.focus();
  await page.keyboard.type('ai');
  await expect(tables.row(/^airline_/).first()).toBeVisible();
  await look(page, 'panel-found');
  await page.keyboard.press('Enter');
  await expect(tables.focused).toHaveAttribute('aria-expanded', 'true');
  await expect(tables.panel).toContainText('bigint');
  await look(page, 'panel-opened');
  await page.keyboard.press('Space');
  await expect(tables.table.getByRole('table', { name: 'The first rows' })).toBeVisible();
  await look(page, 'page-preview');
  for (const part of ['Columns', 'Profile', 'Code']) {
    await tables.tab(part).click();
    await expect(tables.table.getByRole('tabpanel')).toBeVisible();
    await page.waitForTimeout(500);
    await look(page, `page-${part.toLowerCase()}`);
  }
});
