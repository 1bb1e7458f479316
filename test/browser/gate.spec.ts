import { violations } from './axe.js';
import { expect, labTest as test } from './fixtures.js';
import { look } from './look.js';
import { readNotebook, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';
import { themes } from './themes.js';

/** Put together here, so that no scanner of this repository takes them for real. */
const password = ['Winter', '2031!'].join('');
const token = ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hI6'].join('');
const cells = [
  '# Sales by region',
  'import db',
  `conn = db.connect(host="db", user="etl",\n    password="${password}")`,
  'rows = conn.read("sales")',
  `client = Client("${token}")`
];

function gate(share: Share) {
  const box = share.dialog.locator('.jp-LakesideShare-findings');
  const item = (text: string) => box.getByRole('listitem').filter({ hasText: text });
  return {
    box,
    item,
    action: (text: string) => item(text).getByRole('combobox', { name: 'What becomes of it' }),
    reason: (text: string) => item(text).getByRole('textbox', { name: 'Reason' })
  };
}

test('what looks like a secret is listed masked, and redacted in the page but not in the notebook', async ({
  page,
  jupyter
}) => {
  await writeNotebook(jupyter, 'secrets.ipynb', cells);
  const requests: string[] = [];
  page.on('request', request => requests.push(request.url()));
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('secrets.ipynb');
  await share.press();
  const { box, item } = gate(share);
  await expect(box.getByRole('status')).toContainText('2 possible secrets, redacted in the page');
  await expect(item('Password')).toContainText('password="…');
  await expect(item('Password')).toContainText('cell 3, line 2');
  await expect(item('GitHub token')).toContainText('gh');
  expect(await share.dialog.locator('.jp-LakesideShare-content').innerText()).not.toContain(password);
  expect(await share.dialog.locator('.jp-LakesideShare-content').innerText()).not.toContain(token);
  await expect(share.preview.locator('body')).toContainText('████████');
  await expect(share.preview.locator('body')).not.toContainText(password);

  await share.act('Share').click();
  await expect(share.verdict).toContainText('Shared · version 1');
  await expect(share.dialog).toContainText('2 possible secrets were redacted in the published copy.');
  const link = await share.link();
  await share.act('Close').click();
  await share.expectState('Up to date');
  const saved = await readNotebook(jupyter, 'secrets.ipynb');
  expect(JSON.stringify(saved)).toContain(password);

  const id = link.split('/').at(-1) ?? '';
  for (const part of ['document', 'notebook']) {
    const answer = await jupyter.fetch(`lakeside/api/v1/library/notebooks/${id}/versions/latest/${part}`);
    expect(answer.status).toBe(200);
    const text = await answer.text();
    expect(text).not.toContain(password);
    expect(text).not.toContain(token);
  }
  for (const url of requests) {
    expect(url).not.toContain(password);
    expect(url).not.toContain(token);
  }
});

test('"Go to" closes the dialog and shows the cell', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'jump.ipynb', cells);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('jump.ipynb');
  await share.press();
  await gate(share).item('GitHub token').getByRole('button', { name: 'Go to cell 5, line 1' }).click();
  await expect(share.dialog).toHaveCount(0);
  await expect(lab.notebook.locator('.jp-Cell').nth(4)).toHaveClass(/jp-mod-active/);
  await expect(lab.notebook.locator('.jp-Cell').nth(4)).toBeInViewport();
});

test('not a secret: a reason is asked for, kept, and the finding does not come again as one', async ({
  page,
  jupyter
}) => {
  await writeNotebook(jupyter, 'sandbox.ipynb', cells);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('sandbox.ipynb');
  await share.press();
  const { action, reason, box } = gate(share);
  await action('Password').selectOption('Not a secret');
  await share.act('Share').click();
  await expect(box.getByRole('alert')).toHaveText('Say why it may stand.');
  expect(await violations(page)).toEqual([]);
  await reason('Password').fill('the sandbox, open to all');
  await expect(share.preview.locator('body')).toContainText(password);
  await share.act('Share').click();
  await expect(share.dialog).toContainText('1 possible secret was redacted in the published copy.');
  await share.act('Close').click();
  await share.expectState('Up to date');

  await lab.command('Share Settings…');
  await expect(action('Password')).toHaveValue('not-a-secret');
  await expect(reason('Password')).toHaveValue('the sandbox, open to all');
  await share.act('Cancel').click();
});

test('publish with a reason, by keyboard alone', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'keyboard.ipynb', ['# Keys', `password = "${password}"`]);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('keyboard.ipynb');
  await share.press();
  const { action, reason, box } = gate(share);
  await expect(box).toBeVisible();
  await expect(share.title).toBeFocused();
  for (let press = 0; press < 14; press++) {
    await page.keyboard.press('Tab');
    if (await action('Password').evaluate(node => node === document.activeElement)) break;
  }
  await expect(action('Password')).toBeFocused();
  await page.keyboard.press('End');
  await expect(action('Password')).toHaveValue('publish');
  await page.keyboard.press('Tab');
  await expect(reason('Password')).toBeFocused();
  await page.keyboard.type('changed already');
  await expect(box.getByRole('status')).toContainText('1 of them published');
  await page.keyboard.press('Enter');
  await expect(share.verdict).toContainText('Shared · version 1');
  await expect(share.dialog).not.toContainText('redacted');
  await page.keyboard.press('Escape');
});

for (const theme of themes) {
  test(`the gate is accessible, ${theme}`, async ({ page, jupyter }) => {
    const name = `gate-${theme.replace(' ', '-')}.ipynb`;
    await writeNotebook(jupyter, name, cells);
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(name);
    await lab.theme(theme);
    await share.press();
    const { action, reason } = gate(share);
    await action('GitHub token').selectOption('Not a secret');
    await reason('GitHub token').fill('an example of the documentation');
    await expect(share.preview.locator('body')).toContainText('████████');
    expect(await violations(page)).toEqual([]);
    await look(page, `gate-${theme}`);
    await page.setViewportSize({ width: 320, height: 640 });
    const body = share.dialog.locator('.jp-Dialog-body');
    expect(await body.evaluate(node => node.scrollWidth <= node.clientWidth)).toBe(true);
    await look(page, `gate-${theme}-narrow`);
    await share.act('Cancel').click();
    await lab.theme('light');
  });
}
