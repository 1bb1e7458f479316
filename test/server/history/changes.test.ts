import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cellsOf, compareCells } from '../../../server/history/changes.js';

test.each([
  ['the first version', undefined, ['a', 'b'], { cells: 2, added: 2, removed: 0, changed: 0 }, 'aa'],
  ['nothing', ['a', 'b'], ['a', 'b'], { cells: 2, added: 0, removed: 0, changed: 0 }, '..'],
  ['one changed', ['a', 'b', 'c'], ['a', 'x', 'c'], { cells: 3, added: 0, removed: 0, changed: 1 }, '.c.'],
  ['one added', ['a', 'b'], ['a', 'x', 'b'], { cells: 3, added: 1, removed: 0, changed: 0 }, '.a.'],
  ['one removed', ['a', 'b', 'c'], ['a', 'c'], { cells: 2, added: 0, removed: 1, changed: 0 }, '..'],
  ['moved', ['a', 'b'], ['b', 'a'], { cells: 2, added: 0, removed: 0, changed: 0 }, '..'],
  ['the same one twice', ['a'], ['a', 'a'], { cells: 2, added: 1, removed: 0, changed: 0 }, '.a'],
  ['changed and added', ['a', 'b'], ['a', 'x', 'y'], { cells: 3, added: 1, removed: 0, changed: 1 }, '.ca'],
  ['emptied', ['a', 'b'], [], { cells: 0, added: 0, removed: 2, changed: 0 }, '']
] as const)('what happened to the cells: %s', (_, older, newer, counts, strip) => {
  expect(compareCells(older, newer)).toEqual({ counts, strip });
});

test('the numbers always add up, and the picture is short', () => {
  const cells = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 200 });
  fc.assert(
    fc.property(cells, cells, (older, newer) => {
      const { counts, strip } = compareCells(older, newer);
      expect(older.length - counts.removed + counts.added).toBe(newer.length);
      expect(Math.min(counts.changed, counts.added, counts.removed)).toBeGreaterThanOrEqual(0);
      expect(strip.length).toBe(Math.min(newer.length, 48));
      if (newer.length <= 48) {
        expect(Array.from(strip).filter(letter => letter === 'c').length).toBe(counts.changed);
        expect(Array.from(strip).filter(letter => letter === 'a').length).toBe(counts.added);
      }
    })
  );
});

test('the pieces of a cell count together', () => {
  expect(
    cellsOf([
      { chunk: 1, kind: 'between' },
      { chunk: 2, kind: 'cell' },
      { chunk: 3, kind: 'more' },
      { chunk: 1, kind: 'between' },
      { chunk: 2, kind: 'cell' }
    ])
  ).toEqual(['2,3', '2']);
});
