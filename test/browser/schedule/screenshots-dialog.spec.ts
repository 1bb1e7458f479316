import { expect, labTest as test } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { ScheduleDialog } from '../pages/scheduleDialog.js';
import { picture } from '../picture.js';

/** Makes the pictures of docs/users/schedule.md, in real JupyterLab: `npm run screenshots`. */
test('the dialog, a test run', async ({ page, jupyter }) => {
  const parameters = [
    'month: int = 9  # month of 2013',
    'day = "2013-09-30"  # data up to this day',
    'detail = "short"  # one of: short, full',
    'dry_run = False'
  ];
  const airports = '("JFK", "LGA", "EWR")';
  await writeNotebook(
    jupyter,
    'morning-delays.ipynb',
    [
      '# Morning delays\n\nHow late the flights of New York were, up to a day.',
      parameters.join('\n'),
      'import random, time\nrandom.seed(month)\nprint("Data up to", day)',
      `late = {airport: [random.expovariate(1 / 15) for _ in range(1000)] for airport in ${airports}}`,
      'for airport, minutes in late.items():\n    for part in range(10):\n        time.sleep(0.4)\n    print(f"{airport}: {sum(minutes) / len(minutes):.1f} min late on average", flush=True)',
      'worst = max(late, key=lambda airport: sum(late[airport]))\nprint("Worst:", worst)'
    ],
    {},
    { 1: ['parameters'] }
  );
  const lab = new Lab(page, jupyter);
  const schedule = new ScheduleDialog(page);
  await lab.open('morning-delays.ipynb');
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  await schedule.open();
  await schedule.field('Zone').fill('Europe/Paris');
  await schedule.dialog.getByRole('combobox', { name: 'Macro for day' }).click();
  await schedule.dialog.getByRole('option', { name: /\{\{ ds \}\}/ }).click();
  await expect(schedule.dialog).toContainText('Europe/Paris');
  await schedule.name.focus();
  await page.waitForTimeout(1000);
  await picture(page, 'schedule-dialog');
  await schedule.act('Test now').click();
  await expect(schedule.dialog).toContainText('LGA:', { timeout: 60_000 });
  await picture(page, 'schedule-test');
  await schedule.act('Cancel').click();
  await expect(schedule.verdict).toHaveText(/cancelled/);
  await schedule.act('Back').click();
  await page.keyboard.press('Escape');
});
