import type { Page } from '@playwright/test';
import { violations } from '../axe.js';
import { expect, labTest as test } from '../fixtures.js';
import { look } from '../look.js';
import { readNotebook, writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Schedules } from '../pages/schedules.js';
import { lightAndDark, themes } from '../themes.js';

test.use({ jupyterOptions: { name: 'schedules' } });

const open = async (page: Page, jupyter: ConstructorParameters<typeof Schedules>[1]) => {
  const lab = new Lab(page, jupyter);
  const schedules = new Schedules(page, jupyter);
  await lab.openEmpty();
  await schedules.clear();
  return { lab, schedules };
};
const PANEL = '.jp-LakesideSchedule';
const RUN = '.jp-LakesideRun';

test('an empty list teaches; a schedule that is made elsewhere appears, runs, is paused, deleted and restored', async ({
  page,
  jupyter
}) => {
  const { schedules } = await open(page, jupyter);
  await writeNotebook(jupyter, 'panel.ipynb', ['# Panel', 'print("hello")']);
  await schedules.open();
  await expect(schedules.panel).toContainText('Nothing is scheduled');
  await look(page, 'panel-empty');
  expect(await violations(page, PANEL)).toEqual([]);

  await schedules.make('Morning delays', 'panel.ipynb');
  await expect(schedules.row('Morning delays')).toBeVisible();
  await expect(schedules.panel).toContainText('next');

  await schedules.button('Run "Morning delays" now').click();
  await expect(schedules.toast('is started')).toBeVisible();
  await schedules
    .row('Morning delays')
    .getByRole('button', { name: /Morning delays$/ })
    .click();
  await expect(schedules.button(/^Open the run of .*: succeeded$/)).toBeVisible({ timeout: 60_000 });
  await expect(schedules.row('Morning delays').getByRole('img', { name: 'succeeded', exact: true })).toBeVisible();

  await schedules.button('Pause "Morning delays"').click();
  await expect(schedules.row('Morning delays')).toContainText('paused');
  await schedules.button('Resume "Morning delays"').click();
  await expect(schedules.row('Morning delays')).toContainText('next');

  const remove = async () => {
    await schedules.button('More for "Morning delays"').click();
    await page.locator('.lm-Menu').getByRole('menuitem', { name: 'Delete' }).click();
    await expect(schedules.row('Morning delays')).toHaveCount(0);
  };
  await remove();
  await schedules.toast('is deleted').getByRole('button', { name: 'Undo' }).click();
  await expect(schedules.row('Morning delays')).toBeVisible();
  await remove();
  await schedules.button('Deleted').click();
  await schedules.button('Restore "Morning delays"').click();
  await expect(schedules.button('Pause "Morning delays"')).toBeVisible();
});

test('everything is reached by keyboard, and the past is filled in', async ({ page, jupyter }) => {
  const { schedules } = await open(page, jupyter);
  await writeNotebook(jupyter, 'days.ipynb', ['# Days', 'day = "none"', 'print("it is", day)']);
  await schedules.make('By day', 'days.ipynb', { when: { cron: '30 7 * * *', zone: 'UTC' }, parameters: {} });
  await schedules.open();
  await expect(schedules.row('By day')).toBeVisible();
  await schedules.filter.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(schedules.panel).toContainText('It has not run yet.');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const form = page.locator('.jp-LakesideSchedule-dialog');
  await expect(form).toBeVisible();
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  await form.getByLabel('From').fill(day(3));
  await form.getByLabel('To').fill(day(1));
  await look(page, 'backfill');
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await form.getByRole('button', { name: 'Run these days' }).click();
  await expect(schedules.toast('3 runs of "By day" are queued.')).toBeVisible();
  await expect(schedules.button(/^Open the run of .*: succeeded$/)).toHaveCount(3, { timeout: 90_000 });
  await expect(schedules.panel.getByText('backfill')).toHaveCount(3);
});

