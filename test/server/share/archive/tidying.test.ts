import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCondemned } from '../../../../server/share/archive/condemned.js';
import { blobKey, manifestKey } from '../../../../server/share/archive/keys.js';
import { createMaintenance } from '../../../../server/share/archive/maintenance.js';
import { keysOf, manifestOf, openArchiveHome, sha256, system } from '../../../support/archiveHome.js';
import { ada, query } from '../../../support/library.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let home: Awaited<ReturnType<typeof openArchiveHome>>;
let process: ReturnType<typeof home.open>;
beforeEach(async () => {
  home = await openArchiveHome();
  process = home.open();
});
afterEach(() => home.dispose());
const count = { objects: 0, bytes: 0 };

async function remove(notebookId: string) {
  home.clock.move(1000);
  await process.archive.append(home.events.happened('deleted', notebookId), count);
}

/** Both passes of a sweep, the list and, a day later, the removal. */
async function sweep() {
  home.clock.move(8 * DAY);
  await process.sweep.run();
  home.clock.move(DAY);
  return process.sweep.run();
}

describe('purge', () => {
  it('leaves a deleted notebook alone for 30 days', async () => {
    const manifest = await home.publish(process, ['content']);
    await remove(manifest.notebookId);
    home.clock.move(30 * DAY - 1000);
    expect(await process.purge.run(system)).toEqual([]);
    expect(await process.archive.verify(manifest)).toBe(true);
    home.clock.move(2000);
    expect(await process.purge.run(system)).toEqual([manifest.notebookId]);
    expect(await process.index.get(ada, manifest.notebookId)).toBeUndefined();
    expect(await keysOf(home.store, 'nb/')).toEqual([]);
    expect(await process.purge.run(system)).toEqual([]);
  });

  it('leaves a restored notebook and one shared again alone', async () => {
    const restored = await home.publish(process, ['a']);
    const again = await home.publish(process, ['b']);
    await remove(restored.notebookId);
    await remove(again.notebookId);
    home.clock.move(DAY);
    await process.archive.append(home.events.happened('restored', restored.notebookId), count);
    await home.publish(process, ['c'], home.events.published({ notebookId: again.notebookId }));
    home.clock.move(40 * DAY);
    expect(await process.purge.run(system)).toEqual([]);
    const { value } = await process.follower.read(() => process.index.search(ada, query()));
    expect(value.total).toBe(2);
  });

  it('can be seen by every process, also after the log was folded', async () => {
    const manifest = await home.publish(process, ['x'], home.events.published({ title: 'secret plans' }));
    await remove(manifest.notebookId);
    home.clock.move(31 * DAY);
    await process.compaction.run();
    await process.purge.run(system);
    home.clock.move(2 * DAY);
    await process.compaction.run();
    home.clock.move(2 * DAY);
    await process.compaction.run();
    const other = home.open();
    const { value } = await other.follower.read(() => other.index.search(ada, query({ q: 'secret', deleted: true })));
    expect(value.items).toEqual([]);
    // Nothing of what it said is left in any object.
    for (const key of await keysOf(home.store, 'index/')) {
      const { gunzipSync } = await import('node:zlib');
      expect(gunzipSync((await home.store.get(key))!).toString()).not.toContain('secret');
    }
  });

  it('goes on after it was killed', async () => {
    const manifests = [await home.publish(process, ['1'])];
    manifests.push(await home.publish(process, ['2'], home.events.published({ notebookId: manifests[0]!.notebookId })));
    await remove(manifests[0]!.notebookId);
    home.clock.move(31 * DAY);
    home.points.breakAt('purge:version-removed', new Error('killed here'));
    await expect(process.purge.run(system)).rejects.toThrow('killed here');
    home.points.mendAll();
    expect(await keysOf(home.store, 'nb/')).toHaveLength(1);
    expect(await process.purge.run(system)).toEqual([]);
    await sweep();
    expect(await keysOf(home.store, 'nb/')).toEqual([]);
  });
});

