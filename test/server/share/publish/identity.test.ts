import { copyFileSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Archive } from '../../../../server/share/archive/types.js';
import { ada, eve, notebook, shareHome } from '../../../support/share/home.js';

/** A home with `a.ipynb` shared, its id in its metadata as the browser writes it. */
async function shared() {
  const home = shareHome();
  const p = home.start();
  home.write('a.ipynb', notebook(['# A']));
  const { notebookId } = await p.share('a.ipynb');
  home.write('a.ipynb', notebook(['# A'], notebookId));
  const at = (path: string) => join(home.rootDir, path);
  const state = (path: string) => p.service.state(ada, { path });
  const copy = (from: string, to: string) => {
    mkdirSync(join(at(to), '..'), { recursive: true });
    copyFileSync(at(from), at(to));
  };
  const move = (from: string, to: string) => {
    mkdirSync(join(at(to), '..'), { recursive: true });
    renameSync(at(from), at(to));
  };
  return { ...home, p, notebookId, at, state, copy, move };
}

test('renamed in Jupyter: the same page', async () => {
  const { p, event, move, state, notebookId } = await shared();
  move('a.ipynb', 'b.ipynb');
  event('rename', 'b.ipynb', 'a.ipynb');
  expect(await state('b.ipynb')).toMatchObject({ standing: 'known', state: 'up-to-date', notebookId });
  expect((await p.share('b.ipynb')).outcome).toBe('unchanged');
});

test('renamed in Jupyter without an id in it, as the command line shares: the same page', async () => {
  const { p, write, event, move, notebookId } = await shared();
  write('a.ipynb', notebook(['# changed']));
  move('a.ipynb', 'sub/b.ipynb');
  event('rename', 'sub/b.ipynb', 'a.ipynb');
  expect(await p.share('sub/b.ipynb')).toMatchObject({ notebookId, versionNumber: 2 });
});

test('its folder renamed in Jupyter: the same page', async () => {
  const { p, write, event, move, state } = await shared();
  write('d/e/n.ipynb', notebook(['# N']));
  const { notebookId } = await p.share('d/e/n.ipynb');
  move('d', 'f');
  event('rename', 'f', 'd');
  expect(await state('f/e/n.ipynb')).toMatchObject({ standing: 'known', notebookId });
});

test('moved behind Jupyter’s back: found by its id; the binding follows', async () => {
  const { p, move, state, notebookId, at } = await shared();
  move('a.ipynb', 'elsewhere/b.ipynb');
  expect(await state('elsewhere/b.ipynb')).toMatchObject({ standing: 'moved', state: 'up-to-date', notebookId });
  expect(await p.share('elsewhere/b.ipynb')).toMatchObject({ outcome: 'unchanged', notebookId });
  expect((await state('elsewhere/b.ipynb')).standing).toBe('known');
  expect(p.state.bindings.of(notebookId).map(bound => bound.place.path)).toEqual([at('elsewhere/b.ipynb')]);
});

test.each(['b.ipynb', 'sub/a.ipynb'])('a copy (%s) is put to the person', async path => {
  const { p, copy, state, notebookId, at } = await shared();
  copy('a.ipynb', path);
  expect(await state(path)).toEqual({
    path,
    notebookId,
    standing: 'duplicate',
    state: 'not-shared',
    original: { path: at('a.ipynb'), owner: 'ada', title: 'A' }
  });
  const refused = await p.shareJob(path);
  expect(refused).toMatchObject({ state: 'failed', problem: { code: 'same-id', status: 409 } });
  expect((await state(path)).standing).toBe('duplicate');
});

test('a copy published as new has a page of its own, also when its metadata keep the old id', async () => {
  const { p, write, copy, state, notebookId } = await shared();
  copy('a.ipynb', 'b.ipynb');
  const own = await p.share('b.ipynb', { duplicate: 'new' });
  expect(own).toMatchObject({ outcome: 'created', versionNumber: 1 });
  expect(own.notebookId).not.toBe(notebookId);
  expect(await state('b.ipynb')).toMatchObject({ standing: 'known', notebookId: own.notebookId });
  expect((await p.share('b.ipynb')).outcome).toBe('unchanged');
  // The browser writes the id it got.
  write('b.ipynb', notebook(['# A'], own.notebookId));
  expect(await state('b.ipynb')).toMatchObject({ standing: 'known', state: 'up-to-date', notebookId: own.notebookId });
  // The original stays what it was.
  expect(await state('a.ipynb')).toMatchObject({ standing: 'known', notebookId });
});

