import { statSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ShareState } from '../../../../contract/share/index.js';
import { createMemoryRenderer } from '../../../support/share/memoryRenderer.js';
import { ada, notebook, shareHome } from '../../../support/share/home.js';

test('not shared, up to date, changed, and all that was published', async () => {
  const home = shareHome();
  const p = home.start();
  home.write('a.ipynb', notebook(['# A']));
  expect(await p.service.state(ada, { path: 'a.ipynb' })).toMatchObject({ standing: 'new', state: 'not-shared' });
  const shared = await p.share('a.ipynb', { tags: ['t'], groups: ['g'], hideCode: true });
  const state = ShareState.parse(await p.service.state(ada, { path: 'a.ipynb' }));
  expect(state).toMatchObject({
    path: 'a.ipynb',
    standing: 'known',
    state: 'up-to-date',
    notebookId: shared.notebookId,
    published: {
      versionId: shared.versionId,
      versionNumber: 1,
      title: 'A',
      tags: ['t'],
      groups: ['g'],
      hideCode: true,
      owner: 'ada',
      page: shared.page,
      target: 'library'
    }
  });
  home.write('a.ipynb', notebook(['# A', 'more']));
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('changed');
});

test('an unchanged file is not read again, by no process', async () => {
  const home = shareHome();
  const renderer = createMemoryRenderer();
  const p = home.start();
  home.write('a.ipynb', notebook(['# A']));
  await p.share('a.ipynb');
  const other = home.start({ renderer });
  for (const _ of [1, 2]) expect((await other.service.state(ada, { path: 'a.ipynb' })).state).toBe('up-to-date');
  expect(renderer.calls).toEqual([]);
  home.write('a.ipynb', notebook(['# A', 'more']));
  for (const _ of [1, 2, 3]) expect((await other.service.state(ada, { path: 'a.ipynb' })).state).toBe('changed');
  expect(renderer.calls).toEqual(['inspect']);
});

test('asked many times at once, a file is read once', async () => {
  const home = shareHome();
  const renderer = createMemoryRenderer();
  const p = home.start({ renderer });
  home.write('a.ipynb', notebook(['# A']));
  const states = await Promise.all(Array.from({ length: 8 }, () => p.service.state(ada, { path: 'a.ipynb' })));
  expect(states.every(state => state.state === 'not-shared')).toBe(true);
  expect(renderer.calls).toEqual(['inspect']);
});

test('a change that keeps size and second on a disk with coarse times is noticed', async () => {
  const home = shareHome();
  const p = home.start();
  const file = join(home.rootDir, 'a.ipynb');
  const now = Math.floor(Date.now() / 1000);
  home.write('a.ipynb', notebook(['# A']));
  utimesSync(file, now, now);
  await p.share('a.ipynb');
  writeFileSync(file, notebook(['# B']));
  utimesSync(file, now, now);
  expect(statSync(file).mtimeMs).toBe(now * 1000);
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('changed');
});

test('what cannot be read is a typed problem', async () => {
  const home = shareHome();
  const p = home.start();
  home.write('broken.ipynb', '{"cells": [');
  await expect(p.service.state(ada, { path: 'broken.ipynb' })).rejects.toMatchObject({ code: 'not-a-notebook' });
  await expect(p.service.state(ada, { path: 'nothing.ipynb' })).rejects.toMatchObject({ code: 'file-not-found' });
  await expect(p.service.state(ada, { path: '../x' })).rejects.toMatchObject({ code: 'path-refused' });
});

test('contents that are no files: shared from an upload, changed by a save', async () => {
  const home = shareHome();
  const p = home.start({ root: { kind: 'none', name: 'contents:' } });
  const state = (metadataId?: string) => p.service.state(ada, { path: 'drive:a.ipynb', metadataId });
  expect(await state()).toMatchObject({ standing: 'new', state: 'not-shared' });
  const upload = async (text: string) => {
    const uploadId = home.ids.next();
    await p.service.upload(
      ada,
      uploadId,
      (async function* () {
        yield Buffer.from(text);
      })()
    );
    return { source: { kind: 'upload', uploadId } };
  };
  const first = await p.share('drive:a.ipynb', await upload(notebook(['# A'])));
  expect(first).toMatchObject({ outcome: 'created', title: 'A' });
  expect(await state(first.notebookId)).toMatchObject({ standing: 'known', state: 'up-to-date' });
  home.event('save', 'drive:a.ipynb', null, null);
  expect((await state(first.notebookId)).state).toBe('changed');
  expect((await p.share('drive:a.ipynb', await upload(notebook(['# A'])))).outcome).toBe('unchanged');
  expect((await state(first.notebookId)).state).toBe('up-to-date');
  home.event('rename', 'drive:b.ipynb', 'drive:a.ipynb', null);
  expect(await p.service.state(ada, { path: 'drive:b.ipynb' })).toMatchObject({
    standing: 'known',
    notebookId: first.notebookId
  });
  expect((await p.service.state(ada, { path: 'drive:copy.ipynb', metadataId: first.notebookId })).standing).toBe(
    'duplicate'
  );
});

test('the file of a page is found again, where it is still there and the person’s own', async () => {
  const home = shareHome();
  const p = home.start();
  home.write('a.ipynb', notebook(['# A']));
  const { notebookId } = await p.share('a.ipynb');
  expect(await p.service.filesOf(ada, notebookId)).toEqual(['a.ipynb']);
  expect(await p.service.filesOf({ ...ada, name: 'eve' }, notebookId)).toEqual([]);
  unlinkSync(join(home.rootDir, 'a.ipynb'));
  expect(await p.service.filesOf(ada, notebookId)).toEqual([]);
});
