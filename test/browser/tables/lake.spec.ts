import { violations } from '../axe.js';
import { expect } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { look } from '../look.js';
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

test('the code that the server gives, written by keyboard and by drag, runs; partitions and snapshots are shown', async ({
  page,
  jupyter,
  lake
}) => {
  test.setTimeout(300_000);
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await writeNotebook(jupyter, 'keys.ipynb', ['', '']);
  await lab.open('keys.ipynb');
  const cell = (n: number) => lab.notebook.locator('.jp-Cell').nth(n);
  const runs = async (n: number, shows: RegExp) => {
    await page.keyboard.press('Control+Enter');
    await expect(cell(n).locator('.jp-OutputArea-output').first()).toContainText(shows, { timeout: 120_000 });
    await expect(cell(n).locator('.jp-OutputArea')).not.toContainText(/Traceback|Error/);
  };
  await tables.open();
  await tables.search.fill('');
  await page.keyboard.type('airli');
  await expect(tables.row(/^airlines/).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(tables.focused).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Enter');
  await expect(cell(0).locator('.cm-content')).toContainText('airlines');
  await expect(cell(0).locator('.cm-editor.cm-focused')).toBeVisible();
  await runs(0, /carrier|16 rows × 2 columns/);

  await tables.search.fill('weather');
  const row = tables.row(/^weather/).first();
  await row.hover();
  await expect(row).toHaveAttribute('draggable', 'true');
  await row.dragTo(cell(1).locator('.cm-content'));
  await expect(cell(1).locator('.cm-content')).toContainText('weather');
  await cell(1).locator('.cm-content').click();
  await runs(1, /humid|100 rows × 15 columns/);
  await look(page, 'lake-dragged');

  await tables.search.fill('departures_by_day');
  const days = tables.row(/^departures_by_day/).first();
  await tables.expand(/^departures_by_day/);
  await expect(tables.panel).toContainText('Departures from New York in 2013, by day');
  await tables.expand(/^Partitions/);
  await tables.expand(/^Snapshots/);
  await expect(tables.row(/^month=12, 31 rows/)).toBeVisible();
  await expect(tables.row(/current/)).toHaveCount(1);
  await expect(tables.row(/append/)).toHaveCount(4);
  await look(page, 'lake-parts');
  expect(await violations(page, '#lakeside-tables')).toEqual([]);
  await days.focus();
  await page.keyboard.press('Space');
  await tables.tab('Partitions').click();
  await expect(tables.table).toContainText('Partitioned by');
  await look(page, 'lake-partitions');
  expect(await violations(page, '.jp-LakesideTable')).toEqual([]);
  await tables.table.getByRole('button', { name: 'month=2', exact: true }).click();
  await expect(tables.table.getByRole('status').first()).toContainText('All rows: 28 of month=2');
  await tables.tab('Snapshots').click();
  await expect(tables.table.getByRole('row')).toHaveCount(5);
  await look(page, 'lake-snapshots');
  expect(await violations(page, '.jp-LakesideTable')).toEqual([]);
  await tables.table.getByRole('button', { name: /^\d+$/ }).last().click();
  await expect(tables.table.getByRole('status').first()).toContainText(/All rows: 90 of snapshot \d+/);
  expect(lake).toContain('lake');
});
