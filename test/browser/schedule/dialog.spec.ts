import type { Schedule } from '../../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { violations } from '../axe.js';
import { expect, labTest as test } from '../fixtures.js';
import type { Jupyter } from '../jupyter.js';
import { look } from '../look.js';
import { writeNotebook } from '../notebooks.js';
import { execute } from '../pages/app.js';
import { Lab } from '../pages/lab.js';
import { ScheduleDialog } from '../pages/scheduleDialog.js';
import { themes } from '../themes.js';

const PARAMETERS = [
  'month: int = 9  # month of 2013',
  'share = 0.5',
  'dry_run = False',
  'title = "Delays"',
  'day = "2013-09-30"',
  'levels = [0.25, 0.5]',
  'mode = "fast"  # one of: fast, exact',
  'api_token = ""'
].join('\n');

/** A notebook with parameters of every type. */
async function write(jupyter: Jupyter, path: string, cells: string[] = ['month']): Promise<void> {
  await writeNotebook(jupyter, path, ['# Delays', PARAMETERS, ...cells], {}, { 1: ['parameters'] });
}

async function schedules(jupyter: Jupyter): Promise<Schedule[]> {
  const answer = await jupyter.fetch('lakeside/api/v1/schedules');
  const { schedules: all } = (await answer.json()) as { schedules: ScheduleSummary[] };
  return all.map(({ schedule }) => schedule);
}

async function named(jupyter: Jupyter, name: string): Promise<Schedule | undefined> {
  return (await schedules(jupyter)).find(({ spec }) => spec.name === name);
}

/** A picture for the eyes of who works on it; looked at, never compared. */
test('a notebook is scheduled from its toolbar, changed and cloned', async ({ page, jupyter }) => {
  await write(jupyter, 'delays.ipynb');
  const lab = new Lab(page, jupyter);
  const schedule = new ScheduleDialog(page);
  await lab.open('delays.ipynb');
  await schedule.open();
  await expect(schedule.name).toBeFocused();
  await expect(schedule.field('month')).toHaveValue('9');
  await expect(schedule.field('mode')).toHaveValue('"fast"');
  await expect(schedule.field('day')).toHaveAttribute('type', 'date');
  await schedule.name.fill('Morning delays');
  await schedule.field('When').selectOption('Every weekday');
  await schedule.field('Time').fill('07:30');
  await schedule.field('Zone').fill('Europe/Paris');
  await expect(schedule.dialog).toContainText('At 07:30, every weekday, Europe/Paris');
  await expect(schedule.times).toHaveCount(5);
  await schedule.field('month').fill('10');
  await schedule.dialog.getByRole('combobox', { name: 'Macro for day' }).click();
  await schedule.dialog.getByRole('option', { name: /\{\{ ds \}\}/ }).click();
  await expect(schedule.field('day')).toHaveValue('{{ ds }}');
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await look(page, 'light');
  await schedule.act('Save schedule').click();
  await expect(page.locator('.Toastify__toast').filter({ hasText: '"Morning delays" is saved' })).toBeVisible();
  await expect(schedule.dialog).toHaveCount(0);

  const made = await named(jupyter, 'Morning delays');
  expect(made).toMatchObject({
    revision: 1,
    spec: {
      notebook: { path: 'delays.ipynb' },
      when: { cron: '30 7 * * 1-5', zone: 'Europe/Paris' },
      parameters: { month: 10, day: '{{ ds }}' }
    }
  });

  // What opens it for a schedule that there is.
  void execute(page, 'lakeside:schedule-edit', { scheduleId: made!.id });
  await schedule.ready();
  await expect(schedule.field('day')).toHaveValue('{{ ds }}');
  await schedule.dialog.getByRole('button', { name: 'Default of month' }).click();
  await schedule.field('Cron').fill('*/15 8-18 * * *');
  await expect(schedule.field('When')).toHaveValue('cron');
  await schedule.act('Save changes').click();
  await expect(schedule.dialog).toHaveCount(0);
  expect(await named(jupyter, 'Morning delays')).toMatchObject({
    id: made!.id,
    revision: 2,
    spec: { when: { cron: '*/15 8-18 * * *' }, parameters: { day: '{{ ds }}' } }
  });

  void execute(page, 'lakeside:schedule-edit', { scheduleId: made!.id, clone: true });
  await schedule.ready();
  await expect(schedule.name).toHaveValue('Copy of Morning delays');
  await schedule.act('Save schedule').click();
  await expect(schedule.dialog).toHaveCount(0);
  expect((await named(jupyter, 'Copy of Morning delays'))?.id).not.toBe(made!.id);
});

