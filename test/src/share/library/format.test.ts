import { describe, expect, test } from 'vitest';
import { ago, fileSize } from '../../../../src/share/library/format.js';
import { plainText } from '../../../../src/share/library/text.js';

const now = new Date(2026, 10, 21, 12, 0, 0).getTime();
const before = (milliseconds: number) => ago(new Date(now - milliseconds).toISOString(), now, plainText);
const hours = 3_600_000;

describe('how long ago', () => {
  test.each([
    [-5000, 'just now'],
    [59_000, 'just now'],
    [61_000, '1 min ago'],
    [59 * 60_000, '59 min ago'],
    [3 * hours, '3 h ago'],
    [11 * hours, '11 h ago'],
    [13 * hours, 'yesterday'],
    [30 * hours, 'yesterday'],
    [3 * 24 * hours, '3 days ago'],
    [20 * 24 * hours, 'Nov 1'],
    [400 * 24 * hours, 'Oct 17, 2025']
  ])('%i ms is "%s"', (milliseconds, words) => {
    expect(before(milliseconds)).toBe(words);
  });
});

describe('bytes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1 KB'],
    [41_234, '41 KB'],
    [1_240_000, '1.2 MB'],
    [999_600, '1 MB'],
    [57_000_000, '57 MB'],
    [1_073_741_824, '1.1 GB']
  ])('%i is "%s"', (bytes, words) => {
    expect(fileSize(bytes)).toBe(words);
  });
});

describe('sentences', () => {
  test('take their values in any order, and plural forms their number first', () => {
    expect(plainText.__('%2 of %1', 'a', 'b')).toBe('b of a');
    expect(plainText.__('%1 %2', 'a')).toBe('a %2');
    expect(plainText._n('%1 cell', '%1 cells', 1)).toBe('1 cell');
    expect(plainText._n('%2 cell', '%2 cells', 1200, '1,200')).toBe('1,200 cells');
  });
});
