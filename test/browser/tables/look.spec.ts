import type { Page } from '@playwright/test';
import { violations } from '../axe.js';
import { expect } from '../fixtures.js';
import type { Jupyter } from '../jupyter.js';
import { execute } from '../pages/app.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { tablesTest as test } from './config.js';
import { sourceOf, withCode, withSources } from './fakes.js';
import { look } from '../look.js';
import { lightAndDark, themes } from '../themes.js';

const PANEL = '#lakeside-tables';
const PAGE = '.jp-LakesideTable';
const SILENT = 'The archive does not answer at archive.example.org:5432. Check whether the server is up.';

const open = async (page: Page, jupyter: Jupyter) => {
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await page.goto('about:blank');
  await lab.openEmpty();
  return { lab, tables };
};

for (const theme of themes) {
  test(`panel and page are accessible, also at 240 pixels: ${theme}`, async ({ page, jupyter }) => {
    const { lab, tables } = await open(page, jupyter);
    const name = theme.replace(' ', '-');
    await withCode(page);
    await lab.theme(theme);
    await tables.open();
    await tables.expand(/^customer_001/);
    await tables.expand(/^account_summary_0006/);
    await expect(tables.panel).toContainText('bigint');
    await tables.row(/^account_summary_0006/).hover();
    await look(page, `panel-${name}`);
    expect(await violations(page, PANEL)).toEqual([]);

    await tables.resize(240);
    await tables.search.fill('airline');
    await expect(tables.row(/^airline_/).first()).toBeVisible();
    await tables
      .row(/^airline_/)
      .first()
      .hover();
    await look(page, `found-narrow-${name}`);
    expect(await violations(page, PANEL)).toEqual([]);

    await tables
      .row(/^airline_/)
      .first()
      .focus();
    await page.keyboard.press('Space');
    for (const part of ['Preview', 'Profile', 'Columns', 'Code']) {
      await tables.tab(part).click();
      await expect(tables.table.locator('table, [role=table], pre').first()).toBeVisible();
      await look(page, `page-${part.toLowerCase()}-${name}`);
      expect(await violations(page, PAGE), part).toEqual([]);
    }
    await tables.resize();
    await lab.theme('light');
  });
}

test('loading, empty and failed states teach and are accessible', async ({ page, jupyter }) => {
  const { lab, tables } = await open(page, jupyter);
  let letGo: () => void = () => undefined;
  const held = new Promise<void>(resolve => (letGo = resolve));
  await page.route('**/api/v1/tables/sources*', async route => {
    await held;
    await route.abort();
  });
  await tables.open();
  await expect(tables.panel.getByRole('status')).toContainText('Loading the sources');
  await look(page, 'panel-loading');
  expect(await violations(page, PANEL)).toEqual([]);
  letGo();
  await expect(tables.panel.getByRole('alert')).toBeVisible({ timeout: 60_000 });
  await look(page, 'panel-error');
  expect(await violations(page, PANEL)).toEqual([]);

  await page.unroute('**/api/v1/tables/sources*');
  await withSources(page, []);
  await tables.button('Retry').click();
  await expect(tables.panel).toContainText('No sources yet');
  await look(page, 'panel-empty');
  expect(await violations(page, PANEL)).toEqual([]);

  await page.goto('about:blank');
  await page.unrouteAll();
  const trouble = {
    message:
      'The warehouse did not take the password of "reader". Ask its owner for a new one, and put it where the configuration looks for it.',
    code: 'source-signin'
  };
  const building = sourceOf('lake', 'Lake', { state: 'building', progress: { done: 12, total: 200 } });
  const failed = sourceOf('warehouse', 'Warehouse', { state: 'failed', tables: 0, trouble });
  const read = new Date(Date.now() - 24 * 3_600_000).toISOString();
  const stale = sourceOf('archive', 'Archive', {
    state: 'stale',
    asOf: read,
    trouble: { ...trouble, message: SILENT }
  });
  await withSources(
    page,
    [building, failed, stale],
    [{ schema: 'public', trouble: { ...trouble, code: 'source-forbidden' } }]
  );
  await lab.openEmpty();
  for (const theme of lightAndDark) {
    await lab.theme(theme);
    await execute(page, 'lakeside:tables');
    await expect(tables.panel).toContainText('Reading names, 12 of 200');
    await expect(tables.row(/^The warehouse did not take/)).toContainText('Retry');
    await expect(tables.row(/^Archive/).first()).toContainText('read yesterday');
    await look(page, `panel-troubles-${theme}`);
    expect(await violations(page, PANEL)).toEqual([]);
  }
  await lab.theme('light');
});
