import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { runFinder } from '../../../../server/share/gate/runs.js';

test('finds the runs that a regular expression finds, and no others', () => {
  const find = runFinder('ab1', 4);
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '1', 'a', ' ', 'é', '文'), maxLength: 60 });
  fc.assert(
    fc.property(text, fc.nat(20), (text, from) => {
      const pattern = /[ab1]{4,}/g;
      pattern.lastIndex = from;
      expect(find(text, from)).toBe(pattern.exec(text)?.index ?? -1);
    }),
    { numRuns: 2_000 }
  );
});
