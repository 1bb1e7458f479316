import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { fakeId } from '../../support/fakeLakeside.js';
import { setUp } from '../../support/fakeShare.js';

/** Lets everything that is ready happen, without time passing. */
const settle = () => vi.advanceTimersByTimeAsync(0);
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function shared() {
  const all = setUp();
  await all.model.refresh();
  const job = await all.model.publish({ title: 'Delays', tags: ['flights'], unsaved: 'save' });
  await job.finished;
  await pass(1000);
  all.lakeside.calls.length = 0;
  all.source.saves = 0;
  return all;
}

describe('the first share', () => {
  test('writes the id, saves, publishes and is up to date', async () => {
    const { model, source, lakeside, api } = setUp();
    await model.refresh();
    expect(model.state.mark).toBe('none');
    const job = await model.publish({ title: 'Delays', tags: [], unsaved: 'save' });
    expect(model.state.mark).toBe('busy');
    await job.finished;
    await settle();
    expect(source.metadataId).toBe(model.state.known?.notebookId);
    expect(source.saves).toBe(1);
    expect(model.state.mark).toBe('current');
    expect(job.result).toMatchObject({ outcome: 'created', versionNumber: 1 });
    expect(api.changes).toEqual([{ notebookId: source.metadataId, action: 'published' }]);
    expect(lakeside.lastBody('share.publish')).toMatchObject({
      path: 'a.ipynb',
      title: 'Delays',
      source: { kind: 'file' }
    });
  });

  test('sends what the notebook runs on', async () => {
    const { model, source, lakeside } = setUp();
    source.provenance = { kernel: { name: 'python3' }, packages: [{ name: 'numpy', version: '2.4' }] };
    await model.refresh();
    await model.publish({ unsaved: 'save' });
    expect(lakeside.lastBody('share.publish')).toMatchObject({ provenance: source.provenance });
  });

  test('of a file that cannot be written leaves it as it is', async () => {
    const { model, source, lakeside } = setUp();
    source.writable = false;
    await model.refresh();
    await (
      await model.publish({ unsaved: 'save' })
    ).finished;
    await settle();
    expect(source.saves).toBe(0);
    expect(source.metadataId).toBeUndefined();
    expect(lakeside.published.size).toBe(1);
  });

  test('brings the bytes where Lakeside cannot read the file', async () => {
    const { model, source, lakeside } = setUp({ content: 'far away' });
    source.remote = true;
    await model.refresh();
    await (
      await model.publish({ unsaved: 'save' })
    ).finished;
    expect([...lakeside.uploads.values()]).toEqual(['far away']);
    expect(lakeside.lastBody('share.publish')).toMatchObject({ source: { kind: 'upload' } });
  });
});

describe('a share again', () => {
  test('of an unchanged notebook touches nothing', async () => {
    const { model, source } = await shared();
    const job = await model.publish({ unsaved: 'save' });
    await job.finished;
    expect(job.result).toMatchObject({ outcome: 'unchanged', objectWrites: 0 });
    expect(source.saves).toBe(0);
    expect(source.dirty).toBe(false);
  });

  test('keeps what was chosen before', async () => {
    const { model, lakeside } = await shared();
    await (
      await model.publish({ unsaved: 'save' })
    ).finished;
    expect([...lakeside.published.values()][0]).toMatchObject({ title: 'Delays', tags: ['flights'] });
  });

  test('saves unsaved changes, or leaves them out', async () => {
    const { model, source, lakeside } = await shared();
    source.edit('two');
    await (
      await model.publish({ unsaved: 'leave' })
    ).finished;
    expect(source.saves).toBe(0);
    expect([...lakeside.published.values()][0]?.versions.at(-1)?.content).toBe('one');
    await (
      await model.publish({ unsaved: 'save' })
    ).finished;
    expect([...lakeside.published.values()][0]?.versions.at(-1)?.content).toBe('two');
  });

  test('that cannot be saved is not started', async () => {
    const { model, source, lakeside } = await shared();
    source.edit('two');
    source.saveError = new Error('The disk is full.');
    await expect(model.publish({ unsaved: 'save' })).rejects.toThrow('The disk is full.');
    expect(lakeside.count('share.publish')).toBe(0);
    expect(model.state.mark).toBe('changed');
  });

  test('reaches a server that is being replaced, with the same id', async () => {
    const { model, lakeside } = await shared();
    const down = new ProblemError('unavailable', 'Down.');
    lakeside.failures.push({ id: 'share.publish', error: down }, { id: 'share.publish', error: down });
    const job = await model.publish({ unsaved: 'save' });
    const posts = lakeside.calls.filter(call => call.id === 'share.publish');
    expect(posts).toHaveLength(3);
    expect(new Set(posts.map(call => (call.body as { opId: string }).opId))).toEqual(new Set([job.id]));
  });

  test('is not repeated where the server refuses', async () => {
    const { model, lakeside } = await shared();
    lakeside.failures.push({ id: 'share.publish', error: new ProblemError('storage-full', 'The disk is full.') });
    await expect(model.publish({ unsaved: 'save' })).rejects.toMatchObject({ code: 'storage-full' });
    expect(lakeside.count('share.publish')).toBe(1);
    expect(model.busy).toBe(false);
  });
});

