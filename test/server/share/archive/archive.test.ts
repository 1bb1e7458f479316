import { randomBytes } from 'node:crypto';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeCondemned } from '../../../../server/share/archive/condemned.js';
import { blobKey, eventKey, manifestKey } from '../../../../server/share/archive/keys.js';
import type { Archive } from '../../../../server/share/archive/types.js';
import { keysOf, manifestOf, openArchiveHome, sha256 } from '../../../support/archiveHome.js';

let home: Awaited<ReturnType<typeof openArchiveHome>>;
let archive: Archive;
let process: ReturnType<typeof home.open>;
const count = { objects: 0, bytes: 0 };
beforeEach(async () => {
  home = await openArchiveHome();
  process = home.open();
  archive = process.archive;
  Object.assign(count, { objects: 0, bytes: 0 });
});
afterEach(() => home.dispose());

describe('blobs', () => {
  it('are packed where that makes them smaller', async () => {
    const text = 'the same line again\n'.repeat(1000);
    const noise = randomBytes(1000);
    const big = 'x'.repeat(3_000_000);
    const bigNoise = randomBytes(2_000_000);
    for (const [content, compressible, packed] of [
      [text, true, true],
      [text.slice(0, 100), false, false],
      [noise, true, false],
      [noise.subarray(1), false, false],
      [big, true, true],
      [bigNoise, false, false],
      ['', true, false]
    ] as const) {
      const blob = await home.prepareBlob(content, compressible);
      await archive.putBlob(blob, home.blobFolder, count);
      const stored = await home.store.get(blobKey(blob.sha256, packed));
      expect(sha256(packed ? gunzipSync(stored!) : stored!)).toBe(blob.sha256);
      expect(await home.store.head(blobKey(blob.sha256, !packed))).toBeUndefined();
    }
    expect(count.objects).toBe(7);
    // Nothing is left beside what was prepared.
    expect(await readdir(home.blobFolder)).toHaveLength(7);
  });

  it('are stored once', async () => {
    const blob = await home.prepareBlob('once');
    expect(await archive.missingBlobs([blob.sha256, sha256('other')])).toEqual([blob.sha256, sha256('other')]);
    await archive.putBlob(blob, home.blobFolder, count);
    await archive.putBlob(blob, home.blobFolder, count);
    expect(count.objects).toBe(1);
    expect(await archive.missingBlobs([blob.sha256, sha256('other')])).toEqual([sha256('other')]);
  });

  it.each([10, 3_000_000])('are refused where the bytes are others than the name says (%i bytes)', async size => {
    for (const compressible of [true, false]) {
      const blob = await home.prepareBlob('a'.repeat(size), compressible);
      await writeFile(join(home.blobFolder, blob.sha256), 'b'.repeat(size));
      await expect(archive.putBlob(blob, home.blobFolder, count)).rejects.toMatchObject({ code: 'internal' });
    }
    expect(await keysOf(home.store)).toEqual([]);
    expect(count).toEqual({ objects: 0, bytes: 0 });
  });

  it('count as missing while they are on the list of what is to go, until they are stored anew', async () => {
    const blob = await home.prepareBlob('old');
    await archive.putBlob(blob, home.blobFolder, count);
    home.clock.move(1000);
    await writeCondemned(home.store, { at: home.clock.now(), hashes: new Set([blob.sha256]) });
    home.clock.move(61_000);
    expect(await archive.missingBlobs([blob.sha256])).toEqual([blob.sha256]);
    await archive.putBlob(blob, home.blobFolder, count);
    expect(count.objects).toBe(2);
    expect(await archive.missingBlobs([blob.sha256])).toEqual([]);
  });
});

