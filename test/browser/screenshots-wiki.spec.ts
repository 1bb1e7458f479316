import { expect } from './fixtures.js';
import { writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';
import { picture } from './picture.js';
import { publish } from './publish.js';
import { wikiTest as test } from './wiki.js';

/** Makes the pictures of docs/ that need a wiki: `npm run screenshots`. */
const delays = 'delays-in-new-york-2013.ipynb';
const weather = 'when-to-visit-seattle.ipynb';

for (const theme of ['light', 'dark'] as const) {
  const suffix = theme === 'dark' ? '-dark' : '';

  test(`the places, ${theme}`, async ({ page, jupyter }) => {
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(delays);
    await lab.theme(theme);
    await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
    await share.press();
    await share.dialog.getByRole('radio', { name: /Data wiki/ }).check();
    await expect(share.dialog).toContainText('Old wiki cannot be reached');
    await expect(share.preview.locator('img').first()).toBeAttached();
    await share.dialog.getByRole('combobox', { name: 'Space' }).click();
    await share.dialog.getByRole('option', { name: 'Main' }).click();
    await picture(page, `wiki-places${suffix}`);
    await share.dialog.getByRole('combobox', { name: 'Below' }).fill('ana');
    await expect(share.dialog.getByRole('option')).toHaveCount(2);
    await picture(page, `wiki-search${suffix}`);
    await page.keyboard.press('Escape');
    await share.act('Cancel').click();
    await lab.theme('light');
  });
}

test('a changed page, light and dark', async ({ page, jupyter, wiki }) => {
  const path = 'delays-by-month.ipynb';
  const cells = [
    '# Delays by month\n\nHow many flights left late in each month of 2013, and what the weather had to do with it.',
    'late_after = 15\nlate = flights[flights.dep_delay > late_after]\nlate.groupby("month").size()',
    '## What stands out\n\nJuly is the worst month, September the best.\n\nRain explains a third of it.'
  ];
  await writeNotebook(jupyter, path, cells);
  await publish(jupyter, path, { target: 'data' });
  const { id } = (await wiki.page('Delays by month'))!;
  await wiki.people.edit(id, body =>
    body
      .replace('late_after = 15', 'late_after = 30')
      .replace(
        'July is the worst month, September the best.',
        'June and July are the worst months, September the best.'
      )
  );
  const [intro = '', code = '', outcome = ''] = cells;
  const now = [code.replace('15', '20'), outcome.replace('Rain explains a third', 'Thunderstorms explain half')];
  await writeNotebook(jupyter, path, [intro, ...now]);
  for (const theme of ['light', 'dark'] as const) {
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(path);
    await lab.theme(theme);
    await share.press();
    await share
      .toast(/changed the part of/)
      .getByRole('button', { name: 'Look and decide' })
      .click();
    await share.dialog.getByRole('radio', { name: /^New page/ }).check();
    await picture(page, theme === 'dark' ? 'conflict-dark' : 'conflict');
    await share.act('Cancel').click();
    await lab.theme('light');
  }
});

test('the page of the wiki beside the notebook', async ({ page, jupyter }) => {
  const { wiki: made } = await publish(jupyter, weather, { target: 'data' });
  const lab = new Lab(page, jupyter);
  await lab.open(weather);
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  await page.setViewportSize({ width: 720, height: 900 });
  await page.keyboard.press('Control+B');
  const notebook = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  const reader = await page.context().newPage();
  await reader.setViewportSize({ width: 720, height: 900 });
  await reader.goto(made!.url);
  await expect(reader.locator('#mw-content-text img').first()).toBeVisible();
  // The wiki of the test has no logo of its own.
  await reader.addStyleTag({ content: '#p-logo { visibility: hidden }' });
  const read = await reader.screenshot({ animations: 'disabled' });
  const sides = [notebook, read].map(bytes => `<img src="data:image/png;base64,${bytes.toString('base64')}">`);
  await reader.setViewportSize({ width: 1452, height: 900 });
  await reader.setContent(`<body style="margin:0;display:flex;gap:12px;background:#777">${sides.join('')}</body>`);
  await picture(reader, 'wiki-page');
  await reader.close();
});

test('a reader who came from the wiki', async ({ page, jupyter }) => {
  const { page: shared } = await publish(jupyter, weather, { target: 'data' });
  await new Lab(page, jupyter).openEmpty();
  const reader = await page.context().newPage();
  await reader.goto(`${jupyter.url}lakeside/${shared}?fork`);
  await expect(reader.frameLocator('.lk-Frame iframe').locator('img').first()).toBeVisible();
  await picture(reader, 'open-a-copy');
  await reader.close();
});
