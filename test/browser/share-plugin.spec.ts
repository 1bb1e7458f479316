import { createHash } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { violations } from './axe.js';
import { expect } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { DOT, readNotebook, writeNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { Share } from './pages/share.js';
import { pluginTest as test } from './plugin.js';
import { publish } from './publish.js';

/** A notebook with a figure. */
async function write(jupyter: Jupyter, path: string, title: string): Promise<void> {
  await writeNotebook(jupyter, path, [`# ${title}\n\nWhat we tried.`, 'x = 1']);
  const notebook = await readNotebook(jupyter, path);
  const output = { output_type: 'display_data', data: { 'image/png': DOT }, metadata: {} };
  Object.assign(notebook.cells[1]!, { execution_count: 1, outputs: [output] });
  await writeFile(join(jupyter.root, path), JSON.stringify(notebook));
}

test('a notebook is shared to the wiki of a plug-in, past those that are broken', async ({
  page,
  jupyter,
  installed
}) => {
  const { wiki, pages } = installed;
  const experiments = pages.idOf('lab', 'Experiments', 0);
  await pages.addVersion(wiki, experiments, 0, { title: 'Experiments', body: 'All of them.', editor: 'Ada', at: '' });
  await write(jupyter, 'team/trial.ipynb', 'The third trial');
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('team/trial.ipynb');
  await share.press();

  // Each broken one is greyed and says what is wrong with it; the others wait for none of them.
  const where = share.dialog.getByRole('group', { name: 'Where' });
  const notes = where.getByRole('radio', { name: /Notes of the team/ });
  await expect(notes).toBeEnabled();
  await notes.check();
  const space = share.dialog.getByRole('combobox', { name: 'Space' });
  await space.fill('la');
  await share.dialog.getByRole('option', { name: 'lab', exact: true }).click();
  await expect(space).toHaveValue('lab');
  const below = share.dialog.getByRole('combobox', { name: 'Below' });
  await below.fill('exper');
  await share.dialog.getByRole('option', { name: 'Experiments' }).click();
  await expect(below).toHaveValue('Experiments');
  await expect(where.getByRole('radio', { name: /that is hanging/ })).toBeDisabled({ timeout: 60_000 });
  for (const name of ['lost', 'throwing'])
    await expect(where.getByRole('radio', { name: `that is ${name}` })).toBeDisabled();
  await expect(where).toContainText('The plug-in lakeside-missing cannot be used: it is not installed');
  await expect(where).toContainText('lakeside-wiki-throwing failed to load: the licence has run out');
  await expect(where).toContainText(/lakeside-wiki-hanging/);
  expect(await violations(page)).toEqual([]);

  await share.act('Share').click();
  await expect(share.verdict).toHaveText(/Shared to Notes of the team · 1 figure sent/);
  const link = await share.dialog.getByRole('link').first().getAttribute('href');
  await share.act('Close').click();
  await share.expectState('Up to date');

  const [made] = (await pages.allPages(wiki)).filter(({ id }) => id !== experiments);
  expect(made).toMatchObject({ title: 'The third trial', space: 'lab', parent: experiments });
  expect(link).toBe(`https://notes.example.org/${made!.id}.page/`);
  expect(made!.body).toContain('What we tried.');
  expect(made!.body).toContain('x = 1');
  const figure = /attachments\/(nb-[0-9a-f]+\.png)/.exec(made!.body)?.[1];
  const bytes = await readFile(pages.attachmentOf(wiki, made!.id, figure ?? ''));
  expect(sha256(bytes)).toBe(sha256(Buffer.from(DOT, 'base64')));

  // Once more, unchanged: nothing is written.
  const before = await everything(wiki);
  await share.press();
  await expect(share.toast('Already up to date in Notes of the team')).toBeVisible();
  expect(await everything(wiki)).toEqual(before);

  // Who edits beside Lakeside's part keeps it; a change in the notebook comes onto the same page.
  await pages.addVersion(wiki, made!.id, made!.version, {
    ...made!,
    editor: 'Ada',
    body: `See also.\n\n${made!.body}`
  });
  const file = join(jupyter.root, 'team/trial.ipynb');
  await writeFile(file, (await readFile(file, 'utf8')).replace('x = 1', 'x = 2'));
  await publish(jupyter, 'team/trial.ipynb', { target: 'notes' });
  const now = (await pages.allPages(wiki)).filter(({ id }) => id !== experiments);
  expect(now).toHaveLength(1);
  expect(now[0]!.body).toMatch(/^See also\.\n\n[^]*x = 2/);
});

test('broken plug-ins harm neither the Library nor the doctor of the others', async ({ page, jupyter }) => {
  await write(jupyter, 'alone.ipynb', 'All by itself');
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open('alone.ipynb');
  expect(await share.first()).toContain('/library/notebooks/');
  await expect(publish(jupyter, 'alone.ipynb', { target: 'throwing' })).rejects.toThrow('the licence has run out');
  await expect(publish(jupyter, 'alone.ipynb', { target: 'lost' })).rejects.toThrow('it is not installed');
  expect(await publish(jupyter, 'alone.ipynb', { target: 'notes' })).toMatchObject({ wiki: { outcome: 'created' } });
});

/** All files of the wiki. */
async function everything(folder: string): Promise<string[]> {
  return (await readdir(folder, { recursive: true })).sort();
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
