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

test('a failure and the recovery from it are told once, in one of two open tabs', async ({ page, jupyter }) => {
  test.setTimeout(180_000);
  const tabs = [page, await page.context().newPage()];
  await writeNotebook(jupyter, 'told.ipynb', ['# Told', 'raise ValueError("no data for today")']);
  for (const tab of tabs) await new Lab(tab, jupyter).openEmpty();
  const schedules = tabs.map(tab => new Schedules(tab, jupyter));
  const [here] = schedules;
  const told = async (words: string): Promise<number> => {
    const counts = await Promise.all(schedules.map(each => each.toast(words).count()));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const notify = { failure: ['owner'], recovery: ['owner'] };
  const schedule = await here!.make('Told', 'told.ipynb', { notify });
  await here!.run(schedule, 'FAILED');
  await expect.poll(() => told('no data for today'), { timeout: 30_000 }).toBe(1);
  await writeNotebook(jupyter, 'told.ipynb', ['# Told', 'print("there is")']);
  await here!.run(schedule);
  await expect.poll(() => told('Told works again'), { timeout: 30_000 }).toBe(1);
  // A tab that nobody looks at takes its turn later.
  await page.waitForTimeout(3_000);
  expect(await told('Told works again')).toBe(1);
});