test('Test now runs it live, without saving it', async ({ page, jupyter }) => {
  await write(jupyter, 'steps.ipynb', [
    'print("reading month", month)',
    'import time\nfor step in range(40):\n    print("step", step, flush=True)\n    time.sleep(0.5)',
    'print("done")'
  ]);
  await write(jupyter, 'broken.ipynb', ['rows = 0', 'print(1 / rows)', 'print("never")']);
  const lab = new Lab(page, jupyter);
  const schedule = new ScheduleDialog(page);
  await lab.open('steps.ipynb');
  await schedule.open();
  await schedule.act('Test now').click();
  await expect(schedule.dialog).toContainText('Cell 3 of 4', { timeout: 60_000 });
  await expect(schedule.dialog.getByRole('region', { name: 'Last output' })).toContainText('step 3');
  await expect(schedule.dialog).toContainText('for step in range(40):');
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await look(page, 'testing');
  await schedule.act('Cancel').click();
  await expect(schedule.verdict).toHaveText(/cancelled/);
  await schedule.act('Back').click();
  await expect(schedule.name).toBeVisible();
  await page.keyboard.press('Escape');

  await lab.open('broken.ipynb');
  await schedule.open();
  await schedule.field('title').fill('Broken on purpose');
  await schedule.act('Test now').click();
  await expect(schedule.verdict).toHaveText(/failed/, { timeout: 60_000 });
  // The values that were filled in make a cell of their own.
  await expect(schedule.dialog).toContainText('Failed in cell 4 of 5');
  await expect(schedule.dialog).toContainText('print(1 / rows)');
  await expect(schedule.dialog.getByRole('region', { name: 'Last output' })).toContainText('ZeroDivisionError');
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await look(page, 'failed');
  await schedule.act('Back').click();
  await expect(schedule.field('title')).toHaveValue('Broken on purpose');
  await page.keyboard.press('Escape');
  const names = (await schedules(jupyter)).map(({ spec }) => spec.notebook.path);
  expect(names).not.toContain('steps.ipynb');
  expect(names).not.toContain('broken.ipynb');
});

for (const theme of themes) {
  test(`what is not right stands at its field, accessible, ${theme}`, async ({ page, jupyter }) => {
    const name = `wrong-${theme.replace(' ', '-')}.ipynb`;
    await write(jupyter, name);
    const lab = new Lab(page, jupyter);
    const schedule = new ScheduleDialog(page);
    await lab.open(name);
    await lab.theme(theme);
    await schedule.open();
    await schedule.fold('If it fails');
    await schedule.fold('After success');
    await schedule.fold('Notebook, kernel');
    expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
    await look(page, `folds-${theme.replace(' ', '-')}`);
    await schedule.field('Time-out').fill('long');
    await schedule.fold('If it fails');
    await schedule.field('month').fill('nine');
    await schedule.field('Cron').fill('0 0 31 2 *');
    await schedule.act('Save schedule').click();
    await expect(schedule.field('month')).toBeFocused();
    await expect(schedule.field('Time-out')).toHaveAttribute('aria-invalid', 'true');
    await schedule.field('month').fill('9');
    await schedule.act('Save schedule').click();
    // It was folded away.
    await expect(schedule.field('Time-out')).toBeFocused();
    await schedule.field('Time-out').fill('2h');
    await schedule.act('Save schedule').click();
    // Only the server knows that no February has so many days.
    await expect(schedule.field('Cron')).toBeFocused();
    await expect(schedule.dialog.getByRole('alert').first()).toContainText('Never comes');
    expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
    await look(page, `errors-${theme.replace(' ', '-')}`);
    await page.keyboard.press('Escape');
    await expect(schedule.dialog).toHaveCount(0);
    await lab.theme('light');
  });
}