describe('sweep', () => {
  it('removes blobs that nothing refers to, a day after listing them', async () => {
    await home.publish(process, ['kept', 'kept too']);
    const orphan = await home.prepareBlob('of a share that was given up');
    await process.archive.putBlob(orphan, home.blobFolder, count);
    home.clock.move(6 * DAY);
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 0 });
    home.clock.move(8 * DAY);
    expect(await process.sweep.run()).toEqual({ listed: 1, removed: 0 });
    expect([...(await readCondemned(home.store))!.hashes]).toEqual([orphan.sha256]);
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 0 });
    home.clock.move(DAY);
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 1 });
    expect(await keysOf(home.store, 'blobs/')).toHaveLength(2);
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 0 });
  });

  it('keeps what another notebook refers to as well', async () => {
    const first = await home.publish(process, ['a', 'shared picture']);
    await home.publish(process, ['b', 'shared picture']);
    await remove(first.notebookId);
    home.clock.move(31 * DAY);
    await process.purge.run(system);
    expect(await sweep()).toMatchObject({ removed: 1 });
    const left = (await keysOf(home.store, 'blobs/')).map(key => key.split('/').at(-1));
    expect(left.sort()).toEqual([sha256('b'), sha256('shared picture')].sort());
  });

  it('never takes a blob from a share under way', async () => {
    const orphan = await home.prepareBlob('an old blob');
    await process.archive.putBlob(orphan, home.blobFolder, count);
    home.clock.move(8 * DAY);
    // The share looks before the list is made, finds the blob there and sends nothing.
    expect(await process.archive.missingBlobs([orphan.sha256])).toEqual([]);
    await process.sweep.run();
    home.clock.move(DAY - 1000);
    const manifest = manifestOf(home.events.published(), [orphan]);
    await process.archive.putVersion(manifest, count);
    home.clock.move(2000);
    expect(await process.sweep.run()).toMatchObject({ removed: 0 });
    expect(await process.archive.verify(manifest)).toBe(true);
  });

  it('is told by a share that looks after the list was made', async () => {
    const orphan = await home.prepareBlob('an old blob');
    await process.archive.putBlob(orphan, home.blobFolder, count);
    home.clock.move(8 * DAY);
    await process.sweep.run();
    const other = home.open();
    home.clock.move(1000);
    expect(await other.archive.missingBlobs([orphan.sha256])).toEqual([orphan.sha256]);
    await other.archive.putBlob(orphan, home.blobFolder, count);
    home.clock.move(DAY);
    // Nothing refers to it yet, but it is new.
    expect(await process.sweep.run()).toMatchObject({ removed: 0 });
    expect(await home.store.head(blobKey(orphan.sha256, false))).toBeDefined();
  });

  it('removes nothing while a manifest cannot be read', async () => {
    const manifest = await home.publish(process, ['content']);
    const orphan = await home.prepareBlob('orphan');
    await process.archive.putBlob(orphan, home.blobFolder, count);
    const key = manifestKey(manifest.notebookId, manifest.versionId);
    const whole = (await home.store.get(key))!;
    home.clock.move(8 * DAY);
    await process.sweep.run();
    await home.store.put(key, Buffer.from('broken'));
    home.clock.move(DAY);
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 0 });
    expect(await keysOf(home.store, 'blobs/')).toHaveLength(2);
    await home.store.put(key, whole);
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 1 });
  });

  it('keeps versions and blobs of a notebook that the index does not know', async () => {
    // Its event is not in the log: a share that was killed, or a log that was lost.
    const event = home.events.published();
    const manifest = await home.publish(process, ['content'], event);
    await home.store.delete(`log/2026-11-02/${event.id}.json`);
    const amnesic = home.open();
    home.clock.move(60 * DAY);
    await amnesic.sweep.run();
    home.clock.move(DAY);
    await amnesic.sweep.run();
    expect(await amnesic.archive.verify(manifest)).toBe(true);
  });

  it('keeps a version that was stored after its notebook had been purged', async () => {
    const first = await home.publish(process, ['a']);
    await remove(first.notebookId);
    home.clock.move(31 * DAY);
    await process.purge.run(system);
    home.clock.move(1000);
    const again = home.events.published({ notebookId: first.notebookId });
    const manifest = await home.publish(process, ['b'], again);
    await sweep();
    expect(await process.archive.verify(manifest)).toBe(true);
  });

  it('goes on after it was killed', async () => {
    for (const content of ['1', '2', '3']) {
      await process.archive.putBlob(await home.prepareBlob(content), home.blobFolder, count);
    }
    home.clock.move(8 * DAY);
    await process.sweep.run();
    home.clock.move(DAY);
    home.points.breakAt('sweep:blob-removed', new Error('killed here'));
    await expect(process.sweep.run()).rejects.toThrow('killed here');
    home.points.mendAll();
    expect(await process.sweep.run()).toEqual({ listed: 0, removed: 2 });
    expect(await keysOf(home.store, 'blobs/')).toEqual([]);
  });
});

describe('maintenance', () => {
  it('does every chore, whatever becomes of the others', async () => {
    const done: string[] = [];
    const chores = ['a', 'b', 'c'].map(name => ({
      name,
      run: async () => {
        done.push(name);
        if (name === 'b') throw new Error('no');
      }
    }));
    await createMaintenance({ chores, log: home.log }).runOnce(system);
    expect(done).toEqual(['a', 'b', 'c']);
    expect(home.log.entries.at(-2)).toMatchObject({ level: 'error', fields: { chore: 'b' } });
  });

  it('stops between two chores when it is told to', async () => {
    const stop = new AbortController();
    const done: string[] = [];
    const chores = ['a', 'b'].map(name => ({
      name,
      run: async () => {
        done.push(name);
        stop.abort();
      }
    }));
    await createMaintenance({ chores, log: home.log }).runOnce(system, stop.signal);
    expect(done).toEqual(['a']);
  });
});
