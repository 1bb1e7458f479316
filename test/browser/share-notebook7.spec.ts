import { expect, test } from './fixtures.js';
import { idIn, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';

test.use({ jupyterOptions: { app: 'notebook' } });

test('Notebook 7 shares, updates and shows the state', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'seven.ipynb', ['# Seven', 'x = 1']);
  const lab = new Lab(page, jupyter, 'notebook');
  const share = new Share(page);
  await lab.open('seven.ipynb');
  const link = await share.first();
  expect(await idIn(jupyter, 'seven.ipynb')).toBe(link.split('/').at(-1));

  const cell = lab.notebook.locator('.jp-Cell').nth(1);
  await cell.locator('.cm-content').click();
  await cell.locator('.cm-content').fill('x = 2');
  await share.expectState('Changed since it was shared');
  // The checkpoint comes when the save is over.
  const saved = page.waitForResponse(answer => answer.url().includes('/checkpoints') && answer.status() === 201);
  await page.keyboard.press('Control+S');
  await saved;
  await share.button.click();
  await expect(share.toast('Page updated · version 2')).toBeVisible();
  await share.menu('Unshare');
  await share.expectState('none');
  await share.toast('is out of the Library').getByRole('button', { name: 'Undo' }).click();
  await share.expectState('Up to date');
});

test('the file list of Notebook 7 shares without opening', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'listed.ipynb', ['# Listed']);
  const lab = new Lab(page, jupyter, 'notebook');
  const share = new Share(page);
  await page.goto(`${jupyter.url}tree?token=${jupyter.token}`);
  await lab.fileMenu('listed.ipynb', 'Share Notebook');
  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
});
