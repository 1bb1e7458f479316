import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { ShareResult } from '../../../../contract/share/index.js';
import { systemClock } from '../../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../../server/ids.js';
import type { MadePage } from '../../../../server/share/ports.js';
import { ada, eve, notebook, shareHome } from '../../../support/share/home.js';

const big = (letter: string) => ({ source: 'plot()', output: letter.repeat(5000) });

test('a first share makes a page with one version, from all that was chosen', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# Flights\nAll of them.', big('x')]));
  const p = home.start();
  const job = await p.shareJob('a.ipynb', {
    tags: ['eda', 'eda'],
    groups: ['team'],
    provenance: { packages: [{ name: 'pandas', version: '2.0' }] }
  });
  expect(job.steps.map(step => [step.name, step.state])).toEqual([
    ['read', 'done'],
    ['scan', 'done'],
    ['render', 'done'],
    ['upload', 'done'],
    ['page', 'done'],
    ['verify', 'done']
  ]);
  const result = ShareResult.parse(job.result);
  expect(result).toMatchObject({ outcome: 'created', versionNumber: 1, title: 'Flights', notes: [] });
  expect(result.page).toBe(`library/notebooks/${result.notebookId}`);
  const entry = await p.catalogue.get(ada, result.notebookId);
  expect(entry?.item).toMatchObject({ title: 'Flights', tags: ['eda'], groups: ['team'], owner: 'ada', versions: 1 });
  expect(entry?.item.audience).toEqual({ kind: 'everyone' });
  expect(entry?.versions[0]).toMatchObject({
    versionId: result.versionId,
    author: 'ada',
    hideCode: false,
    provenance: { kernel: { name: 'python3' }, packages: [{ name: 'pandas', version: '2.0' }] }
  });
  // The large output, the snapshot, the manifest and the event, each once.
  expect(home.puts).toHaveLength(4);
  expect(result.objectWrites).toBe(4);
  expect(result.bytesWritten).toBeGreaterThan(0);
  expect(existsSync(join(home.folder, 'work', 'shares'))).toBe(true);
  await vi.waitFor(() => expect(readdirSync(join(home.folder, 'work', 'shares'))).toEqual([]));
});

test('an unchanged notebook writes nothing and says so, also with a new id in it', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A', big('x')]));
  const p = home.start();
  const first = await p.share('a.ipynb', { tags: ['t'] });
  const before = home.puts.length;
  home.write('a.ipynb', notebook(['# A', big('x')], first.notebookId));
  const job = await p.shareJob('a.ipynb');
  expect(job.result).toMatchObject({
    outcome: 'unchanged',
    objectWrites: 0,
    bytesWritten: 0,
    notebookId: first.notebookId,
    versionId: first.versionId,
    versionNumber: 1
  });
  expect(job.steps.map(step => step.state)).toEqual(['done', 'done', 'skipped', 'skipped', 'skipped', 'skipped']);
  expect(home.puts).toHaveLength(before);
});

test('a change makes version 2 at the same address; what did not change is not stored again', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A', big('x'), big('y')]));
  const p = home.start();
  const first = await p.share('a.ipynb', { title: 'Mine', tags: ['t'], hideCode: true });
  home.puts.length = 0;
  home.write('a.ipynb', notebook(['# Another heading', big('x'), big('z')]));
  const second = await p.share('a.ipynb');
  expect(second).toMatchObject({ outcome: 'updated', versionNumber: 2, notebookId: first.notebookId, title: 'Mine' });
  expect(second.page).toBe(first.page);
  // One changed output, the snapshot, the manifest, the event.
  expect(home.puts).toHaveLength(4);
  const entry = await p.catalogue.get(ada, first.notebookId);
  expect(entry?.item.tags).toEqual(['t']);
  expect(entry?.versions.map(version => [version.number, version.hideCode, version.parent])).toEqual([
    [2, true, first.versionId],
    [1, true, undefined]
  ]);
});

test('only the details changed: one event, no version', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start();
  const first = await p.share('a.ipynb', { tags: ['t'] });
  home.puts.length = 0;
  const second = await p.share('a.ipynb', { title: 'B', tags: ['t'], audience: { kind: 'owner' } });
  expect(second).toMatchObject({ outcome: 'details', versionId: first.versionId, title: 'B', objectWrites: 1 });
  expect(home.puts).toHaveLength(1);
  const entry = await p.catalogue.get(ada, first.notebookId);
  expect(entry?.item).toMatchObject({ title: 'B', tags: ['t'], audience: { kind: 'owner' }, versions: 1 });
  expect(await p.catalogue.get(eve, first.notebookId)).toBeUndefined();
});

test('hiding the code is a new version of the same content', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start();
  const first = await p.share('a.ipynb');
  const second = await p.share('a.ipynb', { hideCode: true });
  expect(second).toMatchObject({ outcome: 'updated', versionNumber: 2, contentHash: first.contentHash });
  expect((await p.share('a.ipynb')).outcome).toBe('unchanged');
});