test('by keyboard alone', async ({ page, jupyter }) => {
  await write(jupyter, 'keys.ipynb');
  const lab = new Lab(page, jupyter);
  const schedule = new ScheduleDialog(page);
  await lab.open('keys.ipynb');
  await page.keyboard.press('Control+Shift+C');
  await page.keyboard.type('Schedule Notebook');
  await expect(page.locator('.lm-CommandPalette-item.lm-mod-active')).toContainText('Schedule Notebook');
  await page.keyboard.press('Enter');
  await schedule.ready();
  await expect(schedule.name).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Tab');
  await expect(schedule.field('When')).toBeFocused();

  // The menu of macros opens, moves, closes and takes; Escape in it does not leave the dialog.
  const macro = schedule.dialog.getByRole('combobox', { name: 'Macro for title' });
  await macro.focus();
  await page.keyboard.press('ArrowDown');
  await expect(schedule.dialog.getByRole('listbox')).toBeVisible();
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(schedule.dialog.getByRole('listbox')).toHaveCount(0);
  await expect(schedule.name).toHaveValue('By keyboard');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.type('z');
  await page.keyboard.press('Enter');
  await expect(schedule.field('title')).toBeFocused();
  await expect(schedule.field('title')).toHaveValue(/\{\{ zone \}\}/);

  // The focus goes round inside the dialog.
  for (let press = 0; press < 60; press++) {
    await page.keyboard.press('Tab');
    expect(await schedule.dialog.evaluate(node => node.contains(document.activeElement))).toBe(true);
  }
  await schedule.name.focus();
  await page.keyboard.press('Enter');
  await expect(schedule.dialog).toHaveCount(0);
  expect((await named(jupyter, 'By keyboard'))?.spec.parameters['title']).toContain('{{ zone }}');
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
});

for (const [width, height] of [
  [1280, 800],
  [640, 400],
  [320, 640]
] as const) {
  test(`fits a window of ${width} × ${height}`, async ({ page, jupyter }) => {
    const name = `size-${width}.ipynb`;
    await write(jupyter, name);
    const lab = new Lab(page, jupyter);
    const schedule = new ScheduleDialog(page);
    await lab.open(name);
    await lab.command('Schedule Notebook…');
    await page.setViewportSize({ width, height });
    await schedule.ready();
    const box = await schedule.dialog.locator('.jp-Dialog-content').boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(box?.height).toBeLessThanOrEqual(height * 0.8 + 1);
    const body = schedule.dialog.locator('.jp-Dialog-body');
    for (const title of ['If it fails', 'After success', 'Notebook, kernel']) await schedule.fold(title);
    expect(await body.evaluate(node => node.scrollWidth <= node.clientWidth)).toBe(true);
    // The buttons stay in sight however far the form is scrolled.
    await expect(schedule.act('Save schedule')).toBeInViewport();
    await look(page, `narrow-${width}`);
    await schedule.name.scrollIntoViewIfNeeded();
    await expect(schedule.act('Save schedule')).toBeInViewport();
    await look(page, `narrow-${width}-top`);
    await page.keyboard.press('Escape');
  });
}

test('unsaved changes are told; a file that is not open is scheduled from its menu', async ({ page, jupyter }) => {
  await write(jupyter, 'unsaved.ipynb');
  await write(jupyter, 'closed.ipynb');
  const lab = new Lab(page, jupyter);
  const schedule = new ScheduleDialog(page);
  await lab.open('unsaved.ipynb');
  await lab.edit(1, 'fresh = 3');
  await schedule.open();
  await expect(schedule.dialog).toContainText('changes that are not saved');
  await schedule.act('Save notebook').click();
  await expect(schedule.field('fresh')).toHaveValue('3');
  await expect(schedule.dialog).not.toContainText('changes that are not saved');
  await page.keyboard.press('Escape');
  await expect(schedule.dialog).toHaveCount(0);

  await lab.fileMenu('closed.ipynb', /^Schedule…/);
  await schedule.ready();
  await expect(schedule.field('month')).toHaveValue('9');
  await page.keyboard.press('Escape');
});

test('two windows that change one schedule: the second is asked', async ({ page, jupyter }) => {
  await write(jupyter, 'both.ipynb');
  const lab = new Lab(page, jupyter);
  const schedule = new ScheduleDialog(page);
  await lab.open('both.ipynb');
  await schedule.open();
  await schedule.name.fill('Of both');
  await schedule.act('Save schedule').click();
  await expect(schedule.dialog).toHaveCount(0);
  const made = (await named(jupyter, 'Of both'))!;
  void execute(page, 'lakeside:schedule-edit', { scheduleId: made.id });
  await schedule.ready();
  await jupyter.fetch(`lakeside/api/v1/schedules/${made.id}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ revision: 1, spec: { ...made.spec, name: 'Theirs' } })
  });
  await schedule.name.fill('Mine');
  await schedule.act('Save changes').click();
  await expect(schedule.dialog.getByRole('alert')).toContainText('changed in another window');
  expect(await violations(page, '.jp-LakesideSchedule-dialog')).toEqual([]);
  await look(page, 'conflict');
  await schedule.act('Save mine over it').click();
  await expect(schedule.dialog).toHaveCount(0);
  expect(await named(jupyter, 'Mine')).toMatchObject({ id: made.id, revision: 3 });
});