test('a run is watched cell by cell, cancelled, and its outputs appear as they come', async ({ page, jupyter }) => {
  const { lab, schedules } = await open(page, jupyter);
  await writeNotebook(jupyter, 'slow.ipynb', [
    '# Slow',
    'print("first")',
    'from IPython.display import HTML, display\ndisplay(HTML("<b>bold</b><script>window.hurt = 1</script>"))',
    'import time\ntime.sleep(120)',
    'print("never")'
  ]);
  await schedules.make('Slow one', 'slow.ipynb');
  await schedules.open();
  await schedules.button('Run "Slow one" now').click();
  await schedules.toast('is started').getByRole('button', { name: 'Open run' }).click();
  await expect(schedules.runPage).toContainText('first', { timeout: 60_000 });
  await expect(schedules.runPage.getByText(/^Running · cell 3 of 4 · /)).toBeVisible();
  await expect(schedules.runPage.locator('b')).toHaveText('bold');
  expect(await page.evaluate(() => 'hurt' in window)).toBe(false);
  await expect(schedules.row('Slow one').getByRole('progressbar')).toBeVisible();
  await expect(page.locator('#jp-main-statusbar')).toContainText('1 run running');
  for (const theme of lightAndDark) {
    await lab.theme(theme);
    await look(page, `run-live-${theme}`);
    expect(await violations(page, RUN)).toEqual([]);
    expect(await violations(page, PANEL)).toEqual([]);
  }
  await lab.theme('light');
  await schedules.runPage.getByRole('button', { name: 'Cancel' }).click();
  await expect(schedules.runPage.getByText(/^Cancelled/)).toBeVisible();
  await expect(page.locator('.jp-LakesideSchedule-runningLine')).toBeHidden();
});

test('a failed run shows its cell first, leads there, and is compared with the last good one', async ({
  page,
  jupyter
}) => {
  const { lab, schedules } = await open(page, jupyter);
  const png = (colour: number) =>
    `import struct, zlib\nfrom IPython.display import Image, display\nrow = b"\\0" + bytes([${colour}, 90, 120]) * 60\nchunk = lambda k, d: struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d))\ndisplay(Image(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60, 40, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(row * 40)) + chunk(b"IEND", b"")))`;
  const write = (rows: number, colour: number, last: string) =>
    writeNotebook(jupyter, 'report.ipynb', ['# Report', `print(${rows}, "rows")`, png(colour), last, 'print("end")']);
  await write(10, 20, 'print("fine")');
  const schedule = await schedules.make('Report', 'report.ipynb');
  await schedules.run(schedule);
  await write(12, 220, 'raise ValueError("no data for today")');
  const failed = await schedules.run(schedule, 'FAILED');

  await schedules.openRun(failed);
  await expect(schedules.runPage.getByText(/^Failed · in cell 3 of 4/)).toBeVisible();
  const first = schedules.runPage.getByRole('region', { name: 'The cell that failed' });
  await expect(first).toContainText('no data for today');
  await look(page, 'run-failed');
  expect(await violations(page, RUN)).toEqual([]);

  await schedules.tab('Changes').click();
  await expect(schedules.runPage.getByRole('img', { name: /^Picture of cell/ })).toHaveCount(2);
  await expect(schedules.runPage).toContainText('12 rows');
  await look(page, 'run-changes');
  expect(await violations(page, RUN)).toEqual([]);
  for (const part of ['Log', 'Parameters', 'Attempts', 'Page']) {
    await schedules.tab(part).click();
    if (part === 'Page') await expect(schedules.runPage.locator('iframe')).toBeVisible();
    await look(page, `run-${part.toLowerCase()}`);
    expect(await violations(page, RUN)).toEqual([]);
  }
  await expect(schedules.runPage.frameLocator('iframe').getByText('no data for today').first()).toBeVisible();

  await schedules.tab('Attempts').click();
  await schedules.runPage.getByRole('button', { name: 'Open the output of attempt 1' }).click();
  await expect(lab.notebook).toContainText('no data for today');

  await schedules.openRun(failed);
  await schedules.runPage.getByRole('button', { name: 'Fix and run from here' }).click();
  await expect(lab.notebook.locator('.jp-Cell.jp-mod-active')).toContainText('no data for today');
  await lab.edit(3, 'print("mended")');
  await lab.save();
  expect([(await readNotebook(jupyter, 'report.ipynb')).cells[3]?.source].flat().join('')).toBe('print("mended")');
  await schedules.toast('Then the run goes on from there').getByRole('button', { name: 'Run from here' }).click();
  await expect(schedules.runPage.getByText(/^Succeeded/)).toBeVisible({ timeout: 60_000 });
  await expect(schedules.runPage).toContainText('mended');
});