describe('cancelling', () => {
  test('before there is a job stops it', async () => {
    const { model, source, lakeside } = await shared();
    let saved: () => void = () => undefined;
    source.save = () => new Promise(resolve => (saved = resolve));
    source.edit('two');
    const publishing = model.publish({ unsaved: 'save' });
    const failed = expect(publishing).rejects.toHaveProperty('name', 'AbortError');
    await settle();
    expect(model.state.preparing).toBe('save');
    await model.cancel();
    saved();
    await failed;
    expect(lakeside.count('share.publish')).toBe(0);
    expect(model.busy).toBe(false);
  });

  test('a job asks the server and waits for its word', async () => {
    const { model, source, lakeside } = await shared();
    source.edit('two');
    lakeside.jobs.holdAt = 'upload';
    const job = await model.publish({ unsaved: 'save' });
    await settle();
    await model.cancel();
    await job.finished;
    await settle();
    expect(job.state.job.state).toBe('cancelled');
    expect(model.state.mark).toBe('changed');
  });
});

describe('another notebook has the id', () => {
  async function copied() {
    const all = setUp({ path: 'copy.ipynb', content: 'copied' });
    all.lakeside.files.set('a.ipynb', { content: 'one', metadataId: fakeId(77) });
    all.lakeside.bindings.set('a.ipynb', fakeId(77));
    all.source.setId(fakeId(77));
    await all.model.refresh();
    return all;
  }

  test('is shown, and nothing is written before the answer', async () => {
    const { model, source } = await copied();
    expect(model.state.mark).toBe('duplicate');
    expect(source.saves).toBe(0);
  });

  test('published as new: it gets an id of its own, and is saved with it', async () => {
    const { model, source, lakeside } = await copied();
    await (
      await model.publish({ duplicate: 'new', unsaved: 'save' })
    ).finished;
    await settle();
    expect(source.metadataId).not.toBe(fakeId(77));
    expect(lakeside.files.get('copy.ipynb')?.metadataId).toBe(source.metadataId);
    expect(lakeside.published.has(source.metadataId!)).toBe(true);
    expect(lakeside.published.has(fakeId(77))).toBe(false);
  });

  test('published onto that page: it keeps the id', async () => {
    const { model, source, lakeside } = await copied();
    await (
      await model.publish({ duplicate: 'update', unsaved: 'save' })
    ).finished;
    await settle();
    expect(source.metadataId).toBe(fakeId(77));
    expect(source.saves).toBe(0);
    expect(lakeside.published.has(fakeId(77))).toBe(true);
  });

  test('changes made during the share stay the person’s to save', async () => {
    const { model, source, lakeside } = await copied();
    lakeside.jobs.holdAt = 'page';
    const job = await model.publish({ duplicate: 'new', unsaved: 'save' });
    await settle();
    source.edit('more');
    lakeside.jobs.release();
    await job.finished;
    await settle();
    expect(source.saves).toBe(0);
    expect(source.dirty).toBe(true);
  });
});

describe('the state', () => {
  test('follows changes at once and asks nobody', async () => {
    const { model, source, lakeside } = await shared();
    source.edit('two');
    expect(model.state.mark).toBe('changed');
    await pass(60_000);
    expect(lakeside.calls).toEqual([]);
  });

  test('is asked for once after a burst of saves', async () => {
    const { source, lakeside, model } = await shared();
    source.edit('two');
    for (let i = 0; i < 5; i++) await source.save();
    await pass(1000);
    expect(lakeside.count('share.state')).toBe(1);
    expect(model.state.mark).toBe('changed');
  });

  test('follows a rename', async () => {
    const { source, model } = await shared();
    source.rename('folder/b.ipynb');
    await pass(1000);
    expect(model.state).toMatchObject({ path: 'folder/b.ipynb', fileName: 'b.ipynb', mark: 'current' });
  });

  test('a save while the server is asked is asked about again', async () => {
    const { source, lakeside, model } = await shared();
    const first = model.refresh();
    lakeside.files.set('a.ipynb', { content: 'two', metadataId: source.metadataId });
    const second = model.refresh();
    await Promise.all([first, second]);
    expect(model.state.known?.state).toBe('changed');
    expect(lakeside.count('share.state')).toBe(2);
  });

  test('is not asked for while the tab is hidden, and once when it is shown', async () => {
    const { source, lakeside, visibility } = await shared();
    visibility.hidden = true;
    await source.save();
    await pass(60_000);
    expect(lakeside.calls).toEqual([]);
    visibility.show();
    await pass(1000);
    expect(lakeside.count('share.state')).toBe(1);
  });

  test('follows what happens in the Library', async () => {
    const { model, api, lakeside } = await shared();
    const { notebookId } = model.state.known!;
    lakeside.published.get(notebookId)!.deleted = true;
    api.announce({ notebookId: fakeId(1234), action: 'deleted' });
    await pass(1000);
    expect(lakeside.count('share.state')).toBe(0);
    api.announce({ notebookId, action: 'deleted' });
    await pass(1000);
    expect(model.state.mark).toBe('none');
  });

  test('survives a server that is down, and keeps what it knew', async () => {
    const { model, lakeside } = await shared();
    lakeside.failures.push({ id: 'share.state', error: new ProblemError('unavailable', 'Down.') });
    expect(await model.refresh()).toBeUndefined();
    expect(model.state).toMatchObject({ mark: 'current', problem: { code: 'unavailable' } });
    await model.refresh();
    expect(model.state.problem).toBeUndefined();
  });

  test('ends with the model', async () => {
    const { model, source, lakeside } = await shared();
    source.emit('saved');
    model.dispose();
    source.emit('saved');
    await pass(1000);
    expect(lakeside.calls).toEqual([]);
  });
});

test('unsharing can be undone', async () => {
  const { model, api } = await shared();
  await model.unshare();
  expect(model.state).toMatchObject({ mark: 'none', known: { state: 'deleted' } });
  await model.restore();
  expect(model.state.mark).toBe('current');
  expect(api.changes.map(change => change.action)).toEqual(['published', 'deleted', 'restored']);
});
