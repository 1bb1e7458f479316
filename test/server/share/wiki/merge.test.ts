import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merge } from '../../../../server/share/wiki/merge.js';

const lines = (text: string): string => text.split(' ').join('\n');

describe('merge', () => {
  it.each([
    ['a b c d e', 'a B c d e', 'a b c d E', 'a B c d E'],
    ['a b c d e', 'a b c d e', 'x', 'x'],
    ['a b c d e', 'x y', 'a b c d e', 'x y'],
    ['a b c', 'a B c', 'a B c', 'a B c'],
    ['a b c d', 'a x b c d', 'a b c d y', 'a x b c d y'],
    ['a b c d', 'b c d', 'a b c', 'b c'],
    ['a b c', 'a B c', 'a X c', undefined],
    ['a b c', 'a x b c', 'a y b c', undefined],
    ['a b c', 'c', 'a b B c', undefined]
  ])('%s with %s and %s', (base, theirs, ours, expected) => {
    expect(merge(lines(base), lines(theirs), lines(ours))).toBe(expected === undefined ? undefined : lines(expected));
  });

  it('keeps every line that either side added, and neither side that nobody changed', () => {
    const word = fc.constantFrom('a', 'b', 'c', 'd', 'e', '');
    const list = fc.array(word, { maxLength: 12 });
    fc.assert(
      fc.property(
        list,
        fc.array(fc.tuple(fc.nat(12), fc.constantFrom('T', 'O'), fc.nat(99)), { maxLength: 6 }),
        (base, inserts) => {
          const [theirs, ours]: [string[], string[]] = [[...base], [...base]];
          for (const [at, who, number] of inserts) (who === 'T' ? theirs : ours).splice(at, 0, `${who}${number}`);
          const merged = merge(base.join('\n'), theirs.join('\n'), ours.join('\n'));
          if (merged === undefined) return;
          const found = merged.split('\n');
          for (const [, who, number] of inserts) expect(found).toContain(`${who}${number}`);
          expect(found.filter(line => !/^[TO]\d/.test(line)).join('\n')).toBe(base.join('\n'));
        }
      )
    );
    fc.assert(
      fc.property(list, list, (base, other) => {
        expect(merge(base.join('\n'), other.join('\n'), base.join('\n'))).toBe(other.join('\n'));
        expect(merge(base.join('\n'), base.join('\n'), other.join('\n'))).toBe(other.join('\n'));
        expect(merge(base.join('\n'), other.join('\n'), other.join('\n'))).toBe(other.join('\n'));
      })
    );
  });
});
