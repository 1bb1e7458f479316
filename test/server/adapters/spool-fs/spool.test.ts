import { existsSync, mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openState } from '../../../../server/adapters/sqlite-state/index.js';
import { createContentsSpool } from '../../../../server/adapters/spool-fs/index.js';
import type { ContentsEvent } from '../../../../server/share/ports.js';
import { applyContentsEvent } from '../../../../server/share/publish/contentsEvents.js';
import { scratch } from '../../../support/scratch.js';

const clock = { now: () => 1_000_000, monotonic: () => 0, sleep: async () => undefined };

function setUp() {
  const folder = scratch();
  const directory = join(folder, 'spool');
  const rootDir = join(folder, 'work');
  mkdirSync(directory);
  mkdirSync(rootDir);
  const warn = vi.fn();
  const log = { debug: () => 0, info: () => 0, warn, error: () => 0 };
  const spool = createContentsSpool({ directory, log });
  let time = 1_700_000_000_000_000_000n;
  const write = (entry: object, name = `${String(time++).padStart(20, '0')}-17-1.json`) => {
    writeFileSync(join(directory, name), JSON.stringify({ format: 1, rootDir, sourcePath: null, at: '', ...entry }));
    return name;
  };
  const drain = async () => {
    const events: ContentsEvent[] = [];
    await spool.drain(event => void events.push(event));
    return events;
  };
  return { folder, directory, rootDir, spool, write, drain, warn };
}

test('hands over what waits, oldest first, and removes it', async () => {
  const { directory, rootDir, write, drain } = setUp();
  write({ action: 'delete', path: 'late.ipynb' }, '00000000000000000009-5-10.json');
  write({ action: 'delete', path: 'same time, later.ipynb' }, '00000000000000000002-5-10.json');
  write({ action: 'delete', path: 'same time.ipynb' }, '00000000000000000002-5-9.json');
  write({ action: 'rename', path: '/a/b.ipynb', sourcePath: 'a/c.ipynb' }, '00000000000000000001-5-1.json');
  const events = await drain();
  expect(events.map(event => event.place.path.slice(rootDir.length + 1))).toEqual([
    'a/b.ipynb',
    'same time.ipynb',
    'same time, later.ipynb',
    'late.ipynb'
  ]);
  expect(events[0]).toEqual({
    id: '00000000000000000001-5-1.json',
    action: 'rename',
    place: { root: 'file:', path: join(rootDir, 'a/b.ipynb') },
    from: { root: 'file:', path: join(rootDir, 'a/c.ipynb') }
  });
  expect(readdirSync(directory)).toEqual([]);
});

test('no spool, and files that are still being written, are nothing to hand over', async () => {
  const { directory, drain } = setUp();
  writeFileSync(join(directory, '.00000000000000000001-5-1.json.tmp'), 'half');
  writeFileSync(join(directory, '00000000000000000001-5-1.json.tmp'), 'half');
  expect(await drain()).toEqual([]);
  expect(readdirSync(directory)).toHaveLength(2);
  const missing = createContentsSpool({ directory: join(directory, 'missing'), log: console });
  expect(await missing.drain(() => undefined)).toBe(0);
});

test('what cannot be understood is set aside with a line in the log, and hinders nothing', async () => {
  const { directory, write, drain, warn } = setUp();
  const broken = [
    '{',
    'null',
    '{"format":2}',
    JSON.stringify({ format: 1, action: 'rename', rootDir: null, path: 'a', sourcePath: null }),
    JSON.stringify({ format: 1, action: 'delete', rootDir: 'relative', path: 'a', sourcePath: null }),
    JSON.stringify({ format: 1, action: 'delete', rootDir: '/', path: '../a', sourcePath: null }),
    JSON.stringify({ format: 1, action: 'delete', rootDir: '/', path: 'a//b', sourcePath: null }),
    JSON.stringify({ format: 1, action: 'delete', rootDir: '/', path: 'a\0b', sourcePath: null }),
    JSON.stringify({ format: 1, action: 'explode', rootDir: '/', path: 'a', sourcePath: null })
  ];
  broken.forEach((text, n) => writeFileSync(join(directory, `0000000000000000000${n}-5-1.json`), text));
  write({ action: 'delete', path: 'whole.ipynb' });
  expect(await drain()).toHaveLength(1);
  expect(warn).toHaveBeenCalledTimes(broken.length);
  expect(readdirSync(join(directory, 'broken'))).toHaveLength(broken.length);
  expect(await drain()).toEqual([]);
});

