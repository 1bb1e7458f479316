import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ada, eve, historyHome, laySave, notebookOf, textOf } from '../../support/history.js';
import type { HistoryHome } from '../../support/history.js';

let home: HistoryHome;
beforeEach(() => {
  home = historyHome();
});
afterEach(() => home.close());

const never = new AbortController().signal;
const timeline = (path: string, more: { before?: string; limit?: number } = {}) =>
  home.service.timeline(ada, { path, limit: 100, ...more });
/** All versions of a notebook as they were, newest first. */
async function contents(path: string): Promise<string[]> {
  const { notebook, versions } = await timeline(path);
  const all = [];
  for (const { versionId } of versions) {
    const { stream } = await home.service.notebook(ada, { historyId: notebook!.historyId, versionId });
    all.push(await textOf(stream));
  }
  return all;
}

describe('a version', () => {
  test('is made of each save that says something new, byte by byte', async () => {
    const [one, two] = [notebookOf(['a', 'b']), notebookOf(['a', 'B'])];
    home.save('a.ipynb', one);
    home.clock.move(60_000);
    home.save('a.ipynb', one);
    home.save('a.ipynb', two, { by: 'eve' });
    home.save('a.ipynb', one);
    expect(await contents('a.ipynb')).toEqual([one, two, one]);
    const { versions, notebook, enabled } = await timeline('a.ipynb');
    expect(enabled).toBe(true);
    expect(versions.map(({ by, kind, counts, strip }) => [by, kind, counts.changed, strip])).toEqual([
      ['ada Lovelace', 'save', 1, '.c'],
      ['eve Lovelace', 'save', 1, '.c'],
      ['ada Lovelace', 'save', 0, 'aa']
    ]);
    expect(versions.map(version => version.versionId)).toEqual(
      versions.map(version => version.versionId).sort((a, b) => (a < b ? 1 : -1))
    );
    // Going back to what was there before costs next to nothing.
    expect(versions[0]!.cost).toBeLessThan(300);
    expect(notebook).toMatchObject({ path: 'a.ipynb', versions: 3, size: one.length });
    expect(home.saves()).toEqual([]);
  });

  test('is made once of each copy, however often it is taken in', async () => {
    const content = notebookOf(['a']);
    const file = join(home.root, 'a.ipynb');
    writeFileSync(file, content);
    const name = laySave(home.home, { path: file, at: 1_700_000_000_000, content });
    expect(await contents('a.ipynb')).toEqual([content]);
    // Killed before it was removed, while something newer was saved.
    home.save('a.ipynb', notebookOf(['b']));
    const again = laySave(home.home, { path: file, at: 1_700_000_000_000, content });
    writeFileSync(join(home.home, 'history', 'saves', name), readFileSync(join(home.home, 'history', 'saves', again)));
    rmSync(join(home.home, 'history', 'saves', again));
    expect(await contents('a.ipynb')).toEqual([notebookOf(['b']), content]);
  });

  test('keeps what is no notebook as it is', async () => {
    const broken = '{"cells": [ this is no JSON \u0000';
    home.save('a.ipynb', broken);
    expect(await contents('a.ipynb')).toEqual([broken]);
    expect((await timeline('a.ipynb')).versions[0]!.counts.cells).toBe(0);
    home.save('empty.ipynb', '');
    expect(await contents('empty.ipynb')).toEqual(['']);
  });

  test('any two texts come back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary', maxLength: 2000 }), { maxLength: 4 }), async sources => {
        const content = Buffer.from(notebookOf(sources)).toString('utf8');
        home.save('any.ipynb', content);
        expect((await contents('any.ipynb'))[0]).toBe(content);
      }),
      { numRuns: 30 }
    );
  });

  test('is found by pages, oldest last, and the last of a page is compared with the next', async () => {
    for (let n = 0; n < 7; n++) home.save('a.ipynb', notebookOf([`${n}`, 'same']));
    const first = await timeline('a.ipynb', { limit: 3 });
    expect(first.versions.map(version => version.strip)).toEqual(['c.', 'c.', 'c.']);
    const second = await timeline('a.ipynb', { limit: 3, before: first.next! });
    const third = await timeline('a.ipynb', { limit: 3, before: second.next! });
    expect(third.next).toBeUndefined();
    const ids = [first, second, third].flatMap(page => page.versions.map(version => version.versionId));
    expect(new Set(ids).size).toBe(7);
    expect(third.versions.map(version => version.strip)).toEqual(['aa']);
  });

  test('has cells that are given one by one', async () => {
    home.save('a.ipynb', notebookOf(['first', 'x'.repeat(40_000)]));
    const { notebook, versions } = await timeline('a.ipynb');
    const id = { historyId: notebook!.historyId, versionId: versions[0]!.versionId };
    const cell = async (number: number) => {
      const { stream } = await home.service.cell(ada, id, number);
      return JSON.parse(await textOf(stream)) as { id: string; source: string[] };
    };
    expect(await cell(0)).toMatchObject({ id: 'cell-0', source: ['first'] });
    expect((await cell(1)).source[0]).toHaveLength(40_000);
    await expect(cell(2)).rejects.toMatchObject({ code: 'not-found', message: expect.stringContaining('no cell 3') });
  });

  test('is compared with the one before it, the first one with nothing', async () => {
    home.save('a.ipynb', notebookOf(['a']));
    home.save('a.ipynb', notebookOf(['b']));
    const { notebook, versions } = await timeline('a.ipynb');
    const [newest, oldest] = versions;
    const historyId = notebook!.historyId;
    const diff = (versionId: string, against?: string) =>
      home.service.diff(ada, { historyId, versionId }, against, never);
    expect(await diff(newest!.versionId)).toMatchObject({
      versionId: newest!.versionId,
      against: oldest!.versionId
    });
    expect(await diff(oldest!.versionId)).not.toHaveProperty('against');
    expect(await diff(oldest!.versionId, newest!.versionId)).toMatchObject({ against: newest!.versionId });
    expect(home.compared).toHaveLength(3);
    expect(readdirSync(join(home.home, 'history', 'work'))).toEqual([]);
  });
});