describe('versions', () => {
  it('read back whole', async () => {
    const manifest = await home.publish(process, ['{"cells":[]}', 'an output', randomBytes(100)]);
    expect(await archive.version(manifest.notebookId, manifest.versionId)).toEqual(manifest);
    expect(await archive.verify(manifest)).toBe(true);
    const work = join(home.folder, 'materialised');
    const source = await archive.materialise(manifest, work);
    expect(source).toMatchObject({ kind: 'snapshot', file: join(work, 'snapshot.json') });
    expect(await readFile(join(work, 'snapshot.json'), 'utf8')).toBe('{"cells":[]}');
    for (const { sha256: hash } of manifest.blobs) {
      expect(sha256(await readFile(join(work, 'blobs', hash)))).toBe(hash);
    }
  });

  it('never change', async () => {
    const manifest = await home.publish(process, ['x']);
    const before = await home.store.get(manifestKey(manifest.notebookId, manifest.versionId));
    await archive.putVersion({ ...manifest, title: 'another' }, count);
    expect(count.objects).toBe(0);
    expect(await home.store.get(manifestKey(manifest.notebookId, manifest.versionId))).toEqual(before);
    expect(await archive.verify({ ...manifest, title: 'another' })).toBe(false);
  });

  it('are refused while a blob of theirs is missing', async () => {
    const manifest = manifestOf(home.events.published(), [await home.prepareBlob('never stored')]);
    await expect(archive.putVersion(manifest, count)).rejects.toMatchObject({ code: 'conflict' });
    expect(await keysOf(home.store, 'nb/')).toEqual([]);
  });

  it('do not verify once a blob is gone, and say so when they are opened', async () => {
    const manifest = await home.publish(process, ['snapshot', 'output']);
    const [blob] = manifest.blobs;
    await home.store.delete(blobKey(blob!.sha256, false));
    expect(await archive.verify(manifest)).toBe(false);
    const opened = archive.materialise(manifest, join(home.folder, 'w'));
    await expect(opened).rejects.toThrow(`blob ${blob!.sha256}`);
  });

  it.each([
    ['other bytes', () => Buffer.from('other bytes'), false],
    ['packed bytes that are cut', (bytes: Uint8Array) => bytes.subarray(0, 20), true],
    ['bytes that are not packed', () => Buffer.from('not gzip at all'), true]
  ])('say so when a blob holds %s', async (_what, damage, packed) => {
    const manifest = await home.publish(process, ['snapshot', packed ? 'long '.repeat(100) : 'short']);
    const key = blobKey(manifest.blobs[0]!.sha256, packed);
    await home.store.put(key, damage((await home.store.get(key))!));
    const opened = archive.materialise(manifest, join(home.folder, 'w'));
    await expect(opened).rejects.toMatchObject({ code: 'internal', message: expect.stringContaining('(blob ') });
  });

  it('give the greatest id as the head', async () => {
    const first = await home.publish(process, ['1']);
    const { notebookId } = first;
    const late = home.events.published({ notebookId, parent: first.versionId });
    const second = await home.publish(process, ['2'], home.events.published({ notebookId, parent: first.versionId }));
    expect(await archive.head(notebookId)).toEqual(second);
    await home.publish(process, ['3'], late);
    expect((await archive.head(notebookId))?.versionId).toBe(second.versionId);
    expect(await archive.head(home.ids.next())).toBeUndefined();
  });

  it('hide no other version when one is broken', async () => {
    const first = await home.publish(process, ['1']);
    const { notebookId } = first;
    const second = await home.publish(process, ['2'], home.events.published({ notebookId }));
    await home.store.put(manifestKey(notebookId, second.versionId), Buffer.from('broken'));
    expect((await archive.head(notebookId))?.versionId).toBe(first.versionId);
    await expect(archive.version(notebookId, second.versionId)).rejects.toThrow();
    expect(await archive.verify(second)).toBe(false);
  });
});

describe('events', () => {
  it('are stored once under their day', async () => {
    const event = home.events.published();
    await archive.append(event, count);
    await archive.append(event, count);
    expect(count.objects).toBe(1);
    expect(await keysOf(home.store)).toEqual([`log/2026-11-02/${event.id}.json`]);
    expect(JSON.parse(Buffer.from((await home.store.get(eventKey(event.id)))!).toString())).toEqual(event);
  });
});
