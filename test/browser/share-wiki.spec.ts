import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe.js';
import { expect } from './fixtures.js';
import { look } from './look.js';
import type { Jupyter } from './jupyter.js';
import { idIn, writeFigures, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';
import { publish } from './publish.js';
import { wikiTest as test, type Wiki } from './wiki.js';
import { lightAndDark } from './themes.js';

/** A notebook of that title, with text in several places. */
async function write(jupyter: Jupyter, path: string, title: string): Promise<void> {
  await writeNotebook(jupyter, path, [`# ${title}\n\nOne.`, '## First\n\nTwo.', 'x = 1', '## Second\n\nThree.']);
}

/** Changes a notebook's code on the disk, as another program would. */
async function change(jupyter: Jupyter, path: string, from: string, to: string): Promise<void> {
  const file = join(jupyter.root, path);
  const text = await readFile(file, 'utf8');
  expect(text).toContain(from);
  await writeFile(file, text.replace(from, to));
}

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let press = 0; press < 20; press++) {
    if (await wanted.evaluate(node => node === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(wanted).toBeFocused();
}

/** A notebook in the wiki, whose page a person edited: `from` became `to`. */
async function edited(
  { jupyter, wiki }: { jupyter: Jupyter; wiki: Wiki },
  { path, title, from, to }: { path: string; title: string; from: string; to: string }
): Promise<{ id: string; version: number }> {
  await write(jupyter, path, title);
  await publish(jupyter, path, { target: 'data' });
  const { id } = (await wiki.page(title))!;
  await wiki.people.edit(id, body => `Read this first.\n\n${body.replace(from, to)}`);
  return { id, version: (await wiki.page(title))!.version };
}

/** Presses Share on a notebook that was shared before, and asks what stands in the way. */
async function meet(page: Page, jupyter: Jupyter, path: string): Promise<{ lab: Lab; share: Share }> {
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open(path);
  await share.press();
  await share
    .toast(/changed the part of|is not in the wiki any more/)
    .getByRole('button', { name: 'Look and decide' })
    .click();
  await expect(share.dialog.getByRole('heading', { level: 2 })).toBeFocused();
  return { lab, share };
}

test('by keyboard alone: the wiki, its space and page are chosen, and the page is there', async ({
  page,
  jupyter,
  wiki
}) => {
  await write(jupyter, 'team/delays.ipynb', 'Delays in March');
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('team/delays.ipynb');
  await share.press();
  const where = share.dialog.getByRole('group', { name: 'Where' });
  const old = where.getByRole('radio', { name: /Old wiki/ });
  await expect(old).toBeDisabled();
  await expect(where).toContainText('Old wiki cannot be reached at 127.0.0.1:9');
  await expect(share.title).toBeFocused();

  await tabTo(page, where.getByRole('radio', { name: /^Library/ }));
  await page.keyboard.press('ArrowDown');
  await expect(where.getByRole('radio', { name: /Data wiki.*MediaWiki/ })).toBeChecked();
  const space = share.dialog.getByRole('combobox', { name: 'Space' });
  await tabTo(page, space);
  await page.keyboard.type('ma');
  await expect(share.dialog.getByRole('option', { name: 'Main' })).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(space).toHaveValue('Main');
  const below = share.dialog.getByRole('combobox', { name: 'Below' });
  await page.keyboard.press('Tab');
  await expect(below).toBeFocused();
  await page.keyboard.type('Analyt');
  await expect(share.dialog.getByRole('option')).toHaveText(['Analytics', 'Analytics/Flights']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(below).toHaveValue('Analytics');
  // Escape closes the list, and the dialog only where none is open.
  await page.keyboard.press('ArrowDown');
  await expect(share.dialog.getByRole('listbox')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(share.dialog.getByRole('listbox')).toHaveCount(0);
  await expect(share.dialog).toBeVisible();
  await page.keyboard.press('Enter');

  await expect(share.verdict).toHaveText(/Shared to Data wiki/);
  await expect(share.act('Open page')).toBeFocused();
  const link = await share.dialog.getByRole('link').first().getAttribute('href');
  expect(link).toContain('Analytics/Delays_in_March');
  expect(await share.clipboard()).toBe(link);
  await page.keyboard.press('Escape');
  await share.expectState('Up to date');

  const reader = await page.context().newPage();
  await reader.goto(link!);
  await expect(reader.locator('#firstHeading')).toHaveText('Analytics/Delays in March');
  await expect(reader.locator('#mw-content-text')).toContainText('x = 1');
  await reader.close();

  // Once more, unchanged: nothing is written.
  const before = await wiki.page('Analytics/Delays in March');
  await share.press();
  await expect(share.toast('Already up to date in Data wiki')).toBeVisible();
  expect((await wiki.page('Analytics/Delays in March'))?.version).toBe(before?.version);

  // The next notebook of this folder goes to the same place.
  await write(jupyter, 'team/next.ipynb', 'Delays in April');
  await lab.open('team/next.ipynb');
  await share.press();
  await expect(where.getByRole('radio', { name: /Data wiki/ })).toBeChecked();
  await expect(below).toHaveValue('Analytics');
  await share.act('Cancel').click();
});

test('merge: both changes are on the page', async ({ page, jupyter, wiki }) => {
  const note = { path: 'merge.ipynb', title: 'Merging', from: 'One.', to: 'One, says a colleague.' };
  await edited({ jupyter, wiki }, note);
  await change(jupyter, 'merge.ipynb', 'x = 1', 'x = 2');
  const { share } = await meet(page, jupyter, 'merge.ipynb');
  await expect(share.dialog.getByRole('heading', { level: 2 })).toContainText('Admin changed Merging ·');
  await expect(share.dialog.getByRole('group', { name: 'Changed by Admin' }).locator('ins')).toContainText('colleague');
  await expect(share.dialog.getByRole('group', { name: 'Changed in your notebook' })).toContainText('2');
  await share.act('Merge').click();
  await expect(share.verdict).toContainText('Page updated in Data wiki');
  const { body } = (await wiki.page('Merging'))!;
  for (const words of ['Read this first.', 'One, says a colleague.', 'x = 2']) expect(body).toContain(words);
  await share.act('Close').click();
  await share.expectState('Up to date');
});

test('overwrite: the page says what the notebook says, and what stands around it stays', async ({
  page,
  jupyter,
  wiki
}) => {
  await edited({ jupyter, wiki }, { path: 'over.ipynb', title: 'Overwriting', from: 'x = 1', to: 'x = 100' });
  await change(jupyter, 'over.ipynb', 'x = 1', 'x = 3');
  const { share } = await meet(page, jupyter, 'over.ipynb');
  await expect(share.dialog.getByRole('radio', { name: /^Merge.*changed on both sides/ })).toBeDisabled();
  await expect(share.dialog.getByRole('group', { name: 'Changed on both sides', exact: true })).toContainText('100');
  await share.act('Update page').click();
  await expect(share.dialog.getByRole('alert')).toContainText('Choose what becomes of the page.');
  await share.dialog.getByRole('radio', { name: /^Overwrite/ }).check();
  await share.act('Overwrite page').click();
  await expect(share.verdict).toContainText('Page updated in Data wiki');
  const { body } = (await wiki.page('Overwriting'))!;
  expect(body).toContain('Read this first.');
  expect(body).toContain('x = 3');
  expect(body).not.toContain('x = 100');
  await share.act('Close').click();
});

test('cancel keeps everything; a new page leaves the old one as it is', async ({ page, jupyter, wiki }) => {
  const { version } = await edited(
    { jupyter, wiki },
    { path: 'new.ipynb', title: 'Parting', from: 'Two.', to: 'Two, and more.' }
  );
  await change(jupyter, 'new.ipynb', 'x = 1', 'x = 4');
  const first = await meet(page, jupyter, 'new.ipynb');
  await first.share.act('Cancel').click();
  await expect(first.share.dialog).toHaveCount(0);
  expect((await wiki.page('Parting'))?.version).toBe(version);
  await first.share.expectState('Changed since it was shared');

  const { share } = await meet(page, jupyter, 'new.ipynb');
  await share.dialog.getByRole('radio', { name: /^New page/ }).check();
  const title = share.dialog.getByRole('textbox', { name: 'Title' });
  await expect(title).toHaveValue('Parting (2)');
  await title.fill('Analytics');
  await share.act('Make new page').click();
  await expect(share.dialog.getByRole('alert')).toContainText('has a page "Analytics" already');
  await title.fill('Parting, ours');
  await share.act('Make new page').click();
  await expect(share.verdict).toContainText('Shared to Data wiki');
  expect((await wiki.page('Parting'))?.version).toBe(version);
  expect((await wiki.page('Parting, ours'))?.body).toContain('x = 4');
  await share.act('Close').click();
  await share.expectState('Up to date');
});

test('a deleted page is asked about: restored it is found again, else made anew', async ({ page, jupyter, wiki }) => {
  const { id } = await edited({ jupyter, wiki }, { path: 'gone.ipynb', title: 'Going', from: 'One.', to: 'One.' });
  await wiki.people.remove(id);
  await change(jupyter, 'gone.ipynb', 'x = 1', 'x = 5');
  const { share } = await meet(page, jupyter, 'gone.ipynb');
  await expect(share.dialog.getByRole('heading', { level: 2 })).toContainText('The page is gone: Going');
  expect(await violations(page)).toEqual([]);
  await wiki.people.restore('Going');
  await share.act('Look again').click();
  await expect(share.verdict).toContainText('Page updated in Data wiki');
  expect((await wiki.page('Going'))?.body).toContain('x = 5');
  await share.act('Close').click();

  await wiki.people.remove((await wiki.page('Going'))!.id);
  await change(jupyter, 'gone.ipynb', 'x = 5', 'x = 6');
  const again = await meet(page, jupyter, 'gone.ipynb');
  await again.share.act('Make new page').click();
  await expect(again.share.verdict).toContainText('Shared to Data wiki');
  expect((await wiki.page('Going'))?.body).toContain('x = 6');
  await again.share.act('Close').click();
});

test('the policy of a target is told before anything is shared, and holds', async ({ page, jupyter, wiki }) => {
  const password = ['Winter', '2031!'].join('');
  await writeNotebook(jupyter, 'board.ipynb', ['# Board figures', `password = "${password}"`]);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('board.ipynb');
  await share.press();
  await expect(share.dialog).toContainText('Only Data Wiki · Notebooks with secrets are refused');
  await share.dialog.getByRole('radio', { name: /Board wiki/ }).check();
  const findings = share.dialog.locator('.jp-LakesideShare-findings');
  await expect(findings).toContainText('1 possible secret. Board wiki takes no notebook that holds one.');
  const space = share.dialog.getByRole('combobox', { name: 'Space' });
  await share.act('Share').click();
  await expect(share.dialog.getByRole('alert')).toHaveText([
    'Choose a space: the usual one is not allowed here.',
    'Take it out of the notebook, or say why it is no secret.'
  ]);
  await expect(space).toBeInViewport();
  expect(await violations(page)).toEqual([]);

  await space.click();
  await expect(share.dialog.getByRole('listbox').getByRole('option')).toHaveText(['Data Wiki']);
  await page.keyboard.press('Enter');
  await share.dialog.getByRole('combobox', { name: 'Below' }).click();
  await expect(share.dialog.getByRole('listbox').getByRole('option')).toHaveText([/Plans$/]);
  await page.keyboard.press('Escape');
  await share.title.focus();
  await share.act('Share').click();
  await expect(share.dialog.getByRole('alert')).toBeInViewport();
  await findings.getByRole('combobox').selectOption('Not a secret');
  await findings.getByRole('textbox', { name: 'Reason' }).fill('an example');
  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared to Board wiki/);
  expect(await wiki.page('Project:Board figures')).toBeDefined();
  await share.act('Close').click();

  // Whoever asks without the dialog, too.
  await write(jupyter, 'minutes.ipynb', 'Minutes');
  await expect(publish(jupyter, 'minutes.ipynb', { target: 'board' })).rejects.toThrow(
    'Without a choice the page would go to the space Main'
  );
  expect(await wiki.page('Minutes')).toBeUndefined();
});

test('a reader of the wiki opens a copy in JupyterLab, and nothing is made before they say so', async ({
  page,
  jupyter,
  wiki
}) => {
  await write(jupyter, 'source/handed.ipynb', 'Handed on');
  const { wiki: made } = await publish(jupyter, 'source/handed.ipynb', { target: 'data' });
  await new Lab(page, jupyter).openEmpty();
  // The public address leads to this server, as a company's would.
  const reader = await page.context().newPage();
  await reader.route('https://lab.example.org/**', route => {
    const { pathname, search } = new URL(route.request().url());
    const location = `${jupyter.url}${pathname.slice(1)}${search}`;
    return route.fulfill({ status: 302, headers: { location } });
  });
  await reader.goto(made!.url);
  await reader.getByRole('link', { name: 'Open a copy in JupyterLab' }).click();
  await expect(reader.getByRole('heading', { level: 1 })).toHaveText('Handed on');
  expect(new URL(reader.url()).search).toBe('?fork');
  const copy = (): Promise<number> => jupyter.fetch('api/contents/Handed on.ipynb').then(({ status }) => status);
  await reader.reload();
  await expect(reader.getByRole('button', { name: 'Open a copy' })).toBeVisible();
  expect(await copy()).toBe(404);

  await reader.getByRole('button', { name: 'Open a copy' }).click();
  await expect(reader.locator('.jp-NotebookPanel .jp-Cell').first()).toBeVisible({ timeout: 90_000 });
  // With another tab open, JupyterLab puts a workspace of its own into the address.
  expect(decodeURIComponent(new URL(reader.url()).pathname)).toMatch(
    /^\/lab\/(workspaces\/[^/]+\/)?tree\/Handed on\.ipynb$/
  );
  await expect(reader.locator('.jp-NotebookPanel')).toContainText('x = 1');
  expect(await idIn(jupyter, 'Handed on.ipynb')).toBeUndefined();
  expect((await wiki.page('Handed on'))?.body).toContain('/lakeside/library/notebooks/');
  await reader.close();
});

test('figures on their way are counted, with a bar', async ({ page, jupyter, wiki }) => {
  const figures = 40;
  await writeFigures(jupyter, 'figures.ipynb', figures);
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('figures.ipynb');
  await share.press();
  await share.dialog.getByRole('radio', { name: /Data wiki/ }).check();
  await share.act('Share').click();
  const step = share.dialog.getByRole('listitem').filter({ hasText: /Uploading figure \d+ of 40/ });
  await expect(step).toContainText(/Uploading figure \d+ of 40 *under way *\d+(\.\d)? [KM]?B/);
  await expect(step.getByRole('progressbar')).toHaveAttribute('aria-valuenow', /^[1-9]\d?$/);
  await expect(share.dialog.getByRole('listitem').filter({ hasText: `Rendered ${figures + 1} cells` })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await expect(share.verdict).toContainText(`Shared to Data wiki · ${figures} figures sent`);
  expect((await wiki.page('Many figures'))?.body.match(/Nb-[0-9a-f]{16}\.png/gi)).toHaveLength(figures);
  await share.act('Close').click();
});

for (const theme of lightAndDark) {
  test(`chooser and conflict are accessible, wide and narrow, ${theme}`, async ({ page, jupyter, wiki }) => {
    const title = `Looking ${theme}`;
    const path = `look-${theme}.ipynb`;
    await edited({ jupyter, wiki }, { path, title, from: 'x = 1', to: 'x = 100' });
    await change(jupyter, path, 'x = 1', 'x = 7');
    await write(jupyter, `new-${theme}.ipynb`, 'New');
    const lab = new Lab(page, jupyter);
    const share = new Share(page);
    await lab.open(`new-${theme}.ipynb`);
    await lab.theme(theme);
    await share.press();
    await share.dialog.getByRole('radio', { name: /Data wiki/ }).check();
    await expect(share.dialog).toContainText('Old wiki cannot be reached');
    await share.dialog.getByRole('combobox', { name: 'Below' }).click();
    await expect(share.dialog.getByRole('option').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
    await look(page, `chooser-${theme}`);
    await share.dialog.getByRole('option', { name: 'Analytics', exact: true }).click();
    await expect(share.dialog.getByRole('combobox', { name: 'Below' })).toHaveValue('Analytics');
    await expect(share.dialog.getByRole('listbox')).toHaveCount(0);
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(share);
    expect(await violations(page)).toEqual([]);
    await look(page, `chooser-${theme}-narrow`);
    await share.act('Cancel').click();
    await page.setViewportSize({ width: 1280, height: 800 });

    await meet(page, jupyter, path);
    await lab.theme(theme);
    expect(await violations(page)).toEqual([]);
    await look(page, `conflict-${theme}`);
    await page.setViewportSize({ width: 320, height: 640 });
    await fits(share);
    expect(await violations(page)).toEqual([]);
    await look(page, `conflict-${theme}-narrow`);
    await share.act('Cancel').click();
    await lab.theme('light');
  });
}

/** Nothing is cut off at the side, and the buttons are in sight. */
async function fits(share: Share): Promise<void> {
  const body = share.dialog.locator('.jp-Dialog-body');
  expect(await body.evaluate(node => node.scrollWidth <= node.clientWidth)).toBe(true);
  await expect(share.act('Cancel')).toBeInViewport();
}