describe('a notebook', () => {
  test('keeps its history when it, or its folder, is renamed', async () => {
    home.save('old/a.ipynb', notebookOf(['1']));
    home.tell('rename', 'old/b.ipynb', 'old/a.ipynb');
    home.save('old/b.ipynb', notebookOf(['2']));
    home.tell('rename', 'new', 'old');
    home.save('new/b.ipynb', notebookOf(['3']));
    expect(await contents('new/b.ipynb')).toEqual([notebookOf(['3']), notebookOf(['2']), notebookOf(['1'])]);
    expect((await timeline('old/a.ipynb')).versions).toEqual([]);
  });

  test('keeps it too where the rename is told after the next save', async () => {
    home.save('a.ipynb', notebookOf(['1']));
    await timeline('a.ipynb');
    home.clock.move(1000);
    home.tell('rename', 'b.ipynb', 'a.ipynb');
    const late = home.clock.now() + 10;
    const content = notebookOf(['2']);
    writeFileSync(join(home.root, 'b.ipynb'), content);
    const name = laySave(home.home, { path: join(home.root, 'b.ipynb'), at: late, content, order: 5 });
    expect(name.startsWith('0000000000000')).toBe(true);
    expect(await contents('b.ipynb')).toEqual([content, notebookOf(['1'])]);
  });

  test('that was deleted is listed, and comes back with its history', async () => {
    home.save('deep/a.ipynb', notebookOf(['1']));
    home.save('deep/a.ipynb', notebookOf(['2']));
    rmSync(join(home.root, 'deep'), { recursive: true });
    home.tell('delete', 'deep');
    home.clock.move(5000);
    const { notebooks } = await home.service.deleted(ada);
    expect(notebooks).toMatchObject([{ path: 'deep/a.ipynb', versions: 2 }]);
    const { historyId } = notebooks[0]!;
    expect((await home.service.timeline(ada, { historyId, limit: 10 })).versions).toHaveLength(2);
    expect(await home.service.bringBack(ada, historyId)).toEqual({ path: 'deep/a.ipynb' });
    expect(readFileSync(join(home.root, 'deep/a.ipynb'), 'utf8')).toBe(notebookOf(['2']));
    expect(readdirSync(join(home.root, 'deep'))).toEqual(['a.ipynb']);
    expect((await timeline('deep/a.ipynb')).notebook!.historyId).toBe(historyId);
    expect((await home.service.deleted(ada)).notebooks).toEqual([]);
    await expect(home.service.bringBack(ada, historyId)).rejects.toMatchObject({ code: 'conflict' });
  });

  test('never comes back over another file', async () => {
    home.save('a.ipynb', notebookOf(['old']));
    home.tell('delete', 'a.ipynb');
    home.clock.move(1000);
    home.save('a.ipynb', notebookOf(['another']));
    writeFileSync(join(home.root, 'a (restored).ipynb'), 'mine');
    const { notebooks } = await home.service.deleted(ada);
    expect(notebooks).toHaveLength(1);
    expect(await home.service.bringBack(ada, notebooks[0]!.historyId)).toEqual({ path: 'a (restored 2).ipynb' });
    expect(readFileSync(join(home.root, 'a.ipynb'), 'utf8')).toBe(notebookOf(['another']));
    expect(readFileSync(join(home.root, 'a (restored).ipynb'), 'utf8')).toBe('mine');
    expect(await contents('a.ipynb')).toEqual([notebookOf(['another'])]);
    expect(await contents('a (restored 2).ipynb')).toEqual([notebookOf(['old'])]);
  });

  test('that was removed outside Jupyter is listed, too; put back as it was, it is the same one', async () => {
    const content = notebookOf(['1']);
    home.save('a.ipynb', content);
    const { notebook } = await timeline('a.ipynb');
    rmSync(join(home.root, 'a.ipynb'));
    expect((await home.service.deleted(ada)).notebooks).toHaveLength(1);
    home.save('a.ipynb', content, { kind: 'before' });
    home.save('a.ipynb', notebookOf(['2']));
    expect((await timeline('a.ipynb')).notebook!.historyId).toBe(notebook!.historyId);
    expect((await home.service.deleted(ada)).notebooks).toEqual([]);
  });

  test('of the same name, made after another was deleted, is another one', async () => {
    home.save('Untitled.ipynb', notebookOf(['first']));
    home.tell('delete', 'Untitled.ipynb');
    home.clock.move(1000);
    home.save('Untitled.ipynb', notebookOf(['second']));
    expect(await contents('Untitled.ipynb')).toEqual([notebookOf(['second'])]);
    expect((await home.service.deleted(ada)).notebooks).toHaveLength(1);
  });
});

