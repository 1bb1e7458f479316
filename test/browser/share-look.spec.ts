import { violations } from './axe.js';
import { expect, labTest as test } from './fixtures.js';
import { idIn, writeLongNotebook, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';
import { themes } from './themes.js';

for (const theme of themes) {
  test(`every state of sharing is accessible, ${theme}`, async ({ page, jupyter }) => {
    const name = `axe-${theme.replace(' ', '-')}.ipynb`;
    await writeNotebook(jupyter, name, ['# Accessible', 'x = 1']);
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(name);
    await lab.theme(theme);
    await share.ready();
    expect(await violations(page, '.jp-LakesideShare-button')).toEqual([]);

    await lab.edit(1, 'x = 2');
    await share.button.click();
    await expect(share.preview.locator('h1')).toBeVisible();
    await share.tags.fill('a tag');
    await share.tags.press('Enter');
    await share.title.fill('');
    await share.act('Save and share').click();
    await expect(share.dialog.getByRole('alert')).toBeVisible();
    expect(await violations(page, '.jp-LakesideShare-dialog')).toEqual([]);

    await share.title.fill('Accessible');
    await share.act('Save and share').click();
    await expect(share.verdict).toBeVisible();
    expect(await violations(page, '.jp-LakesideShare-dialog')).toEqual([]);
    await share.act('Close').click();
    await share.expectState('Up to date');
    expect(await violations(page, '.jp-LakesideShare-button')).toEqual([]);
    await lab.theme('light');
  });
}

test('progress and questions are accessible', async ({ page, jupyter }) => {
  await writeLongNotebook(jupyter, 'axe-long.ipynb', 3000);
  await writeNotebook(jupyter, 'axe-one.ipynb', ['# One']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('axe-one.ipynb');
  await share.first();
  await lab.fileMenu('axe-long.ipynb', 'Share Notebook');
  await share.title.fill('Long');
  await share.act('Share').click();
  await expect(share.dialog.getByRole('progressbar', { name: 'Sharing' })).toBeVisible();
  expect(await violations(page, '.jp-LakesideShare-dialog')).toEqual([]);
  await share.act('Cancel').click();
  await share.act('Cancel').click();

  await writeNotebook(jupyter, 'axe-two.ipynb', ['# Two'], { lakeside: { id: await idIn(jupyter, 'axe-one.ipynb') } });
  await lab.open('axe-two.ipynb');
  await share.expectState('Another notebook has the same id');
  await share.button.click();
  await share.act('Share').click();
  await expect(share.dialog.getByRole('alert')).toContainText('Choose one');
  expect(await violations(page, '.jp-LakesideShare-dialog')).toEqual([]);
  await share.act('Cancel').click();
});

test('by keyboard alone: share, tag, follow, close', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'keys.ipynb', ['# Keys', 'x = 1']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('keys.ipynb');
  await share.ready();
  await page.keyboard.press('Control+Shift+C');
  await page.keyboard.type('Share Notebook');
  await expect(page.locator('.lm-CommandPalette-item.lm-mod-active')).toContainText('Share Notebook');
  await page.keyboard.press('Enter');

  await expect(share.title).toBeFocused();
  await page.keyboard.type('By keyboard');
  await page.keyboard.press('Tab');
  await expect(share.tags).toBeFocused();
  await page.keyboard.type('keys');
  await page.keyboard.press('Enter');
  await expect(share.act('Remove tag keys')).toBeVisible();
  const hideCode = share.dialog.getByRole('checkbox', { name: 'Hide code' });
  // Past the tags that others use.
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press('Tab');
    if (await hideCode.evaluate(node => node === document.activeElement)) break;
  }
  await expect(hideCode).toBeFocused();
  await page.keyboard.press('Space');

  // The focus goes round inside the dialog.
  for (let press = 0; press < 12; press++) {
    await page.keyboard.press('Tab');
    expect(await share.dialog.evaluate(node => node.contains(document.activeElement))).toBe(true);
  }
  await share.title.focus();
  await page.keyboard.press('Enter');
  await expect(share.act('Open page')).toBeFocused();
  await expect(share.verdict).toHaveText(/Shared · version 1/);
  await page.keyboard.press('Escape');
  await expect(share.dialog).toHaveCount(0);
  expect(await page.evaluate(() => document.activeElement !== document.body)).toBe(true);
});

test('the button and its menu are reached from the toolbar by keyboard', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'toolbar.ipynb', ['# Toolbar']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('toolbar.ipynb');
  await share.ready();
  // Until then JupyterLab gives the focus to the notebook.
  await expect(lab.kernel('Idle')).toBeVisible();
  // The toolbar is one stop; the arrows move inside it.
  await lab.notebook.locator('.jp-NotebookPanel-toolbar').locator('[data-jp-item-name="save"] jp-button').focus();
  const more = page.getByRole('button', { name: 'More about sharing' });
  for (let press = 0; press < 20 && !(await more.evaluate(node => node === document.activeElement)); press++) {
    await page.keyboard.press('ArrowRight');
  }
  await expect(more).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('.jp-LakesideShare-menu')).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(share.title).toBeFocused();
});

for (const [width, height] of [
  [640, 400],
  [320, 640]
] as const) {
  test(`fits a window of ${width} × ${height}`, async ({ page, jupyter }) => {
    await writeNotebook(jupyter, `narrow-${width}.ipynb`, ['# A rather long title of a notebook that is shared', 'x']);
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(`narrow-${width}.ipynb`);
    await share.ready();
    await lab.command('Share Settings…');
    await page.setViewportSize({ width, height });
    await expect(share.preview.locator('h1')).toBeAttached();
    const content = share.dialog.locator('.jp-Dialog-content');
    const box = await content.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(box?.height).toBeLessThanOrEqual(height * 0.8 + 1);
    const body = share.dialog.locator('.jp-Dialog-body');
    expect(await body.evaluate(node => node.scrollWidth <= node.clientWidth)).toBe(true);
    // The buttons stay in sight however far the form is scrolled.
    await expect(share.act('Share')).toBeInViewport();
    await share.act('Share').click();
    await expect(share.verdict).toHaveText(/Shared · version 1/);
    await expect(share.act('Open page')).toBeInViewport();
  });
}

test('the dialog keeps its place and size from the form to the result', async ({ page, jupyter }) => {
  await writeNotebook(jupyter, 'still.ipynb', ['# Still', 'x']);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('still.ipynb');
  await share.press();
  await expect(share.preview.locator('h1')).toBeVisible();
  const content = share.dialog.locator('.jp-Dialog-content');
  const before = await content.boundingBox();
  await share.act('Share').click();
  await expect(share.verdict).toBeVisible();
  expect(await content.boundingBox()).toEqual(before);
});
