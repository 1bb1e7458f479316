import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, labTest as test } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { writeNotebook, type NotebookFile } from './notebooks.js';
import { History } from './pages/history.js';
import { Lab } from './pages/lab.js';
import { LibraryPages, LibraryPanel } from './pages/library.js';
import { Share } from './pages/share.js';
import { picture } from './picture.js';
import { publish } from './publish.js';

/** Makes the pictures of docs/ from the examples, in real JupyterLab: `npm run screenshots`. */
const delays = 'delays-in-new-york-2013.ipynb';

let notebookId: string;

/** Changes an example as if it had been an earlier draft. */
async function edit(jupyter: Jupyter, path: string, change: (cells: NotebookFile['cells']) => void): Promise<void> {
  const file = join(jupyter.root, path);
  const notebook = JSON.parse(await readFile(file, 'utf8')) as NotebookFile;
  change(notebook.cells);
  await writeFile(file, JSON.stringify(notebook, null, 1));
}

function replace(cells: NotebookFile['cells'], from: string, to: string): void {
  const cell = cells.find(({ source }) => [source].flat().join('').includes(from));
  expect(cell, from).toBeDefined();
  if (cell) cell.source = [cell.source].flat().join('').replace(from, to);
}

/** The examples in the Library, the delays in three versions. */
async function fill(jupyter: Jupyter): Promise<string> {
  const final = await readFile(join(jupyter.root, delays), 'utf8');
  const details = { tags: ['flights', 'delays'], groups: ['Operations'] };
  await edit(jupyter, delays, cells => {
    replace(cells, 'A flight counts as *late* when', 'We call a flight late when');
    replace(cells, 'late_after: int = 15', 'late_after: int = 10');
    replace(cells, 'levels = [0.05, 0.25, 0.50, 0.75, 0.90, 0.95, 0.99]', 'levels = [0.25, 0.50, 0.75]');
    const weekday = cells.findIndex(({ source }) => [source].flat().join('').includes('By hour and weekday'));
    cells.splice(weekday, 2);
  });
  const { notebookId: id } = await publish(jupyter, delays, details);
  await edit(jupyter, delays, cells => replace(cells, 'late_after: int = 10', 'late_after: int = 15'));
  await publish(jupyter, delays);
  const others: [string, string[], string[]][] = [
    ['least-squares-and-the-bootstrap', ['statistics', 'teaching'], []],
    ['when-to-visit-seattle', ['weather'], ['Travel']],
    ['predicting-late-arrivals', ['flights', 'model'], ['Operations']],
    ['a-year-of-departures', ['flights'], []]
  ];
  for (const [name, tags, groups] of others) await publish(jupyter, `${name}.ipynb`, { tags, groups });
  await writeFile(join(jupyter.root, delays), final);
  await publish(jupyter, delays);
  return id;
}

test.beforeAll(async ({ jupyter }) => {
  test.setTimeout(120_000);
  notebookId = await fill(jupyter);
});

test('the dialog, its progress', async ({ page, jupyter }) => {
  // A notebook of a company is larger than an example: the same cells, many times, so that its progress can be seen.
  const name = 'weather-and-cancellations.ipynb';
  const file = join(jupyter.root, 'reports', name);
  await mkdir(join(jupyter.root, 'reports'), { recursive: true });
  const notebook = JSON.parse(await readFile(join(jupyter.root, name), 'utf8')) as NotebookFile;
  const copies = Array.from({ length: 40 }, (_, copy) =>
    notebook.cells.map(cell => ({ ...cell, id: `${cell.id}-${copy}` }))
  );
  const { lakeside: _, ...metadata } = notebook.metadata;
  await writeFile(file, JSON.stringify({ ...notebook, metadata, cells: copies.flat() }));

  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open(name);
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  await share.press();
  for (const tag of ['flights', 'weather']) {
    await share.tags.fill(tag);
    await share.tags.press('Enter');
  }
  await share.title.focus();
  await expect(share.preview.locator('h1').first()).toBeVisible();
  await expect(share.preview.locator('img').first()).toBeAttached();
  await page.waitForTimeout(1000);
  await picture(page, 'share-dialog');
  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
  await share.act('Close').click();

  await lab.fileMenu('reports', /^Open$/);
  await lab.fileMenu(name, 'Share Notebook');
  await expect(share.preview.locator('h1').first()).toBeVisible({ timeout: 60_000 });
  await share.act('Share').click();
  const bar = share.dialog.getByRole('progressbar', { name: 'Sharing' });
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(20);
  await picture(page, 'share-progress');
  await share.act('Cancel').click();
});

