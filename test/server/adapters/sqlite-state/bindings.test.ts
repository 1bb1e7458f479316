import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { openState } from '../../../../server/adapters/sqlite-state/index.js';
import type { Binding, Bindings, Place } from '../../../../server/share/ports.js';

const clock = { now: () => 1_000_000, monotonic: () => 0, sleep: async () => undefined };

function memory(): Bindings {
  const state = openState({ file: ':memory:', clock });
  onTestFinished(() => state.close());
  return state.bindings;
}

const place = (path: string): Place => ({ root: 'file:', path });
const bind = (path: string, notebookId: string): Binding => ({
  place: place(path),
  notebookId,
  owner: 'ada',
  seen: undefined
});

test('a binding comes back as it was put', () => {
  const bindings = memory();
  const whole = { ...bind('/a', 'N1'), seen: { size: 3, modified: 12.75, contentHash: 'h' }, heldId: 'N0', gone: true };
  bindings.put(whole);
  bindings.put(bind('/b', 'N1'));
  expect(bindings.at(place('/a'))).toEqual(whole);
  expect(bindings.of('N1')).toEqual([whole, bind('/b', 'N1')]);
  expect(bindings.at({ root: 'contents:', path: '/a' })).toBeUndefined();
  bindings.remove(place('/a'));
  expect(bindings.at(place('/a'))).toBeUndefined();
});

test('a renamed file takes its binding along and replaces the one at its target', () => {
  const bindings = memory();
  bindings.put(bind('/a', 'N1'));
  bindings.put(bind('/b', 'N2'));
  bindings.move(place('/a'), place('/b'));
  expect(bindings.at(place('/a'))).toBeUndefined();
  expect(bindings.at(place('/b'))?.notebookId).toBe('N1');
  expect(bindings.of('N2')).toEqual([]);
});

test('what the file looked like is kept for the notebook it was read for only', () => {
  const bindings = memory();
  bindings.put(bind('/a', 'N1'));
  bindings.saw(place('/a'), 'N2', { size: 1, modified: 1, contentHash: 'h' });
  expect(bindings.at(place('/a'))?.seen).toBeUndefined();
  bindings.saw(place('/a'), 'N1', { size: 1, modified: 1, contentHash: 'h' });
  expect(bindings.at(place('/a'))?.seen).toEqual({ size: 1, modified: 1, contentHash: 'h' });
  bindings.saw(place('/nowhere'), 'N1', undefined);
  expect(bindings.at(place('/nowhere'))).toBeUndefined();
});

test('a deleted folder marks everything below it, and nothing beside it', () => {
  const bindings = memory();
  for (const path of ['/d/a', '/d/e/b', '/d', '/d0', '/d.x/a', '/dd/a']) bindings.put(bind(path, 'N'));
  bindings.markGone(place('/d'));
  const gone = bindings.of('N').filter(binding => binding.gone);
  expect(gone.map(binding => binding.place.path)).toEqual(['/d', '/d/a', '/d/e/b']);
});

test('a change by name is made once, and a failed one not at all', () => {
  const bindings = memory();
  let runs = 0;
  expect(bindings.once('e1', () => runs++)).toBe(true);
  expect(bindings.once('e1', () => runs++)).toBe(false);
  expect(runs).toBe(1);
  expect(() =>
    bindings.once('e2', () => {
      bindings.put(bind('/a', 'N1'));
      throw new Error('no');
    })
  ).toThrow('no');
  expect(bindings.at(place('/a'))).toBeUndefined();
  expect(bindings.once('e2', () => bindings.put(bind('/a', 'N1')))).toBe(true);
  expect(bindings.at(place('/a'))?.notebookId).toBe('N1');
});

const part = fc.constantFrom('a', 'b', 'c', 'a0', 'a.', 'ü', '%', '_');
const path = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => `/${parts.join('/')}`);
const isBelow = (inner: string, outer: string) => inner.startsWith(`${outer}/`);

test('moves do what a file system does', () => {
  fc.assert(
    fc.property(fc.array(path, { maxLength: 12 }), fc.array(fc.tuple(path, path), { maxLength: 6 }), (files, moves) => {
      const state = openState({ file: ':memory:', clock });
      const model = new Map<string, string>();
      try {
        for (const [index, file] of files.entries()) {
          state.bindings.put(bind(file, `N${index}`));
          model.set(file, `N${index}`);
        }
        for (const [from, to] of moves) {
          if (from === to || isBelow(to, from) || isBelow(from, to)) continue;
          state.bindings.move(place(from), place(to));
          for (const [file, id] of [...model]) {
            if (file !== from && !isBelow(file, from)) continue;
            model.delete(file);
            model.set(to + file.slice(from.length), id);
          }
        }
        const ids = [...new Set(files.map((_, index) => `N${index}`))];
        const found = ids.flatMap(id => state.bindings.of(id).map(b => [b.place.path, id] as const));
        expect(new Map(found)).toEqual(model);
      } finally {
        state.close();
      }
    }),
    { numRuns: 100 }
  );
});
