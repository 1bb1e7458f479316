import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.js';
import { look } from './look.js';
import type { Jupyter } from './jupyter.js';
import { writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { LibraryPages, violations } from './pages/library.js';
import { publish } from './publish.js';
import { lightAndDark } from './themes.js';

interface Shared {
  delays: string;
  weather: string;
}

let shared: Shared;

/** Four notebooks; the first has three versions. */
async function fill(jupyter: Jupyter): Promise<Shared> {
  const cells = ['# Delays in New York', 'The lake of Annecy is deep.', "import pandas as pd\npd.read_csv('a.csv')"];
  await writeNotebook(jupyter, 'delays.ipynb', cells);
  const { notebookId: delays } = await publish(jupyter, 'delays.ipynb', { tags: ['flights'], groups: ['Analytics'] });
  await writeNotebook(jupyter, 'delays.ipynb', [...cells, 'print(6 * 7)']);
  await publish(jupyter, 'delays.ipynb');
  await writeNotebook(jupyter, 'delays.ipynb', [...cells, 'print(6 * 7 + 0)', '# A new ending']);
  await publish(jupyter, 'delays.ipynb');

  await writeNotebook(jupyter, 'weather.ipynb', ['# Weather', "spark.sql('SELECT * FROM lake.observations')"]);
  const { notebookId: weather } = await publish(jupyter, 'weather.ipynb', { tags: ['weather'] });
  await writeNotebook(jupyter, 'churn.ipynb', ['# 客户流失分析', 'x = 1']);
  await publish(jupyter, 'churn.ipynb', { groups: ['Analytics'] });
  await writeNotebook(jupyter, 'old.ipynb', ['# Old model', 'x = 2']);
  await publish(jupyter, 'old.ipynb');
  return { delays, weather };
}

test.beforeAll(async ({ jupyter }) => {
  test.setTimeout(120_000);
  shared = await fill(jupyter);
});

/** Nothing of the pages may be asked for elsewhere than at their own server. */
test.beforeEach(({ context, jupyter }) => {
  const origin = new URL(jupyter.url).origin;
  context.on('request', request => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith('http')) expect(asked, request.url()).toBe(origin);
  });
});

test('finds by title, prose, import, table and in Chinese, and narrows by filters', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto();
  await expect(library.count).toHaveText('4 notebooks');
  for (const [words, title] of [
    ['delays', 'Delays in New York'],
    ['annecy', 'Delays in New York'],
    ['pandas', 'Delays in New York'],
    ['observations', 'Weather'],
    ['流失', '客户流失分析']
  ] as const) {
    await library.search.fill(words);
    await expect(library.list.locator('.lk-Row-title')).toHaveText([title]);
    await expect(page).toHaveURL(new RegExp(`\\?q=${encodeURIComponent(words)}$`));
  }
  await library.search.fill('no such words');
  await expect(page.getByText('No notebook matches')).toBeVisible();
  await page.getByRole('button', { name: 'Show all notebooks' }).click();

  await library.filter('Table', 'observations');
  await expect(library.list.locator('.lk-Row-title')).toHaveText(['Weather']);
  await page.getByRole('button', { name: /^Do not filter by Table/ }).click();
  await library.filter('Group', 'Analytics');
  await expect(library.count).toHaveText('2 notebooks');
  await library.row('Delays in New York').getByRole('button', { name: 'flights' }).click();
  await expect(library.list.locator('.lk-Row-title')).toHaveText(['Delays in New York']);
  await page.reload();
  await expect(library.list.locator('.lk-Row-title')).toHaveText(['Delays in New York']);
  await page.goBack();
  await expect(library.count).toHaveText('2 notebooks');
});

test('opens a notebook, shows its document, and comes back to the same row', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto();
  await library.open('Delays in New York');
  await expect(library.heading).toHaveText('Delays in New York');
  await expect(library.document.getByRole('heading', { name: 'A new ending' })).toBeVisible();
  await expect(page).toHaveTitle('Delays in New York · Lakeside Library');
  await expect(page.locator('.lk-NotebookHeader-facts')).toContainText('version 3 of 3');
  await page.goBack();
  await expect(page.getByRole('link', { name: 'Delays in New York' })).toBeFocused();
});

