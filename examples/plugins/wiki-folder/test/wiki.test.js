import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testSurroundings, wikiTargetSuite } from '@lakeside/plugin-kit/testing';
import { expect, test } from 'vitest';
import plugin from '../index.js';
import { addVersion, attachmentOf, idOf, readPage } from '../pages.js';

/** @typedef {import('../pages.js').Page} Page */

/** A new wiki, and what a person does in it without Lakeside. @returns {Promise<import('@lakeside/plugin-kit/testing').WikiFixture>} */
async function newWiki() {
  const folder = await mkdtemp(join(tmpdir(), 'folder-wiki-'));
  await mkdir(join(folder, 'home'));
  const settings = { folder, site: 'https://wiki.example.org/', space: 'home' };
  const make = () => plugin.create(settings, testSurroundings({ label: 'The folder' }));

  /** @param {string} id @param {(page: Page) => Partial<Page>} change */
  async function change(id, change) {
    const page = await readPage(folder, id);
    if (page === undefined) throw new Error(`There is no page ${id}.`);
    const { id: _, space: __, version, ...content } = page;
    const made = await addVersion(folder, id, version, { ...content, editor: 'Ada', ...change(page) });
    expect(made).toBe(true);
  }

  return {
    target: await make(),
    other: await make(),
    edit: (id, edit) => change(id, ({ body }) => ({ body: edit(body) })),
    rename: (id, title) => change(id, () => ({ title })).then(() => id),
    remove: id => change(id, () => ({ deleted: true })),
    restore: ({ id }) => change(id, () => ({ deleted: false })),
    add: async (title, body) => {
      await addVersion(folder, idOf('home', title, 0), 0, { title, body, editor: 'Ada', at: new Date().toISOString() });
    },
    file: (id, name) => readFile(attachmentOf(folder, id, name)).catch(() => undefined),
    dispose: () => rm(folder, { recursive: true })
  };
}

wikiTargetSuite('a folder of Markdown files', newWiki);

test('says what is wrong with the folder', async () => {
  const settings = { folder: '/nowhere/at/all', site: 'https://wiki.example.org/', space: 'home' };
  const wiki = await plugin.create(settings, testSurroundings({ label: 'The folder' }));
  await expect(wiki.check()).rejects.toMatchObject({ code: 'target-unreachable' });
});

test('says what the account lacks', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'folder-wiki-'));
  const wiki = await plugin.create({ folder, site: 'https://wiki.example.org/', space: 'home' }, testSurroundings());
  expect((await wiki.check()).lacks).toEqual([`There is no space home in ${folder}. Make that folder.`]);
  await rm(folder, { recursive: true });
});

test('takes no path for the id of a page, nor for the name of a file', async () => {
  const { target, dispose } = await newWiki();
  for (const id of ['../x', 'home/../../x', `home/${'0'.repeat(20)}/..`, '/etc/passwd', '.hidden/00000000000000000000'])
    expect(await target.read(id)).toBeUndefined();
  const page = await target.create({ title: 'A', body: 'x', summary: '' });
  const attachment = { name: '../../x.png', type: /** @type {const} */ ('image/png'), sha256: '', size: 1, file: '/etc/hostname' };
  await expect(target.upload(page.id, attachment)).rejects.toThrow('no name of a file');
  await dispose();
});
