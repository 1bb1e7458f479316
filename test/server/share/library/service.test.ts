import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { check } from '../../../../contract/client.js';
import { libraryRoutes } from '../../../../contract/share/library.js';
import type { Bytes } from '../../../../contract/route.js';
import type { Caller } from '../../../../server/ports.js';
import { libraryHandlers } from '../../../../server/share/library/routes.js';
import { keysOf } from '../../../support/archiveHome.js';
import { query } from '../../../support/library.js';
import { openLibraryHome } from '../../../support/libraryHome.js';

const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
const bob: Caller = { name: 'bob', groups: [], via: 'jupyter' };
const { signal } = new AbortController();
const DAY = 24 * 3_600_000;

let home: Awaited<ReturnType<typeof openLibraryHome>>;
let service: typeof home.service;
beforeEach(async () => {
  home = await openLibraryHome();
  ({ service } = home);
});
afterEach(() => home.dispose());

async function read(bytes: Bytes): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes.stream) chunks.push(chunk);
  const all = Buffer.concat(chunks);
  expect(all.length).toBe(bytes.size);
  return all.toString();
}

describe('lists', () => {
  it('answer in the shapes of the contract', async () => {
    await home.share(['# Churn of customers', 'import pandas'], { title: 'Churn' });
    const page = await service.list(ada, query({ q: 'customers' }));
    expect(check(libraryRoutes.list.response.schema, page, 'list')).toEqual(page);
    expect(page.items[0]).toMatchObject({ title: 'Churn', snippet: expect.stringContaining('\ue000customers\ue001') });
    expect(page.asOf).toBe(new Date(home.clock.now()).toISOString());
    const facets = await service.facets(ada);
    expect(check(libraryRoutes.facets.response.schema, facets, 'facets')).toEqual(facets);
    const { notebookId } = page.items[0]!;
    const notebook = await service.get(ada, notebookId);
    expect(check(libraryRoutes.get.response.schema, notebook, 'get')).toEqual(notebook);
    expect(notebook.imports).toEqual(['pandas']);
  });
});

describe('changing', () => {
  it('changes what is said of a notebook and makes no version', async () => {
    const { notebookId } = await home.share(['x = 1']);
    home.clock.move(1000);
    const changed = await service.change(ada, notebookId, { title: 'New title', tags: ['a', 'b'] });
    expect(changed).toMatchObject({ title: 'New title', tags: ['a', 'b'], groups: [], versions: 1 });
    expect(changed.updatedAt).toBe(new Date(home.clock.now()).toISOString());
    expect((await service.list(bob, query({ q: 'new title' }))).total).toBe(1);
  });

  it('writes nothing where nothing differs', async () => {
    const { notebookId } = await home.share(['x = 1']);
    const before = await keysOf(home.store);
    await service.change(ada, notebookId, { title: 'A notebook', tags: ['tag'], audience: { kind: 'everyone' } });
    expect(await keysOf(home.store)).toEqual(before);
  });

  it('counts also when the clock was set back', async () => {
    const { notebookId } = await home.share(['x = 1']);
    home.clock.setDate(home.clock.now() - 10 * DAY);
    expect((await service.change(ada, notebookId, { title: 'later' })).title).toBe('later');
    expect((await service.delete(ada, notebookId)).deletedAt).toBeDefined();
    expect((await service.restore(ada, notebookId)).deletedAt).toBeUndefined();
  });

  it('is for the owner only', async () => {
    const { notebookId } = await home.share(['x = 1']);
    const refusals = [
      () => service.change(bob, notebookId, { title: 'mine' }),
      () => service.delete(bob, notebookId),
      () => service.restore(bob, notebookId)
    ];
    for (const refusal of refusals) {
      await expect(refusal()).rejects.toMatchObject({
        code: 'forbidden',
        message: expect.stringContaining('belongs to ada')
      });
    }
  });

  it('hides a private notebook as if there were none', async () => {
    const { notebookId } = await home.share(['x = 1'], { isPrivate: true });
    const lost = await service.get(bob, home.ids.next()).catch((error: unknown) => error as Error);
    const address = { notebookId, versionId: 'latest' };
    for (const attempt of [
      () => service.get(bob, notebookId),
      () => service.change(bob, notebookId, { title: 'x' }),
      () => service.delete(bob, notebookId),
      () => service.restore(bob, notebookId),
      () => service.document(bob, address, {}, signal),
      () => service.notebook(bob, address, { fork: true }, signal),
      () => service.figures(bob, address, signal),
      () => service.figure(bob, address, 1, signal),
      () => service.diff(bob, notebookId, {}, signal),
      () => service.diffDocument(bob, notebookId, {}, signal)
    ]) {
      const error = await attempt().catch((reason: unknown) => reason as Error & { code: string });
      expect(error).toMatchObject({ code: 'not-found' });
      // Not even the sentence tells the two apart, but for the id.
      const pattern = (lost as Error).message.replace(/\w{26}/, notebookId);
      expect((error as Error).message).toBe(pattern);
    }
    expect((await service.list(bob, query())).total).toBe(0);
    await service.change(ada, notebookId, { audience: { kind: 'everyone' } });
    expect((await service.get(bob, notebookId)).title).toBe('A notebook');
  });

  it('deletes and restores, as often as it is asked to', async () => {
    const { notebookId } = await home.share(['x = 1']);
    const deleted = await service.delete(ada, notebookId);
    expect(Date.parse(deleted.purgeAt!) - Date.parse(deleted.deletedAt!)).toBe(30 * DAY);
    const objects = await keysOf(home.store);
    expect(await service.delete(ada, notebookId)).toEqual(deleted);
    expect(await keysOf(home.store)).toEqual(objects);
    expect((await service.list(ada, query())).total).toBe(0);
    expect((await service.list(ada, query({ deleted: true }))).total).toBe(1);
    expect((await service.list(bob, query({ deleted: true }))).total).toBe(0);
    await expect(service.change(ada, notebookId, { title: 'x' })).rejects.toMatchObject({ code: 'not-found' });
    // Others learn what became of it, and no more.
    expect((await service.get(bob, notebookId)).deletedAt).toBe(deleted.deletedAt);
    const address = { notebookId, versionId: 'latest' };
    await expect(service.document(bob, address, {}, signal)).rejects.toThrow('took "A notebook" out of the Library');
    await expect(service.diff(bob, notebookId, {}, signal)).rejects.toMatchObject({ code: 'not-found' });
    expect(await read(await service.document(ada, address, {}, signal))).toContain('</html>');
    expect((await service.restore(ada, notebookId)).deletedAt).toBeUndefined();
    expect((await service.list(bob, query())).total).toBe(1);
  });
});