test('an event stays until it was applied', async () => {
  const { spool, directory, write, drain } = setUp();
  const name = write({ action: 'delete', path: 'a.ipynb' });
  await expect(spool.drain(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(join(directory, name))).toBe(true);
  expect(await drain()).toHaveLength(1);
});

test('places are real: through links, and for folders that are gone', async () => {
  const { folder, rootDir, write, drain } = setUp();
  mkdirSync(join(folder, 'real'));
  symlinkSync(join(folder, 'real'), join(rootDir, 'link'));
  write({ action: 'delete', path: 'link/a.ipynb' });
  write({ action: 'delete', path: 'gone/deep/a.ipynb' });
  write({ action: 'delete', path: 'drive:a.ipynb', rootDir: null });
  expect((await drain()).map(event => event.place)).toEqual([
    { root: 'file:', path: join(folder, 'real/a.ipynb') },
    { root: 'file:', path: join(rootDir, 'gone/deep/a.ipynb') },
    { root: 'contents:', path: 'drive:a.ipynb' }
  ]);
});

test('many processes at once, some dying in between: every event takes effect once, in order', async () => {
  const { directory, rootDir, write } = setUp();
  const state = openState({ file: join(rootDir, '..', 'state.db'), clock });
  onTestFinished(() => state.close());
  const place = (path: string) => ({ root: 'file:', path: join(rootDir, path) });
  const applied: string[] = [];
  const bindings = {
    ...state.bindings,
    move: (...given: Parameters<typeof state.bindings.move>) => {
      applied.push(given[1].path);
      state.bindings.move(...given);
    }
  };
  bindings.put({ place: place('n0.ipynb'), notebookId: 'N', owner: 'ada', seen: undefined });
  for (let n = 0; n < 30; n++) write({ action: 'rename', path: `n${n + 1}.ipynb`, sourcePath: `n${n}.ipynb` });
  const log = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };
  let calls = 0;
  const process = async () => {
    const spool = createContentsSpool({ directory, log });
    await spool.drain(async event => {
      await new Promise(resolve => setTimeout(resolve, 1));
      applyContentsEvent(bindings, event);
      // Dies after the effect, before the removal.
      if (++calls % 7 === 0) throw new Error('killed');
    });
  };
  while (readdirSync(directory).length > 0) await Promise.allSettled([process(), process(), process()]);
  expect(applied).toEqual(Array.from({ length: 30 }, (_, n) => place(`n${n + 1}.ipynb`).path));
  expect(state.bindings.of('N').map(bound => bound.place)).toEqual([place('n30.ipynb')]);
});

test('an event that is handed over again after its file was removed changes nothing', async () => {
  const { rootDir, directory, write, spool } = setUp();
  const state = openState({ file: ':memory:', clock });
  onTestFinished(() => state.close());
  const at = (path: string) => ({ root: 'file:', path: join(rootDir, path) });
  state.bindings.put({ place: at('a'), notebookId: 'N1', owner: 'ada', seen: undefined });
  const name = write({ action: 'rename', path: 'b', sourcePath: 'a' });
  const kept = join(rootDir, 'kept');
  await spool.drain(event => {
    applyContentsEvent(state.bindings, event);
    renameSync(join(directory, name), kept);
  });
  // A new notebook took the old name meanwhile.
  state.bindings.put({ place: at('a'), notebookId: 'N2', owner: 'ada', seen: undefined });
  renameSync(kept, join(directory, name));
  await spool.drain(event => applyContentsEvent(state.bindings, event));
  expect(state.bindings.at(at('a'))?.notebookId).toBe('N2');
  expect(state.bindings.at(at('b'))?.notebookId).toBe('N1');
});