test('compares any two versions, cell by cell', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto(`/notebooks/${shared.delays}`);
  await library.button(/^Versions/).click();
  await expect(page.getByRole('article')).toHaveCount(3);
  await library.button('Compare').click();
  await expect(page.getByText('1 cell changed')).toBeVisible();
  await expect(page.getByText('1 cell added')).toBeVisible();
  await expect(library.document.getByText('A new ending')).toBeVisible();
  const from = page.getByRole('combobox', { name: 'From' });
  await from.selectOption(await from.locator('option').last().getAttribute('value'));
  await expect(page.getByText('2 cells added')).toBeVisible();
  await page.goBack();
  await page.getByRole('link', { name: 'Version 1' }).click();
  await expect(page.getByText('This is version 1. There is a newer one.')).toBeVisible();
  await expect(library.document.getByText('The lake of Annecy')).toBeVisible();
  await expect(library.document.getByText('A new ending')).toHaveCount(0);
});

test('forks into my files; the copy opens in JupyterLab and runs', async ({ page, context, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto(`/notebooks/${shared.delays}`);
  await library.button('Fork').click();
  await expect(library.message('Copied to Delays in New York.ipynb.')).toBeVisible();
  const copy = JSON.parse(await readFile(join(jupyter.root, 'Delays in New York.ipynb'), 'utf8')) as {
    metadata: Record<string, unknown>;
  };
  expect(copy.metadata['lakeside']).toBeUndefined();
  await library.button('Fork').click();
  await expect(library.message('Copied to Delays in New York 2.ipynb.')).toBeVisible();

  const [lab] = await Promise.all([context.waitForEvent('page'), library.button('Open').first().click()]);
  await expect(lab.locator('.jp-NotebookPanel')).toBeVisible({ timeout: 60_000 });
  const cell = lab.locator('.jp-CodeCell').filter({ hasText: '6 * 7' });
  // A cell that is run before its kernel is there is not run later.
  await expect(new Lab(lab, jupyter).kernel('Idle')).toBeVisible({ timeout: 60_000 });
  await cell.click();
  await lab.keyboard.press('Shift+Enter');
  await expect(cell.locator('.jp-OutputArea-output')).toHaveText('42', { timeout: 60_000 });
  await lab.close();
});

test('forks into a folder that is chosen', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'projects/2026/a.ipynb', ['# A']);
  const library = new LibraryPages(page, jupyter);
  await library.goto(`/notebooks/${shared.weather}`);
  await library.more('Fork into a folder…');
  const dialog = page.getByRole('dialog', { name: 'Fork into a folder' });
  await dialog.getByRole('button', { name: 'projects' }).click();
  await dialog.getByRole('button', { name: '2026' }).click();
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Fork to "2026"' }).click();
  await expect(library.message('Copied to projects/2026/Weather.ipynb.')).toBeVisible();
});

test('deletes with a way back, keeps the deleted, and restores', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto();
  await library.act('Old model', 'Unshare');
  await expect(library.row('Old model')).toHaveCount(0);
  await library
    .message(/"Old model" is out of the Library/)
    .getByRole('button', { name: 'Undo' })
    .click();
  await expect(library.row('Old model')).toBeVisible();

  await library.act('Old model', 'Unshare');
  await page.getByRole('link', { name: 'Deleted' }).click();
  await expect(library.row('Old model')).toContainText(/until \w+ \d+/);
  expect(await violations(page)).toEqual([]);
  await library.open('Old model');
  await expect(page.getByText(/It can be restored until/)).toBeVisible();
  await expect(library.document.getByRole('heading', { name: 'Old model' }).first()).toBeVisible();
  await library.button('Restore').click();
  await expect(page.getByText(/It can be restored until/)).toHaveCount(0);
  await library.goto();
  await expect(library.row('Old model')).toBeVisible();
});

