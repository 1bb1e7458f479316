import { expect, test } from './fixtures.js';
import { writeLongNotebook, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';

const SHARE = 'jupyterlab-lakeside:share';
const TOOLBAR = 'jupyterlab-lakeside:share-toolbar';

test('settings: defaults of the form, no preview, ask every time, no state', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'settings.ipynb', ['# Settings', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.set(SHARE, { defaultTags: ['team', 'daily'], hideCode: true, preview: false, askEveryTime: true });
  await lab.set(TOOLBAR, { showState: false });
  await lab.open('settings.ipynb');
  await share.press();
  await expect(share.act('Remove tag team')).toBeVisible();
  await expect(share.act('Remove tag daily')).toBeVisible();
  await expect(share.dialog.getByRole('checkbox', { name: 'Hide code' })).toBeChecked();
  await expect(share.dialog.locator('iframe')).toHaveCount(0);
  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
  await share.act('Close').click();
  await expect(share.button).toHaveAttribute('title', /^Up to date/);
  await expect(share.button).toHaveAttribute('aria-label', 'Share');
  await share.button.click();
  await expect(share.act('Update page')).toBeVisible();
  await lab.set(SHARE, {});
  await lab.set(TOOLBAR, {});
});

test('the settings editor shows each setting in words', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  await lab.openEmpty();
  await lab.command('Settings Editor');
  const editor = page.locator('#setting-editor, .jp-SettingsPanel, .jp-PluginEditor').first();
  await page.getByPlaceholder('Search settings…').last().fill('Lakeside');
  await expect(page.getByText('Lakeside Share', { exact: true }).first()).toBeVisible();
  await expect(editor).toBeVisible();
  await page.getByText('Lakeside Share', { exact: true }).first().click();
  for (const title of ['Ask every time', 'Default tags', 'Hide code', 'Preview', 'Record packages']) {
    await expect(page.getByText(title, { exact: true }).first()).toBeVisible();
  }
});

test('each plugin can be disabled alone', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'disabled.ipynb', ['# Disabled']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  let disabled: string[] = [];
  await page.route(/\/lab\/tree\//, async route => {
    const answer = await route.fetch();
    const html = await answer.text();
    await route.fulfill({
      response: answer,
      body: html.replace(/"disabledExtensions":\s*\[[^\]]*\]/, `"disabledExtensions": ${JSON.stringify(disabled)}`)
    });
  });
  disabled = [TOOLBAR];
  await lab.load('disabled.ipynb');
  await lab.command('Share Notebook');
  await expect(share.title).toBeVisible();
  await expect(share.button).toHaveCount(0);
  await share.act('Cancel').click();

  disabled = ['jupyterlab-lakeside:share-status', 'jupyterlab-lakeside:library'];
  await lab.load('disabled.ipynb');
  await share.press();
  await expect(share.title).toBeVisible();
});

test('a long share shows its progress, goes on in the background and can be cancelled', async ({ page, jupyter }) => {
  await writeLongNotebook(jupyter, 'long.ipynb', 9000);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.openEmpty();
  await lab.fileMenu('long.ipynb', 'Share Notebook');
  await share.title.fill('Long');
  await share.act('Share').click();
  const bar = share.dialog.getByRole('progressbar', { name: 'Sharing' });
  await expect(bar).toBeVisible();
  await expect(share.dialog.getByRole('status').first()).toHaveText(
    /Rendering the page|Reading the notebook|Scanning for secrets/
  );
  await share.act('Cancel').click();
  await expect(share.title).toHaveValue('Long');

  await share.act('Share').click();
  await expect(bar).toBeVisible();
  await share.act('Go on in the background').click();
  await expect(share.dialog).toHaveCount(0);
  const status = page.getByRole('button', { name: '1 share running' });
  await expect(status).toBeVisible();
  await status.click();
  await expect(page.getByRole('progressbar', { name: 'Sharing long.ipynb' }).first()).toBeVisible();
  await expect(share.toast(/Shared · version 1/)).toBeVisible({ timeout: 90_000 });
  await expect(status).toHaveCount(0);
});

test('a share under way is found again after a reload of the page', async ({ page, jupyter }) => {
  await writeLongNotebook(jupyter, 'reloaded.ipynb', 9000);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.openEmpty();
  await lab.fileMenu('reloaded.ipynb', 'Share Notebook');
  await share.title.fill('Reloaded');
  await share.act('Share').click();
  await expect(share.dialog.getByRole('status').first()).toHaveText(
    /Rendering the page|Reading the notebook|Scanning for secrets/
  );
  await page.reload();
  await expect(share.toast(/Shared · version 1/)).toBeVisible({ timeout: 90_000 });
});