for (const theme of themes) {
  test(`the list is accessible: full, narrow, loading, failed, ${theme}`, async ({ page, jupyter }) => {
    const { lab, schedules } = await open(page, jupyter);
    await writeNotebook(jupyter, 'good.ipynb', ['# Good', 'print("good")']);
    await writeNotebook(jupyter, 'bad.ipynb', ['# Bad', 'raise ValueError("bad")']);
    const good = await schedules.make('Morning delays', 'good.ipynb', {
      when: { cron: '30 7 * * 1-5', zone: 'Europe/Paris' }
    });
    const bad = await schedules.make('Weather and cancellations of the whole year', 'bad.ipynb');
    const paused = await schedules.make('Paused', 'good.ipynb');
    for (let n = 0; n < 2; n++) await schedules.run(good);
    await schedules.run(bad, 'FAILED');
    await schedules.ask(`schedules/${paused.id}/state`, { state: 'paused' });
    await page.goto('about:blank');
    await lab.openEmpty();
    await lab.theme(theme);
    const name = theme.replace(' ', '-');

    await page.route('**/api/v1/schedules?*', route => route.abort());
    await page.route('**/api/v1/schedules', route => route.abort());
    await schedules.open();
    await expect(schedules.panel.getByRole('alert')).toBeVisible({ timeout: 60_000 });
    await look(page, `panel-error-${name}`);
    expect(await violations(page, PANEL)).toEqual([]);
    await page.unroute('**/api/v1/schedules?*');
    await page.unroute('**/api/v1/schedules');
    await schedules.button('Retry').click();

    await expect(schedules.row('Paused')).toBeVisible();
    await schedules
      .row('Morning delays')
      .getByRole('button', { name: /Morning delays$/ })
      .click();
    await look(page, `panel-${name}`);
    expect(await violations(page, PANEL)).toEqual([]);
    await schedules.open('main');
    await look(page, `panel-wide-${name}`);
    expect(await violations(page, PANEL)).toEqual([]);
    await lab.theme('light');
  });
}

test('of 2,000 schedules one is found within a second', async ({ page, jupyter }) => {
  const { schedules } = await open(page, jupyter);
  await writeNotebook(jupyter, 'many.ipynb', ['# Many', 'print(1)']);
  for (let n = 0; n < 2_000; n += 50) {
    await Promise.all(
      Array.from({ length: 50 }, (_, i) => schedules.make(`Schedule ${String(n + i).padStart(4, '0')}`, 'many.ipynb'))
    );
  }
  const began = Date.now();
  await schedules.open('main');
  await expect(schedules.panel).toContainText('2000 schedules');
  const listed = Date.now() - began;
  const typed = Date.now();
  await schedules.filter.fill('1999');
  await expect(schedules.row('Schedule 1999')).toBeVisible();
  const found = Date.now() - typed;
  await look(page, 'panel-2000');
  test.info().annotations.push({ type: 'figures', description: `listed ${listed} ms, filtered ${found} ms` });
  expect(found).toBeLessThan(1_000);
  await schedules.filter.fill('');
});
