import type { Run } from '../../../contract/schedule/records.js';
import { expect, labTest as test } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { LibraryPages } from '../pages/library.js';
import { ScheduleDialog } from '../pages/scheduleDialog.js';
import { Schedules } from '../pages/schedules.js';
import { Share } from '../pages/share.js';

// The chains that a person sees, by the clock: nothing is asked to run but by its schedule.

test('shared, scheduled every minute, run by itself, and its page shows the new figures and when they are from', async ({
  page,
  jupyter
}) => {
  test.setTimeout(300_000);
  const [lab, share, dialog, schedules] = [
    new Lab(page, jupyter),
    new Share(page),
    new ScheduleDialog(page),
    new Schedules(page, jupyter)
  ];
  await writeNotebook(jupyter, 'figures.ipynb', ['# Figures of today', 'print("figures:", 6 * 7)']);
  await lab.open('figures.ipynb');
  const link = await share.first();

  await dialog.open();
  await dialog.name.fill('Every minute');
  await dialog.field('When').selectOption('Every minute');
  await dialog.fold('After success');
  await dialog.dialog.getByRole('checkbox', { name: 'Update its page with the new output' }).check();
  await dialog.act('Save schedule').click();
  await expect(dialog.dialog).toHaveCount(0);

  await schedules.open();
  await expect(schedules.row('Every minute')).toBeVisible();
  await expect(schedules.row('Every minute').getByRole('img', { name: 'succeeded', exact: true }).first()).toBeVisible({
    timeout: 90_000
  });
  const { runs } = await schedules.ask<{ runs: Run[] }>('runs?state=SUCCEEDED');
  expect(runs[0]).toMatchObject({ trigger: 'schedule' });
  await schedules.button('Pause "Every minute"').click();
  await expect(schedules.row('Every minute')).toContainText('paused');

  await schedules.openRun(runs[0]!);
  await expect(schedules.runPage).toContainText('figures: 42');
  await schedules.runPage.getByRole('button', { name: 'Open output' }).click();
  await expect(lab.notebook.getByText('figures: 42')).toBeVisible({ timeout: 30_000 });

  const library = new LibraryPages(await page.context().newPage(), jupyter);
  await expect(async () => {
    await library.page.goto(link);
    await expect(library.page.getByText(/ran .* by schedule “Every minute”/)).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 60_000 });
  await expect(library.document.getByText('figures: 42')).toBeVisible();
});

test('a failure and the recovery from it are told once, in the tab that is looked at', async ({ page, jupyter }) => {
  test.setTimeout(180_000);
  const [lab, schedules] = [new Lab(page, jupyter), new Schedules(page, jupyter)];
  await writeNotebook(jupyter, 'told.ipynb', ['# Told', 'raise ValueError("no data for today")']);
  await lab.openEmpty();
  const notify = { failure: ['owner'], recovery: ['owner'] };
  const schedule = await schedules.make('Told', 'told.ipynb', { notify });
  await schedules.run(schedule, 'FAILED');
  const failure = schedules.toast('no data for today');
  await expect(failure).toHaveCount(1, { timeout: 30_000 });
  await writeNotebook(jupyter, 'told.ipynb', ['# Told', 'print("there is")']);
  await schedules.run(schedule);
  await expect(schedules.toast('Told works again')).toHaveCount(1, { timeout: 30_000 });
});
