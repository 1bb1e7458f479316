import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { violations } from '../axe.js';
import { expect } from '../fixtures.js';
import { Lab } from '../pages/lab.js';
import { Tables } from '../pages/tables.js';
import { themes } from '../themes.js';
import { tablesTest as test } from './config.js';
import { look } from '../look.js';
import { startRefusing } from './refusing.js';
import { Traffic } from './traffic.js';

const PANEL = '#lakeside-tables';
const SECRET = 'planted-Xq7vN2-secret';

test.use({
  sources: '  # Kept by hand.\n  demo: {kind: memory, label: Demo, schemas: 2, tables: 5, columns: 3}\n',
  env: { SHOP_PASSWORD: SECRET }
});

test('files are added by keyboard alone: described, tested, found wrong, mended, added and open in the tree', async ({
  page,
  jupyter,
  configured
}) => {
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  const folder = join(jupyter.root, 'shelf');
  await lab.openEmpty();
  // It takes the focus when it comes.
  await expect(page.locator('.jp-Launcher')).toBeVisible();
  await tables.open();
  await expect(tables.search).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(tables.field('What it is')).toBeFocused();
  await look(page, 'add-begun');
  await page.keyboard.press('ArrowDown');
  await expect(tables.field('What it is')).toHaveValue('folder');
  await page.keyboard.press('Tab');
  await page.keyboard.type('Shelf');
  await page.keyboard.press('Tab');
  await page.keyboard.type(folder);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(tables.form.getByRole('status')).toContainText('It does not work yet.');
  await expect(tables.form.getByRole('status')).toContainText(`There is no ${folder}.`);
  await look(page, 'add-failed');
  expect(await violations(page, PANEL)).toEqual([]);

  await mkdir(folder);
  await writeFile(join(folder, 'books.csv'), 'title,year\nEmma,1815\nMiddlemarch,1871\n');
  await expect(tables.form.getByRole('button', { name: 'Test' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(tables.form.getByRole('status')).toContainText('It works.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(tables.field('Name')).toBeFocused();
  await expect(tables.form.getByRole('alert')).toContainText('small letters');
  expect(await violations(page, PANEL)).toEqual([]);
  await page.keyboard.press('Control+A');
  await page.keyboard.type('shelf');
  await page.keyboard.press('Enter');
  await expect(tables.focused).toHaveAttribute('aria-label', /^shelf/);
  await expect(tables.row(/^books/)).toBeVisible();
  await look(page, 'add-added');
  const written = await readFile(join(configured, 'lakeside', 'config.yml'), 'utf8');
  expect(written).toContain('# Kept by hand.');
  expect(written).toContain(folder);
});

test('a database that refuses the password says so, and the password is nowhere in what the browser got', async ({
  page,
  jupyter,
  configured
}) => {
  const server = await startRefusing();
  const traffic = new Traffic(page);
  const lab = new Lab(page, jupyter);
  const tables = new Tables(page);
  await page.goto('about:blank');
  await lab.openEmpty();
  await tables.open();
  await tables.button('Add a source').click();
  await tables.field('What it is').selectOption('postgresql');
  await tables.field('Name').fill('shop');
  await tables.field('Host').fill('127.0.0.1');
  await tables.field('Port (optional)').fill(String(server.port));
  await tables.field('Database').fill('shop');
  await tables.field('User (optional)').fill('reader');
  await tables.field('Password (optional)').fill('not a variable!');
  await tables.form.getByRole('button', { name: 'Test' }).click();
  await expect(tables.field('Password (optional)')).toBeFocused();
  await expect(tables.form.getByRole('alert')).toContainText('never the secret itself');
  await tables.field('Password (optional)').fill('SHOP_PASSWORD');
  await tables.form.getByRole('button', { name: 'Test' }).click();
  await expect(tables.form.getByRole('status')).toContainText('a server listens at 127.0.0.1');
  await expect(tables.form.getByRole('status')).toContainText('does not accept the password of reader');
  for (const theme of themes) {
    await lab.theme(theme);
    await tables.resize(theme === 'high contrast' ? undefined : 240);
    await expect(tables.form.getByRole('status')).toBeInViewport();
    await look(page, `add-refused-${theme.replace(' ', '-')}`);
    expect(await violations(page, PANEL), theme).toEqual([]);
  }
  await lab.theme('light');

  await tables.form.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(tables.row(/does not accept the password of reader/).first()).toBeVisible();
  await expect(tables.row(/^Demo/).first()).toBeVisible();
  await look(page, 'add-refused-node');
  expect(await violations(page, PANEL)).toEqual([]);

  expect(server.given.length).toBeGreaterThan(1);
  expect(new Set(server.given)).toEqual(new Set([SECRET]));
  const seen = await traffic.all();
  expect(seen).toContain('SHOP_PASSWORD');
  expect(seen).toContain('does not accept the password');
  expect(seen).not.toContain(SECRET);
  expect(await page.content()).not.toContain(SECRET);
  expect(await jupyter.log()).not.toContain(SECRET);
  expect(await readFile(join(configured, 'lakeside', 'config.yml'), 'utf8')).not.toContain(SECRET);
  await server.close();
});
