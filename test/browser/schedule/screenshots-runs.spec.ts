import { expect, labTest as test } from '../fixtures.js';
import { writeNotebook } from '../notebooks.js';
import { Lab } from '../pages/lab.js';
import { Schedules } from '../pages/schedules.js';
import { picture } from '../picture.js';

/** A bar for each number, as a picture that needs no library. */
function bars(heights: number[]): string {
  return [
    'import struct, zlib',
    'from IPython.display import Image, display',
    `heights = ${JSON.stringify(heights)}`,
    'rows = b"".join(b"\\0" + b"".join((b"\\x2a\\x6f\\xbb" if y < h else b"\\xff\\xff\\xff") * 24 + b"\\xff" * 18 for h in heights) for y in range(100, 0, -1))',
    'chunk = lambda k, d: struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d))',
    'head = struct.pack(">IIBBBBB", 30 * len(heights), 100, 8, 2, 0, 0, 0)',
    'display(Image(b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")))'
  ].join('\n');
}

/** Makes the pictures of docs/users/schedules-panel.md in real JupyterLab: `npm run screenshots`. */
test('the list of schedules, a run that failed, what changed', async ({ page, jupyter }) => {
  test.setTimeout(400_000);
  const lab = new Lab(page, jupyter);
  const schedules = new Schedules(page, jupyter);
  await lab.openEmpty();
  await schedules.clear();
  const write = (flights: number, heights: number[], last: string) =>
    writeNotebook(jupyter, 'morning-delays.ipynb', [
      '# Morning delays',
      `flights = ${flights}\nprint(flights, "flights")`,
      bars(heights),
      last,
      'print("published")'
    ]);
  await write(842, [40, 55, 30, 80, 62, 25, 48], 'assert flights > 500, "too few flights for a report"');
  await writeNotebook(jupyter, 'weather.ipynb', ['# Weather', 'print("22 °C")']);
  const delays = await schedules.make('Morning delays', 'morning-delays.ipynb', {
    when: { cron: '30 7 * * *', zone: 'Europe/Paris' }
  });
  const weather = await schedules.make('Weather and cancellations', 'weather.ipynb', {
    when: { cron: '0 6 * * 1', zone: 'Europe/Paris' }
  });
  const paused = await schedules.make('A year of departures', 'weather.ipynb');
  await schedules.ask(`schedules/${paused.id}/state`, { state: 'paused' });
  const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  await schedules.ask(`schedules/${delays.id}/backfill`, { from: day(9), to: day(1) });
  await schedules.run(weather);
  await expect
    .poll(
      async () => (await schedules.ask<{ runs: unknown[] }>(`runs?schedule=${delays.id}&state=SUCCEEDED`)).runs.length,
      {
        timeout: 200_000
      }
    )
    .toBeGreaterThan(7);
  await write(96, [12, 5, 9, 20, 4, 7, 11], 'assert flights > 500, "too few flights for a report"');
  const failed = await schedules.run(delays, 'FAILED');

  await schedules.open();
  await schedules.openRun(failed);
  await expect(schedules.runPage.getByRole('region', { name: 'The cell that failed' })).toContainText('too few');
  await picture(page, 'schedule-run');
  await schedules.tab('Changes').click();
  await expect(schedules.runPage.getByRole('img', { name: /^Picture of cell/ })).toHaveCount(2);
  await picture(page, 'schedule-changes');
  await schedules.open('main');
  await schedules
    .row('Morning delays')
    .getByRole('button', { name: /Morning delays$/ })
    .click();
  await picture(page, 'schedules');
});