test('changes title, tags and groups; collections follow', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto(`/notebooks/${shared.weather}`);
  await library.more('Change details…');
  const dialog = page.getByRole('dialog');
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('textbox', { name: 'Title' }).fill('Weather and cancellations');
  await dialog.getByRole('combobox', { name: /^Groups/ }).fill('Board / pack');
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(library.heading).toHaveText('Weather and cancellations');
  await page.getByRole('link', { name: 'Board / pack' }).click();
  await expect(library.row('Weather and cancellations')).toBeVisible();
  await library.goto('/collections');
  await expect(page.getByRole('link', { name: /^Board \/ pack/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('link', { name: /^Analytics/ }).click();
  await expect(library.heading).toHaveText('Analytics');
  await expect(library.count).toHaveText('2 notebooks');

  await library.goto(`/notebooks/${shared.weather}`);
  await library.more('Change details…');
  await dialog.getByRole('textbox', { name: 'Title' }).fill('bad \u202e title');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog.getByRole('alert')).toContainText('title');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});

test('hides code, prints the document, copies the link and downloads the file', async ({ page, context, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto(`/notebooks/${shared.delays}`);
  await expect(library.document.getByText('print(6 * 7')).toBeVisible();
  await library.more('Hide code');
  await expect(library.document.getByText('print(6 * 7')).toBeHidden();
  await library.more('Copy link');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${jupyter.url}lakeside/library/notebooks/${shared.delays}`);
  const [printed] = await Promise.all([context.waitForEvent('page'), library.more(/^Print…/)]);
  await printed.waitForLoadState();
  expect(printed.url()).toContain('/document?hideCode=true');
  await printed.close();
  const [download] = await Promise.all([page.waitForEvent('download'), library.button('Download').click()]);
  expect(download.suggestedFilename()).toBe('Delays in New York.ipynb');
  const file = JSON.parse(await readFile(await download.path(), 'utf8')) as { cells: unknown[] };
  expect(file.cells).toHaveLength(5);
});

test('is used with the keyboard alone', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto();
  await expect(library.list).toBeVisible();
  await page.keyboard.press('/');
  await expect(library.search).toBeFocused();
  await page.keyboard.type('delays');
  await expect(library.list.locator('.lk-Row-title')).toHaveText(['Delays in New York']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(library.heading).toHaveText('Delays in New York');
  await expect(library.heading).toBeFocused();
  for (const name of [/^Fork$/, /^Download$/, /^Versions/, /^More$/]) {
    for (let presses = 0; presses < 6; presses++) {
      await page.keyboard.press('Tab');
      if (await library.button(name).evaluate(node => node === document.activeElement)) break;
    }
    await expect(library.button(name)).toBeFocused();
  }
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Hide code' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(library.button(/^More$/)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('link', { name: 'Delays in New York' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(library.search).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(library.search).toHaveValue('');
});

test('an address that offers a copy makes none by itself, and asks accessibly', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto(`/notebooks/${shared.weather}?fork`);
  const offer = page.getByRole('region', { name: 'Open a copy' });
  for (const colorScheme of lightAndDark) {
    await page.emulateMedia({ colorScheme });
    await expect(offer.getByRole('button', { name: 'Open a copy' })).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await page.setViewportSize({ width: 320, height: 640 });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await look(page, `offer-${colorScheme}`);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  expect((await jupyter.fetch('api/contents/Weather.ipynb')).status).toBe(404);
  await offer.getByRole('button', { name: 'Only read' }).click();
  await expect(offer).toHaveCount(0);
  expect(new URL(page.url()).searchParams.has('fork')).toBe(false);
});

test('says what happened when there is nothing at an address', async ({ page, jupyter }) => {
  const library = new LibraryPages(page, jupyter);
  await library.goto('/notebooks/01ZZZZZZZZZZZZZZZZZZZZZZZZ');
  await expect(library.heading).toHaveText('This notebook is not in the Library');
  expect(await violations(page)).toEqual([]);
  await library.goto('/nothing/here');
  await expect(library.heading).toHaveText('There is no such page in the Library');
});

for (const [name, { width, height, colorScheme }] of [
  ...lightAndDark.map(colorScheme => [`wide, ${colorScheme}`, { width: 1280, height: 800, colorScheme }] as const),
  ['on a phone', { width: 360, height: 740, colorScheme: 'light' }] as const
]) {
  test(`every page is free of what axe finds, and as wide as the screen: ${name}`, async ({ page, jupyter }) => {
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const library = new LibraryPages(page, jupyter);
    const { delays } = shared;
    const places = ['', '?q=delays&tag=flights', '/collections', '/groups/Analytics', '/deleted', '?q=nothing+at+all'];
    const own = [`/notebooks/${delays}`, `/notebooks/${delays}/versions`, `/notebooks/${delays}/diff`];
    for (const place of [...places, ...own]) {
      await library.goto(place);
      await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
      if (own.includes(place) && !place.endsWith('versions'))
        await expect(library.document.locator('h1').first()).toBeVisible();
      expect(await violations(page), place).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), place).toBeLessThanOrEqual(width);
    }
    const dark = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(dark).toBe(colorScheme === 'dark' ? 'rgb(33, 33, 33)' : 'rgb(255, 255, 255)');
    await library.more(/^Copy link/);
    await library.goto();
    await page.getByRole('button', { name: 'More for "Delays in New York"' }).click();
    await expect(page.getByRole('menu')).toBeInViewport({ ratio: 1 });
    expect(await violations(page)).toEqual([]);
  });
}