describe('nobody else', () => {
  test('sees or brings back what is not theirs', async () => {
    home.save('a.ipynb', notebookOf(['1']));
    const { notebook, versions } = await timeline('a.ipynb');
    const id = { historyId: notebook!.historyId, versionId: versions[0]!.versionId };
    const { service } = home;
    await expect(service.timeline(eve, { path: 'a.ipynb', limit: 1 })).rejects.toMatchObject({ code: 'forbidden' });
    for (const refused of [
      () => service.timeline(eve, { historyId: id.historyId, limit: 1 }),
      () => service.notebook(eve, id),
      () => service.cell(eve, id, 0),
      () => service.diff(eve, id, undefined, never),
      () => service.bringBack(eve, id.historyId)
    ]) {
      await expect(refused()).rejects.toMatchObject({ code: 'not-found' });
    }
    rmSync(join(home.root, 'a.ipynb'));
    expect((await service.deleted(eve)).notebooks).toEqual([]);
  });

  test('gets at what lies outside the folder, or is hidden', async () => {
    const outside = join(home.home, 'out.ipynb');
    writeFileSync(outside, notebookOf(['1']));
    laySave(home.home, { path: outside, at: 1, content: notebookOf(['1']) });
    symlinkSync(home.home, join(home.root, 'link'));
    mkdirSync(join(home.root, '.hidden'));
    home.save('.hidden/a.ipynb', notebookOf(['1']));
    await expect(timeline('link/out.ipynb')).rejects.toMatchObject({ code: 'path-refused' });
    await expect(timeline('../home/out.ipynb')).rejects.toMatchObject({ code: 'path-refused' });
    await expect(timeline('.hidden/a.ipynb')).rejects.toMatchObject({ code: 'file-not-found' });
    rmSync(outside);
    rmSync(join(home.root, '.hidden'), { recursive: true });
    expect((await home.service.deleted(ada)).notebooks).toEqual([]);
    for (const notebook of home.store.below('/', { gone: false, limit: 10 })) {
      await expect(home.service.timeline(ada, { historyId: notebook.id, limit: 1 })).rejects.toMatchObject({
        code: 'not-found'
      });
    }
  });

  test('is led out of the folder by a notebook that comes back', async () => {
    home.save('deep/a.ipynb', notebookOf(['1']));
    await timeline('deep/a.ipynb');
    rmSync(join(home.root, 'deep'), { recursive: true });
    const { notebooks } = await home.service.deleted(ada);
    symlinkSync(home.home, join(home.root, 'deep'));
    await expect(home.service.bringBack(ada, notebooks[0]!.historyId)).rejects.toMatchObject({ code: 'path-refused' });
    expect(existsSync(join(home.home, 'a.ipynb'))).toBe(false);
  });
});

test('history that is off takes nothing in and shows what there is', async () => {
  home.save('a.ipynb', notebookOf(['1']));
  await timeline('a.ipynb');
  const off = historyHome({ enabled: false });
  off.save('a.ipynb', notebookOf(['1']));
  expect(await off.service.timeline(ada, { path: 'a.ipynb', limit: 10 })).toEqual({ enabled: false, versions: [] });
  await off.close();
});

test('a copy that is none is set aside, and the others are taken in', async () => {
  mkdirSync(join(home.home, 'history', 'saves'), { recursive: true });
  writeFileSync(join(home.home, 'history', 'saves', `${'1'.padStart(20, '0')}-1-1.save`), 'no line of JSON');
  home.save('a.ipynb', notebookOf(['1']));
  expect(await contents('a.ipynb')).toHaveLength(1);
  expect(home.saves()).toEqual(['broken']);
});

test('thousand cells, a hundred versions: each costs what changed', async () => {
  const sources = Array.from({ length: 1000 }, (_, n) => `cell ${n} ${'text '.repeat(20)}`);
  home.save('a.ipynb', notebookOf(sources));
  for (let n = 0; n < 100; n++) {
    sources[(n * 37) % 1000] = `changed ${n}`;
    home.save('a.ipynb', notebookOf(sources));
  }
  const { versions } = await timeline('a.ipynb');
  expect(versions).toHaveLength(100);
  expect(Math.max(...versions.map(version => version.cost))).toBeLessThan(2500);
  expect(versions.every(({ counts }) => counts.changed === 1 && counts.added === 0)).toBe(true);
});
