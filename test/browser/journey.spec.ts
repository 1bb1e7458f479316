import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './fixtures.js';
import type { Jupyter } from './jupyter.js';
import { readNotebook } from './notebooks.js';
import { Lab } from './pages/lab.js';
import { LibraryPages } from './pages/library.js';
import { Share } from './pages/share.js';

const example = 'delays-in-new-york-2013.ipynb';

/** Every object of the archive with its size and time of writing; not the daily list of what may be swept away. */
async function objects(jupyter: Jupyter): Promise<string[]> {
  const archive = join(jupyter.home, 'archive');
  const names = await readdir(archive, { recursive: true, withFileTypes: true });
  const files = names
    .filter(entry => entry.isFile() && entry.name !== 'condemned.json')
    .map(entry => join(entry.parentPath, entry.name));
  return Promise.all(
    files.sort().map(async file => `${file} ${(await stat(file)).size} ${(await stat(file)).mtimeMs}`)
  );
}

test('from an example to a shared page, its second version, and a fork that runs', async ({ page, jupyter }) => {
  const lab = new Lab(page, jupyter);
  const share = new Share(page);
  await lab.open(example);
  // A kernel of another version than the example's writes that into the notebook: a change like any other.
  await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
  await lab.save();

  await test.step('share, and follow the link', async () => {
    const link = await share.first();
    const library = new LibraryPages(await page.context().newPage(), jupyter);
    await library.page.goto(link);
    const { document } = library;
    await expect(document.getByRole('heading', { name: 'Delays in New York 2013', level: 1 })).toBeVisible();
    await expect(document.getByRole('heading', { name: 'How late is late?' })).toBeVisible();
    await expect(document.getByRole('columnheader', { name: 'dep_delay' }).first()).toBeVisible();
    await expect(document.locator('img[src^="data:image/png"]').first()).toBeVisible();
    const width = await document
      .locator('img')
      .first()
      .evaluate(img => (img as HTMLImageElement).naturalWidth);
    expect(width).toBeGreaterThan(100);
    await expect(document.locator('.katex').first()).toBeVisible();
    await expect(document.locator('pre', { hasText: 'import pandas as pd' }).first()).toBeVisible();
    await library.page.close();
  });

  const address = await share.clipboard();

  await test.step('edit, save, share again: the same address, version 2', async () => {
    await lab.edit(0, '# Delays in New York 2013\n\nRead again this morning.');
    await lab.save();
    await share.button.click();
    await expect(share.toast('Page updated · version 2 · link copied')).toBeVisible();
    expect(await share.clipboard()).toBe(address);
  });

  await test.step('share once more: nothing changed, nothing is written', async () => {
    const before = await objects(jupyter);
    await share.button.click();
    await expect(share.toast('Already up to date · version 2')).toBeVisible();
    const answer = await jupyter.fetch('lakeside/api/v1/jobs?limit=1');
    const { jobs } = (await answer.json()) as { jobs: { result: { objectWrites: number; outcome: string } }[] };
    expect(jobs[0]?.result).toMatchObject({ outcome: 'unchanged', objectWrites: 0 });
    expect(await objects(jupyter)).toEqual(before);
  });

  await test.step('fork it from the Library; the fork opens and runs', async () => {
    const library = new LibraryPages(page, jupyter);
    await library.goto();
    await library.open('Delays in New York 2013');
    await expect(library.document.getByText('Read again this morning.')).toBeVisible();
    await library.button('Fork').click();
    const forked = 'Delays in New York 2013.ipynb';
    await expect.poll(async () => readNotebook(jupyter, forked).catch(() => undefined)).toBeDefined();
    expect((await readNotebook(jupyter, forked)).metadata.lakeside).toBeUndefined();

    await lab.open(encodeURIComponent(forked));
    await share.expectState('none');
    // Without a kernel JupyterLab runs nothing and says nothing.
    await expect(lab.kernel('Idle')).toBeVisible({ timeout: 60_000 });
    const last = lab.notebook.locator('.jp-CodeCell').last().locator('.jp-InputPrompt');
    await lab.command('Clear Outputs of All Cells');
    await expect(last).toHaveText('[ ]:');
    await lab.command('Run All Cells');
    await expect(last).toHaveText(/\[\d+\]:/, { timeout: 90_000 });
    await expect(
      lab.notebook.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]')
    ).toHaveCount(0);
  });
});