test('a notebook that was taken out of the Library comes back when it is shared again', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start();
  const first = await p.share('a.ipynb');
  const remove = async () => {
    const { lastEvent = '' } = (await p.catalogue.get(ada, first.notebookId)) ?? {};
    await p.archive.append(
      {
        type: 'deleted',
        id: home.ids.next(lastEvent),
        notebookId: first.notebookId,
        author: 'ada',
        at: '2026-01-01T00:00:00.000Z'
      },
      { objects: 0, bytes: 0 }
    );
  };
  await remove();
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('deleted');
  const back = await p.share('a.ipynb');
  expect(back).toMatchObject({ outcome: 'updated', versionNumber: 1, objectWrites: 1 });
  expect(back.notes[0]).toContain('is back');
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('up-to-date');

  await remove();
  home.write('a.ipynb', notebook(['# B']));
  expect(await p.share('a.ipynb', { title: 'New' })).toMatchObject({ outcome: 'updated', versionNumber: 2 });
  expect((await p.catalogue.get(ada, first.notebookId))?.item).toMatchObject({ title: 'New', versions: 2 });
  expect((await p.catalogue.get(ada, first.notebookId))?.item.deletedAt).toBeUndefined();
});

test('titles: the one given, the last one, the first heading, the file name; always one that may be shown', async () => {
  const home = shareHome();
  const p = home.start();
  const titles: [string, string, object][] = [
    ['plain name.ipynb', notebook(['no heading']), {}],
    ['h.ipynb', notebook(['# \u202eevil\u0007 heading']), {}],
    ['long.ipynb', notebook([`# ${'😀'.repeat(300)}`]), {}],
    ['\u202e.ipynb', notebook(['x']), {}],
    ['g.ipynb', notebook(['# Heading']), { title: ' Given ' }]
  ];
  const found: string[] = [];
  for (const [path, text, more] of titles) {
    home.write(path, text);
    found.push((await p.share(path, more)).title);
  }
  expect(found).toEqual(['plain name', 'evil heading', '😀'.repeat(100), 'Untitled', 'Given']);
});

test('two shares at once end as one version and one "unchanged"', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A', big('x')]));
  const [one, two] = [home.start(), home.start()];
  const results = await Promise.all([one.share('a.ipynb'), two.share('a.ipynb'), one.share('a.ipynb')]);
  expect(new Set(results.map(result => result.notebookId)).size).toBe(1);
  expect(results.map(result => result.outcome).sort()).toEqual(['created', 'unchanged', 'unchanged']);
  expect((await one.catalogue.get(ada, results[0].notebookId))?.versions).toHaveLength(1);
});

test('the file may change while it is shared: what was taken is published, the next share takes the rest', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start({
    failPoint: name => {
      if (name === 'share:identified') home.write('a.ipynb', notebook(['# A', 'more']));
    }
  });
  const first = await p.share('a.ipynb');
  expect((await p.service.state(ada, { path: 'a.ipynb' })).state).toBe('changed');
  expect(await p.share('a.ipynb')).toMatchObject({ outcome: 'updated', notebookId: first.notebookId });
});

test('a title changed in the Library while a new version is rendered stays', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const hook: { change?: () => Promise<void> } = {};
  const p = home.start({ failPoint: async name => (name === 'share:rendered' ? hook.change?.() : undefined) });
  const first = await p.share('a.ipynb');
  hook.change = async () => {
    const { lastEvent = '' } = (await p.catalogue.get(ada, first.notebookId)) ?? {};
    const common = { id: home.ids.next(lastEvent), notebookId: first.notebookId, author: 'ada' };
    await p.archive.append(
      { type: 'described', ...common, at: '2026-01-01T00:00:00.000Z', title: 'Renamed' },
      { objects: 0, bytes: 0 }
    );
  };
  home.write('a.ipynb', notebook(['# A', 'more']));
  expect(await p.share('a.ipynb')).toMatchObject({ versionNumber: 2, title: 'Renamed' });
});

test('the same opId gives the same job, also long after', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const p = home.start();
  const opId = home.ids.next();
  const one = await p.shareJob('a.ipynb', { opId });
  home.write('a.ipynb', notebook(['# B']));
  const two = await p.shareJob('a.ipynb', { opId });
  expect(two).toEqual(one);
  await expect(p.shareJob('a.ipynb', { opId }, eve)).rejects.toMatchObject({ code: 'conflict' });
});

test('a machine whose clock is behind makes versions and changes that count all the same', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A']));
  const first = await home.start().share('a.ipynb');
  const behind = createIds({ ...systemClock, now: () => Date.now() - 3_600_000 });
  const p = home.start({ ids: behind });
  home.write('a.ipynb', notebook(['# A', 'more']));
  const second = await p.share('a.ipynb');
  expect(second.versionId > first.versionId).toBe(true);
  expect(second).toMatchObject({ outcome: 'updated', versionNumber: 2 });
  expect(await home.start({ ids: behind }).share('a.ipynb', { title: 'B' })).toMatchObject({ title: 'B' });
  expect(await home.start().service.state(ada, { path: 'a.ipynb' })).toMatchObject({
    state: 'up-to-date',
    published: { title: 'B', versionNumber: 2 }
  });
});

test('the page of each version is handed on for its first reader, and a share does not fail with that', async () => {
  const home = shareHome();
  home.write('a.ipynb', notebook(['# A', big('x')]));
  const kept: MadePage[] = [];
  const p = home.start({
    keepPage: async page => {
      expect(existsSync(page.documentFile)).toBe(true);
      kept.push(page);
      throw new Error('no room');
    }
  });
  expect(await p.share('a.ipynb', { title: 'Mine', hideCode: true })).toMatchObject({ outcome: 'created' });
  expect(kept).toMatchObject([{ title: 'Mine', hideCode: true, figures: [] }]);
  await p.share('a.ipynb');
  expect(kept).toHaveLength(1);
});