describe('content', () => {
  it('shows a version as the page that the share made', async () => {
    const { notebookId, versionId, prepared } = await home.share(['# Heading', 'print(1)']);
    const expected = await readFile(prepared.documentFile, 'utf8');
    for (const version of [versionId, 'latest']) {
      const bytes = await service.document(bob, { notebookId, versionId: version }, {}, signal);
      expect(bytes.contentType).toBe('text/html; charset=utf-8');
      expect(bytes.sandbox).toBeUndefined();
      expect(await read(bytes)).toBe(expected);
    }
    expect(home.rendered).toEqual(['document']);
  });

  it('renders once for each title and way of showing code, whoever asks at the same time', async () => {
    const { notebookId } = await home.share(['# Heading', 'secret_call()']);
    const address = { notebookId, versionId: 'latest' };
    const both = await Promise.all([1, 2, 3, 4].map(() => service.document(ada, address, {}, signal).then(read)));
    expect(new Set(both).size).toBe(1);
    expect(home.rendered).toHaveLength(1);
    const hidden = await read(await service.document(ada, address, { hideCode: true }, signal));
    expect(hidden).not.toBe(both[0]);
    await service.change(ada, notebookId, { title: 'Renamed <&>' });
    expect(await read(await service.document(ada, address, {}, signal))).toContain('Renamed &lt;&amp;&gt;');
    expect(home.rendered).toHaveLength(3);
  });

  it('takes a page that was made elsewhere', async () => {
    const { notebookId, prepared } = await home.share(['# H']);
    const { snapshotHash, documentFile, figures } = prepared;
    await service.seedDocument({ snapshotHash, documentFile, figures, title: 'A notebook', hideCode: false });
    await read(await service.document(ada, { notebookId, versionId: 'latest' }, {}, signal));
    expect(home.rendered).toEqual([]);
  });

  it('leaves nothing but finished pages in the cache', async () => {
    const { notebookId } = await home.share(['# H', 'x']);
    const address = { notebookId, versionId: 'latest' };
    await service.document(ada, address, {}, signal);
    await service.notebook(ada, address, { fork: false }, signal);
    const cache = join(home.folder, 'cache', 'documents');
    const files = (await readdir(cache, { recursive: true })).map(name => name.split('/')[1]).filter(Boolean);
    expect(files.sort()).toEqual(['document.html', 'facts.json', 'notebook.ipynb']);
  });

  it('gives the notebook back, for a fork without its id', async () => {
    const { notebookId } = await home.share(['# Heading', 'print(1)'], { title: 'Sales: 2026/Q1' });
    const address = { notebookId, versionId: 'latest' };
    const own = await service.notebook(bob, address, { fork: false }, signal);
    expect(own).toMatchObject({ contentType: 'application/x-ipynb+json', download: 'Sales 2026 Q1.ipynb' });
    const parsed = JSON.parse(await read(own));
    expect([parsed.cells[1].outputs[0].text].flat().join('')).toContain('output of print(1)');
    expect(parsed.metadata.lakeside.id).toBe(notebookId);
    const fork = JSON.parse(await read(await service.notebook(bob, address, { fork: true }, signal)));
    expect(fork.metadata.lakeside?.id).toBeUndefined();
    expect(fork.cells).toEqual(parsed.cells);
  });

  it('refuses a version that is not one of this notebook', async () => {
    const first = await home.share(['1']);
    const second = await home.share(['2']);
    for (const versionId of [second.versionId, home.ids.next()]) {
      const address = { notebookId: first.notebookId, versionId };
      await expect(service.document(ada, address, {}, signal)).rejects.toMatchObject({ code: 'not-found' });
    }
  });

  it('compares two versions', async () => {
    const first = await home.share(['# H', 'x = 1']);
    const { notebookId } = first;
    await expect(service.diff(ada, notebookId, {}, signal)).rejects.toMatchObject({ code: 'not-found' });
    const second = await home.share(['# H', 'x = 2'], { notebookId, parent: first.versionId });
    const third = await home.share(['# H', 'x = 2', 'y = 3'], { notebookId, parent: second.versionId });
    const newest = await service.diff(bob, notebookId, {}, signal);
    expect(newest).toMatchObject({ notebookId, from: second.versionId, to: third.versionId, added: 1, removed: 0 });
    expect(check(libraryRoutes.diff.response.schema, newest, 'diff')).toEqual(newest);
    const all = await service.diff(bob, notebookId, { from: first.versionId }, signal);
    expect(all).toMatchObject({ from: first.versionId, to: third.versionId, added: 1 });
    const middle = await service.diff(bob, notebookId, { to: second.versionId }, signal);
    expect(middle).toMatchObject({ from: first.versionId, to: second.versionId, added: 0 });
    const same = await service.diff(bob, notebookId, { from: third.versionId, to: third.versionId }, signal);
    expect(same).toMatchObject({ added: 0, removed: 0, changed: 0, moved: 0 });
    await expect(service.diff(bob, notebookId, { to: first.versionId }, signal)).rejects.toThrow('no version before');
    const page = await read(await service.diffDocument(bob, notebookId, {}, signal));
    expect(page).toContain('Version 2');
    expect(page).toContain('Version 3');
  });

  it('says which figures there are', async () => {
    const { notebookId } = await home.share(['# no figures']);
    const address = { notebookId, versionId: 'latest' };
    expect(await service.figures(ada, address, signal)).toEqual([]);
    await expect(service.figure(ada, address, 1, signal)).rejects.toThrow('no interactive figure 1');
  });

  it('shows two versions of one parent as a fork', async () => {
    const root = await home.share(['1']);
    const { notebookId } = root;
    await home.share(['2'], { notebookId, parent: root.versionId });
    await home.share(['3'], { notebookId, parent: root.versionId });
    const { versionList } = await service.get(ada, notebookId);
    expect(versionList.map(version => [version.number, version.fork])).toEqual([
      [3, true],
      [2, true],
      [1, false]
    ]);
  });
});

describe('the handlers', () => {
  it('answer every route of the Library', async () => {
    const handlers = libraryHandlers(service);
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(libraryRoutes).sort());
    const { notebookId } = await home.share(['# H']);
    const call = { caller: ada, signal, params: { notebookId }, query: undefined, body: undefined };
    expect(await handlers.get(call)).toMatchObject({ notebookId });
    expect(await handlers.delete(call)).toMatchObject({ deletedAt: expect.any(String) });
  });
});

it('hashes what the snapshot is named by', async () => {
  const { prepared } = await home.share(['# H']);
  const bytes = await readFile(prepared.snapshotFile);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(prepared.snapshotHash);
});
