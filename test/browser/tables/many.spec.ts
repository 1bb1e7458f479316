import { expect } from '../fixtures.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { tablesTest as test } from './config.js';
import { look } from '../look.js';

test.use({ sources: '  many: {kind: memory, label: Many, schemas: 1, tables: 100000, columns: 4}\n' });

test('a schema of 100,000 tables opens at once, scrolls to its end, and is searched letter by letter', async ({
  page,
  jupyter
}) => {
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await lab.openEmpty();
  await tables.open();
  await expect(tables.row(/^Many/)).toContainText('100,000', { timeout: 60_000 });
  await tables.row(/^order_000/).click();
  await expect(tables.tree.locator('.jp-mod-table').first()).toBeVisible();
  expect(await tables.tree.getByRole('treeitem').count()).toBeLessThan(100);
  await page.keyboard.press('End');
  await expect(tables.focused).not.toHaveAttribute('aria-label', 'Loading');
  await expect(tables.focused).toHaveAttribute('aria-posinset', '100000');
  await look(page, 'panel-many');

  for (const letters of ['or', 'order', 'airline']) {
    await tables.search.fill(letters);
    await expect(tables.panel.locator('.jp-LakesideTables-rows')).toHaveAttribute('aria-busy', 'false');
    await expect(tables.tree.locator('mark').first()).toHaveText(letters);
  }
  await look(page, 'panel-many-found');
});