test('a copy may update the page it was copied from', async () => {
  const { p, write, state, notebookId } = await shared();
  write('b.ipynb', notebook(['# A', 'more'], notebookId));
  expect(await p.share('b.ipynb', { duplicate: 'update' })).toMatchObject({ notebookId, versionNumber: 2 });
  expect(await state('b.ipynb')).toMatchObject({ standing: 'known', state: 'up-to-date' });
  expect(await state('a.ipynb')).toMatchObject({ standing: 'known', state: 'changed' });
});

test('once the original is gone, the copy is the notebook', async () => {
  const { p, copy, state, notebookId, at } = await shared();
  copy('a.ipynb', 'b.ipynb');
  rmSync(at('a.ipynb'));
  expect(await state('b.ipynb')).toMatchObject({ standing: 'moved', notebookId });
  expect((await p.share('b.ipynb')).notebookId).toBe(notebookId);
});

test('another person’s notebook: asked, never theirs to update', async () => {
  const { p, copy, notebookId } = await shared();
  copy('a.ipynb', 'b.ipynb');
  expect(await p.service.state(eve, { path: 'b.ipynb' })).toMatchObject({
    standing: 'duplicate',
    original: { owner: 'ada' }
  });
  expect((await p.shareJob('b.ipynb', {}, eve)).problem).toMatchObject({ code: 'same-id' });
  expect((await p.shareJob('b.ipynb', { duplicate: 'update' }, eve)).problem).toMatchObject({ code: 'forbidden' });
  const own = await p.share('b.ipynb', { duplicate: 'new' }, eve);
  expect(own.notebookId).not.toBe(notebookId);
  expect((await p.catalogue.get(eve, own.notebookId))?.item.owner).toBe('eve');
  expect((await p.catalogue.get(ada, notebookId))?.item).toMatchObject({ owner: 'ada', versions: 1 });
});

test('another person’s private page is not written to by its id, and not told about', async () => {
  const { p, write, notebookId } = await shared();
  await p.share('a.ipynb', { audience: { kind: 'owner' } });
  p.state.bindings.remove({ root: 'file:', path: p.state.bindings.of(notebookId)[0]?.place.path ?? '' });
  write('stolen.ipynb', notebook(['# Mine now'], notebookId));
  const state = await p.service.state(eve, { path: 'stolen.ipynb' });
  expect(state).toMatchObject({ standing: 'duplicate', original: { owner: 'ada' } });
  expect(state.original?.title).toBeUndefined();
  expect((await p.shareJob('stolen.ipynb', { duplicate: 'update' }, eve)).problem).toMatchObject({ code: 'forbidden' });
  expect((await p.catalogue.get(ada, notebookId))?.versions).toHaveLength(1);
});

test('the state was lost: known again by the id it carries', async () => {
  const { p, state, notebookId, at } = await shared();
  p.state.bindings.remove({ root: 'file:', path: at('a.ipynb') });
  expect(await state('a.ipynb')).toMatchObject({ standing: 'moved', state: 'up-to-date', notebookId });
  expect(await p.share('a.ipynb')).toMatchObject({ outcome: 'unchanged', notebookId });
});

test.each(['', 'not an id', '01ARZ3NDEKTSV4RRFFQ69G5FAVX', 7, null, { a: 1 }, '../../x'])(
  'a broken id (%j) counts as none',
  async id => {
    const { p, write, state, notebookId } = await shared();
    write('a.ipynb', notebook(['# A'], id));
    expect(await state('a.ipynb')).toMatchObject({ standing: 'known', notebookId });
    write('fresh.ipynb', notebook(['# F'], id));
    expect((await state('fresh.ipynb')).standing).toBe('new');
    const fresh = await p.share('fresh.ipynb');
    expect(fresh.outcome).toBe('created');
    expect(fresh.notebookId).not.toBe(id);
  }
);

test('a valid id that nobody knows is kept: the browser writes it before it shares', async () => {
  const { p, write, state } = await shared();
  write('n.ipynb', notebook(['# N']));
  const { notebookId } = await state('n.ipynb');
  write('n.ipynb', notebook(['# N'], notebookId));
  expect(await state('n.ipynb')).toMatchObject({ standing: 'new', state: 'not-shared', notebookId });
  expect((await p.share('n.ipynb')).notebookId).toBe(notebookId);
});

test('a fork has no id and becomes a notebook of its own', async () => {
  const { p, write, state, notebookId } = await shared();
  write('fork.ipynb', notebook(['# A']));
  expect((await state('fork.ipynb')).standing).toBe('new');
  const fork = await p.share('fork.ipynb');
  expect(fork).toMatchObject({ outcome: 'created' });
  expect(fork.notebookId).not.toBe(notebookId);
});