test('the gate', async ({ page, jupyter }) => {
  // Made up, and put together here, so that no scanner takes them for real.
  await writeNotebook(jupyter, 'sales-by-region.ipynb', [
    '# Sales by region',
    `import db\n\nconnection = db.connect(host="warehouse", user="report",\n                        password="${['Winter', '2031!'].join('')}")`,
    'rows = connection.read("sales")',
    `weather = Weather(api_key="${['q8Zt2Lw9', 'Xc4Vb7Nm1K'].join('')}")\nweather.today()`
  ]);
  for (const theme of ['light', 'dark'] as const) {
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open('sales-by-region.ipynb');
    await lab.theme(theme);
    await share.press();
    const list = share.dialog.locator('.jp-LakesideShare-findings');
    const key = list.getByRole('listitem').filter({ hasText: 'api_key' });
    await key.getByRole('combobox').selectOption('Not a secret');
    await key.getByRole('textbox').fill('the public key of the demo');
    await expect(share.preview.locator('body')).toContainText('████████');
    await page.waitForTimeout(1000);
    await picture(page, theme === 'light' ? 'share-secrets' : 'share-secrets-dark');
    await share.act('Cancel').click();
    await lab.theme('light');
  }
});

test('the panel', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  const panel = new LibraryPanel(page);
  await lab.open(delays);
  await share.ready();
  await panel.show();
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  await panel.search.fill('delay');
  await expect(panel.count).toHaveText(/^\d notebooks$/);
  await picture(page, 'panel');
});

test('history', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  const history = new History(page);
  const name = 'when-to-visit-seattle.ipynb';
  const save = async (change: (cells: NotebookFile['cells']) => void): Promise<void> => {
    const content = JSON.parse(await readFile(join(jupyter.root, name), 'utf8')) as NotebookFile;
    change(content.cells);
    const body = JSON.stringify({ type: 'notebook', content });
    const headers = { 'Content-Type': 'application/json' };
    expect((await jupyter.fetch(`api/contents/${name}`, { method: 'PUT', headers, body })).ok).toBe(true);
  };
  const text = (source: string): NotebookFile['cells'][number] & { metadata: object } => ({
    cell_type: 'markdown',
    id: `note-${source.length}`,
    metadata: {},
    source
  });
  await save(cells => cells.splice(2, 0, text('A first guess: **July** and August are the months to come.')));
  await save(cells => cells.splice(3, 1));
  await save(cells => cells.splice(2, 1, text('A better guess: **late July** to mid-September.')));
  for (const gone of ['draft.ipynb', 'reports/sketch.ipynb']) {
    await writeNotebook(jupyter, gone, ['# A sketch', 'x = 1']);
    const content = JSON.parse(await readFile(join(jupyter.root, gone), 'utf8')) as NotebookFile;
    const body = JSON.stringify({ type: 'notebook', content: { ...content, cells: content.cells.slice(0, 1) } });
    await jupyter.fetch(`api/contents/${gone}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json' },
      body
    });
    await jupyter.fetch(`api/contents/${gone}`, { method: 'DELETE' });
  }
  await lab.open(name);
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  for (const theme of ['light', 'dark'] as const) {
    await lab.theme(theme);
    await history.open();
    await history.versions.nth(1).click();
    await history.button('Compared with now').click();
    await expect(history.changes.first()).toBeVisible();
    await page.mouse.move(5, 795);
    await page.waitForTimeout(500);
    await picture(page, theme === 'light' ? 'history-changes' : 'history-changes-dark');
    if (theme === 'dark') break;
    await history.openDeleted();
    await expect(history.button('Bring draft.ipynb back')).toBeVisible();
    await picture(page, 'history-deleted');
    await lab.open(name);
  }
  await lab.theme('light');
});

for (const [name, look] of Object.entries({
  light: { width: 1280, height: 800, colorScheme: 'light' },
  dark: { width: 1280, height: 800, colorScheme: 'dark' },
  phone: { width: 390, height: 780, colorScheme: 'light' }
} as const)) {
  test(`the pages: ${name}`, async ({ browser, jupyter }) => {
    const { width, height, colorScheme } = look;
    const scale = name === 'phone' ? 2 : 1;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: scale });
    const library = new LibraryPages(page, jupyter);
    // Tall enough for a formula, code and its chart.
    if (name !== 'phone') await page.setViewportSize({ width, height: 1080 });
    await library.goto(`/notebooks/${notebookId}`);
    const heading = library.document.getByRole('heading', { name: 'How late is late?' });
    if (name !== 'phone') await heading.evaluate(node => node.scrollIntoView());
    await expect(library.document.locator('.katex').first()).toBeVisible();
    // Frames are drawn again, sharply, a moment after they were moved.
    await page.waitForTimeout(500);
    await page.mouse.move(width - 5, height - 5);
    await picture(page, `page-${name}`);
    if (name === 'phone') return;

    await page.setViewportSize({ width, height });
    await library.goto();
    await expect(library.count).toHaveText(/^\d notebooks$/);
    await picture(page, name === 'light' ? 'library' : 'library-dark');
    if (name === 'dark') return;

    await library.goto(`/notebooks/${notebookId}/versions`);
    await expect(page.getByRole('article')).toHaveCount(3);
    await picture(page, 'history');
    await library.goto(`/notebooks/${notebookId}/diff`);
    const from = page.getByRole('combobox', { name: 'From' });
    await from.selectOption(await from.locator('option').last().getAttribute('value'));
    await expect(library.document.locator('body')).toContainText('late_after');
    await expect(page.locator('.lk-DiffBar-count').first()).toBeVisible();
    await picture(page, 'diff');
    await page.close();
  });
}
