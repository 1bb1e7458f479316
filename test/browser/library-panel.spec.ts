import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, labTest as test } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { LibraryPages, LibraryPanel, violations } from './pages/library.js';
import { publish } from './publish.js';
import { themes } from './themes.js';

test.use({ jupyterOptions: { name: 'panel' } });

const PANEL = '#lakeside-library';

/** JupyterLab with the panel in front. */
async function open(page: Page, jupyter: Jupyter): Promise<LibraryPanel> {
  const panel = new LibraryPanel(page);
  await new Lab(page, jupyter).openEmpty();
  await panel.show();
  return panel;
}

test('an empty Library says how it is filled, in the panel and on the page', async ({ page, jupyter }) => {
  const panel = await open(page, jupyter);
  await expect(panel.area.getByText('The Library is empty')).toBeVisible();
  expect(await violations(page, PANEL)).toEqual([]);
  await panel.area.getByRole('button', { name: 'Deleted notebooks' }).click();
  await expect(panel.area.getByText('Nothing was deleted')).toBeVisible();
  await panel.area.getByRole('button', { name: 'Show all notebooks' }).click();
  await expect(panel.area.getByText('The Library is empty')).toBeVisible();
  const library = new LibraryPages(await page.context().newPage(), jupyter);
  await library.goto();
  await expect(library.page.getByText('The Library is empty')).toBeVisible();
  expect(await violations(library.page)).toEqual([]);
});