test('another notebook moved onto a shared one keeps its own page', async () => {
  const { p, write, move, state, notebookId } = await shared();
  write('b.ipynb', notebook(['# B']));
  const b = await p.share('b.ipynb');
  write('b.ipynb', notebook(['# B'], b.notebookId));
  move('b.ipynb', 'a.ipynb');
  expect(await state('a.ipynb')).toMatchObject({ standing: 'moved', notebookId: b.notebookId });
  expect((await p.share('a.ipynb')).notebookId).toBe(b.notebookId);
  expect((await p.catalogue.get(ada, notebookId))?.versions).toHaveLength(1);
});

test('another notebook copied onto a shared one is put to the person', async () => {
  const { p, write, copy, state } = await shared();
  write('b.ipynb', notebook(['# B']));
  const b = await p.share('b.ipynb');
  write('b.ipynb', notebook(['# B'], b.notebookId));
  copy('b.ipynb', 'a.ipynb');
  expect(await state('a.ipynb')).toMatchObject({ standing: 'duplicate', notebookId: b.notebookId });
});

test('deleted in Jupyter and put back: known by its id, or by its content', async () => {
  const { p, write, event, state, notebookId, at } = await shared();
  rmSync(at('a.ipynb'));
  event('delete', 'a.ipynb');
  write('a.ipynb', notebook(['# A', 'changed'], notebookId));
  expect(await state('a.ipynb')).toMatchObject({ standing: 'known', state: 'changed', notebookId });
  write('a.ipynb', notebook(['# A']));
  expect(await state('a.ipynb')).toMatchObject({ standing: 'known', state: 'up-to-date', notebookId });
  expect((await p.share('a.ipynb')).outcome).toBe('unchanged');
  write('a.ipynb', notebook(['# Quite another thing']));
  expect((await state('a.ipynb')).standing).toBe('known');
});

test('deleted in Jupyter, and another notebook takes its name: a page of its own', async () => {
  const { p, write, event, state, notebookId, at } = await shared();
  rmSync(at('a.ipynb'));
  event('delete', 'a.ipynb');
  write('a.ipynb', notebook(['# Quite another thing']));
  expect(await state('a.ipynb')).toMatchObject({ standing: 'new', state: 'not-shared' });
  const other = await p.share('a.ipynb');
  expect(other.outcome).toBe('created');
  expect(other.notebookId).not.toBe(notebookId);
  expect((await p.catalogue.get(ada, notebookId))?.versions).toHaveLength(1);
});

test('a link to a shared notebook is that notebook', async () => {
  const { at, state, notebookId } = await shared();
  symlinkSync('a.ipynb', at('link.ipynb'));
  expect(await state('link.ipynb')).toMatchObject({ standing: 'known', notebookId, path: 'link.ipynb' });
});

test('the command line and another Jupyter root mean the same notebook', async () => {
  const { start, at, notebookId } = await shared();
  const cli = start({ root: { kind: 'anywhere', workingDirectory: '/' } });
  expect(await cli.service.state(ada, { path: at('a.ipynb') })).toMatchObject({ standing: 'known', notebookId });
  const other = start({ root: { kind: 'folder', path: at('..'), allowHidden: false } });
  expect(await other.service.state(ada, { path: 'notebooks/a.ipynb' })).toMatchObject({
    standing: 'known',
    notebookId
  });
});

test('a new notebook shared by two processes at once gets one id and one page', async () => {
  const home = shareHome();
  home.write('n.ipynb', notebook(['# N']));
  const processes = [home.start(), home.start(), home.start()];
  const results = await Promise.all(processes.map(p => p.share('n.ipynb')));
  expect(new Set(results.map(result => result.notebookId)).size).toBe(1);
  expect(results.filter(result => result.outcome === 'created')).toHaveLength(1);
});

test('two copies of one unknown id shared at once: one keeps it, the other is put to the person', async () => {
  const home = shareHome();
  const id = home.ids.next();
  for (const path of ['x.ipynb', 'y.ipynb']) home.write(path, notebook(['# N'], id));
  // Both have looked before either has decided, unless they take turns.
  const archive = (real: Archive): Archive => ({
    ...real,
    head: async notebookId => {
      await new Promise(resolve => setTimeout(resolve, 100));
      return real.head(notebookId);
    }
  });
  const [one, two] = [home.start({ archive }), home.start({ archive })];
  const jobs = await Promise.all([one.shareJob('x.ipynb'), two.shareJob('y.ipynb')]);
  expect(jobs.map(job => job.problem?.code ?? job.state).sort()).toEqual(['same-id', 'succeeded']);
});
