import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createManualClock } from '../../../../server/adapters/memory/clock.js';
import { createMemoryContentsSpool } from '../../../../server/adapters/memory/contentsSpool.js';
import { createFailPoints } from '../../../../server/adapters/memory/failPoints.js';
import { createMemoryNotebookFiles } from '../../../../server/adapters/memory/notebookFiles.js';
import type { ContentsEvent } from '../../../../server/share/ports.js';

describe('the clock', () => {
  it('wakes sleepers in the order of their times, and only when they are due', async () => {
    const clock = createManualClock(1000);
    const woken: string[] = [];
    for (const [name, time] of [
      ['late', 50],
      ['early', 10],
      ['never', 1000]
    ] as const) {
      void clock.sleep(time).then(() => woken.push(name));
    }
    clock.move(9);
    await Promise.resolve();
    expect(woken).toEqual([]);
    clock.move(60);
    await Promise.resolve();
    expect(woken).toEqual(['early', 'late']);
    expect(clock.now()).toBe(1069);
  });

  it('can be corrected without time passing', async () => {
    const clock = createManualClock(1000);
    clock.setDate(5);
    expect(clock.now()).toBe(5);
    expect(clock.monotonic()).toBe(0);
  });

  it('lets a sleeper go when it is told to', async () => {
    const clock = createManualClock(0);
    const stop = new AbortController();
    const sleep = clock.sleep(10, stop.signal);
    stop.abort();
    await expect(sleep).rejects.toThrow();
    await expect(clock.sleep(10, stop.signal)).rejects.toThrow();
  });
});

describe('notebook files', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lakeside-fakes-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are found, copied, moved and missed', async () => {
    const clock = createManualClock(1000);
    const files = createMemoryNotebookFiles({ clock, maxBytes: 10 });
    files.save('a/b.ipynb', '{"x":1}');
    const location = await files.locate('a/b.ipynb');
    expect(location).toMatchObject({ place: { root: 'file:', path: '/a/b.ipynb' }, size: 7, modified: 1000 });
    const copied = await files.copy(location, join(folder, 'copy'));
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('{"x":1}');
    expect(copied.sha256).toBe(createHash('sha256').update('{"x":1}').digest('hex'));
    await expect(files.copy(location, join(folder, 'copy'))).rejects.toMatchObject({ code: 'EEXIST' });
    files.move('a/b.ipynb', 'c.ipynb');
    expect(await files.exists(location.place)).toBe(false);
    await expect(files.locate('a/b.ipynb')).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(files.copy(location, join(folder, 'other'))).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(files.locate('../c.ipynb')).rejects.toMatchObject({ code: 'path-refused' });
    files.save('large.ipynb', 'x'.repeat(11));
    const large = await files.locate('large.ipynb');
    await expect(files.copy(large, join(folder, 'large'))).rejects.toMatchObject({ code: 'too-large' });
    files.remove('c.ipynb');
    await expect(files.locate('c.ipynb')).rejects.toMatchObject({ code: 'file-not-found' });
  });
});

describe('the spool', () => {
  const event = (id: string): ContentsEvent => ({ id, action: 'save', place: { root: 'file:', path: `/${id}` } });

  it('hands each event over once, in order, also when two drain at once', async () => {
    const spool = createMemoryContentsSpool();
    const seen: string[] = [];
    for (const id of ['1', '2', '3']) spool.add(event(id));
    const slowly = async ({ id }: ContentsEvent) => {
      await Promise.resolve();
      seen.push(id);
    };
    expect(await Promise.all([spool.drain(slowly), spool.drain(slowly)])).toEqual([3, 0]);
    expect(seen).toEqual(['1', '2', '3']);
  });

  it('keeps what could not be applied', async () => {
    const spool = createMemoryContentsSpool();
    spool.add(event('1'));
    await expect(spool.drain(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await spool.drain(() => undefined)).toBe(1);
  });
});

describe('fail points', () => {
  it('are noted, and fail while they are told to', () => {
    const points = createFailPoints();
    void points.failPoint('a');
    points.breakAt('b', new Error('broken'));
    expect(() => points.failPoint('b')).toThrow('broken');
    points.mendAll();
    void points.failPoint('b');
    expect(points.reached).toEqual(['a', 'b', 'b']);
  });
});
