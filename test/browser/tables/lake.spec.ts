import { expect } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { look } from './look.js';
import { lakeTest as test } from './sampleLake.js';

test.use({ jupyterOptions: { name: 'lake' } });

test('in the sample lake two letters find flights; it is opened, previewed, and its code runs as it stands', async ({
  page,
  jupyter,
  lake
}) => {
  test.setTimeout(300_000);
  expect(lake).toContain('lake');
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await writeNotebook(jupyter, 'lake.ipynb', ['', '', '', '']);
  await lab.open('lake.ipynb');
  await tables.open();
  await tables.button('Read the names of all sources anew').click();
  await expect(tables.tree).toContainText('flights');
  await look(page, 'lake-panel');
  await page.keyboard.press('/');
  await page.keyboard.type('fl');
  await expect(tables.row(/^flights/).first()).toBeVisible();
  await look(page, 'lake-found');
  await page.keyboard.press('Enter');
  await expect(tables.panel).toContainText('dep_delay');
  await look(page, 'lake-opened');
  await page.keyboard.press('Space');
  await expect(tables.table.getByRole('table', { name: 'The first rows' })).toContainText('UA');
  await look(page, 'lake-preview');
  await tables.tab('Profile').click();
  await expect(tables.table.getByRole('img').first()).toBeVisible();
  await look(page, 'lake-profile');
  await tables.tab('Code').click();
  await look(page, 'lake-code');

  await page.locator('.lm-DockPanel-tabBar').getByText('lake.ipynb').click();
  for (const [n, dialect] of [/^%%sql/, /^pandas/, /^PyArrow/, /^Polars/].entries()) {
    const cell = lab.notebook.locator('.jp-Cell').nth(n);
    await cell.locator('.cm-content').click();
    await tables
      .row(/^flights/)
      .first()
      .click({ button: 'right' });
    await page.locator('.lm-Menu').getByRole('menuitem', { name: 'Insert As…' }).click();
    await page.locator('.lm-Menu').getByRole('menuitem', { name: dialect }).click();
    await expect(cell.locator('.cm-content')).toContainText('flights');
    await page.keyboard.press('Control+Enter');
    await expect(cell.locator('.jp-OutputArea-output')).toContainText(/dep_delay|year|100 rows × 19 columns/, {
      timeout: 120_000
    });
    await expect(cell.locator('.jp-OutputArea-output')).not.toContainText('Traceback');
  }
  await look(page, 'lake-run');
});