test.describe('with notebooks', () => {
  test.beforeAll(async ({ jupyter }) => {
    await writeNotebook(jupyter, 'delays.ipynb', ['# Delays in New York', 'print(6 * 7)']);
    await publish(jupyter, 'delays.ipynb', { tags: ['flights'], groups: ['Analytics'] });
    await writeNotebook(jupyter, 'delays.ipynb', ['# Delays in New York', 'print(6 * 7)', '# A new ending']);
    await publish(jupyter, 'delays.ipynb');
    await writeNotebook(jupyter, 'churn.ipynb', ['# 客户流失分析']);
    await publish(jupyter, 'churn.ipynb');
    await writeNotebook(jupyter, 'sales.ipynb', ['# 売上の予測']);
    await publish(jupyter, 'sales.ipynb');
    await writeNotebook(jupyter, 'rain.ipynb', ['# 강수량 예측']);
    await publish(jupyter, 'rain.ipynb');
  });

  test('finds in four scripts, and narrows by tag and group', async ({ page, jupyter }) => {
    const panel = await open(page, jupyter);
    await expect(panel.count).toHaveText('4 notebooks');
    for (const [words, title] of [
      ['ending', 'Delays in New York'],
      ['流失', '客户流失分析'],
      ['予測', '売上の予測'],
      ['강수량', '강수량 예측']
    ] as const) {
      await panel.search.fill(words);
      await expect(panel.list.locator('.lk-Row-title')).toHaveText([title]);
    }
    expect(await violations(page, PANEL)).toEqual([]);
    await panel.search.fill('no such words');
    await expect(panel.area.getByText('No notebook matches')).toBeVisible();
    await panel.area.getByRole('button', { name: 'Show all notebooks' }).click();
    await panel.filter('Tag', 'flights');
    await expect(panel.list.locator('.lk-Row-title')).toHaveText(['Delays in New York']);
    await panel.area.getByRole('button', { name: /^Do not filter by Tag/ }).click();
    await panel.filter('Group', 'Analytics');
    await expect(panel.list.locator('.lk-Row-title')).toHaveText(['Delays in New York']);
    await panel.area.getByRole('button', { name: /^Do not filter by Group/ }).click();
    await expect(panel.count).toHaveText('4 notebooks');
  });

  test('opens page, versions and difference in a tab, and downloads', async ({ page, jupyter }) => {
    const panel = await open(page, jupyter);
    await panel.open('Delays in New York');
    await expect(panel.document.getByRole('heading', { name: 'A new ending' })).toBeVisible();
    await expect(page.locator('.lm-TabBar-tab.lm-mod-current').filter({ hasText: 'Delays in New York' })).toBeVisible();
    await panel.act('Delays in New York', 'Versions');
    await expect(panel.tab.getByRole('article')).toHaveCount(2);
    await panel.tab.getByRole('button', { name: 'Compare' }).click();
    await expect(panel.tab.getByText('1 cell added')).toBeVisible();
    const download = page.waitForEvent('download');
    await panel.act('Delays in New York', 'Download');
    expect((await download).suggestedFilename()).toBe('Delays in New York.ipynb');
  });

  test('forks into JupyterLab: the copy opens and runs', async ({ page, jupyter }) => {
    const panel = await open(page, jupyter);
    await panel.act('Delays in New York', 'Fork to my files');
    const lab = new Lab(page, jupyter);
    await expect(lab.notebook.locator('.jp-Cell').first()).toBeVisible();
    const file = await readFile(join(jupyter.root, 'Delays in New York.ipynb'), 'utf8');
    expect((JSON.parse(file) as { metadata: object }).metadata).not.toHaveProperty('lakeside');
    await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
    const cell = lab.notebook.locator('.jp-CodeCell');
    await cell.click();
    await page.keyboard.press('Control+Enter');
    await expect(cell.locator('.jp-OutputArea-output')).toHaveText('42', { timeout: 60_000 });
  });

  test('unshares with a way back, and restores', async ({ page, jupyter }) => {
    const panel = await open(page, jupyter);
    await panel.act('客户流失分析', 'Unshare');
    await expect(panel.row('客户流失分析')).toHaveCount(0);
    await panel.message('is out of the Library').getByRole('button', { name: 'Undo' }).click();
    await expect(panel.row('客户流失分析')).toBeVisible();
    await panel.act('客户流失分析', 'Unshare');
    await panel.area.getByRole('button', { name: 'Deleted notebooks' }).click();
    await expect(panel.row('客户流失分析')).toContainText(/until \w+ \d+/);
    expect(await violations(page, PANEL)).toEqual([]);
    await panel.row('客户流失分析').getByRole('button', { name: 'Restore' }).click();
    await panel.area.getByRole('button', { name: 'Deleted notebooks' }).click();
    await expect(panel.row('客户流失分析')).toBeVisible();
  });

  test('is used with the keyboard alone', async ({ page, jupyter }) => {
    const panel = await open(page, jupyter);
    await expect(panel.search).toBeFocused();
    await page.keyboard.type('delays');
    await expect(panel.list.locator('.lk-Row-title')).toHaveText(['Delays in New York']);
    await page.keyboard.press('ArrowDown');
    await expect(panel.list.getByRole('link')).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(panel.search).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(panel.document.getByRole('heading', { name: 'A new ending' })).toBeVisible();
  });

  for (const theme of themes) {
    test(`is free of what axe finds, ${theme}`, async ({ page, jupyter }) => {
      const panel = await open(page, jupyter);
      await new Lab(page, jupyter).theme(theme);
      await panel.search.fill('ending');
      await expect(panel.list.locator('mark').first()).toBeVisible();
      expect(await violations(page, PANEL)).toEqual([]);
      await panel.search.fill('');
      await expect(panel.count).toHaveText('4 notebooks');
      await panel.area.getByRole('button', { name: 'More for "Delays in New York"' }).click();
      await expect(page.locator('.lk-Menu')).toBeVisible();
      expect(await violations(page, '.lk-Menu')).toEqual([]);
      await page.keyboard.press('Escape');
      await new Lab(page, jupyter).theme('light');
    });
  }

  test('waits with grey bars, says why it cannot be read, and tries again', async ({ browser, jupyter }) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const library = new LibraryPages(page, jupyter);
    let answer: 'wait' | 'fail' | 'pass' = 'wait';
    let go = (): void => undefined;
    const waited = new Promise<void>(done => (go = done));
    await page.route(/\/api\/v1\/library\/notebooks\?/, async route => {
      if (answer === 'wait') await waited;
      if (answer !== 'fail') return route.continue();
      const problem = { type: 'about:blank', status: 507, code: 'storage-full', title: 'The disk is full.' };
      await route.fulfill({
        status: 507,
        contentType: 'application/problem+json',
        body: JSON.stringify({
          ...problem,
          message: 'The disk of the Library is full. Free some space, then try again.'
        })
      });
    });
    await library.goto();
    await expect(page.locator('.lk-Skeletons')).toBeVisible();
    await expect(library.count).toHaveText('Loading…');
    expect(await violations(page)).toEqual([]);
    answer = 'fail';
    go();
    await expect(page.getByRole('alert')).toContainText('The Library cannot be read');
    await expect(page.getByRole('alert')).toContainText('The disk of the Library is full.');
    expect(await violations(page)).toEqual([]);
    answer = 'pass';
    await page.getByRole('button', { name: 'Retry' }).click();
    await expect(library.count).toHaveText('4 notebooks');
    answer = 'fail';
    await library.search.fill('delays');
    await expect(page.getByRole('alert')).toContainText('The disk of the Library is full.');
    expect(await violations(page)).toEqual([]);
    await context.close();
  });
});
