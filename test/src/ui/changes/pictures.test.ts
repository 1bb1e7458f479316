import { describe, expect, test } from 'vitest';
import { pairs, picturesOf } from '../../../../src/ui/changes/pictures.js';

const cell = (...data: unknown[]) => ({ outputs: data.map(each => ({ output_type: 'display_data', data: each })) });

describe('the pictures of a cell', () => {
  test('one for each output, the best kind of it', () => {
    expect(
      picturesOf(
        cell(
          { 'image/png': ['aGVs', 'bG8=\n'], 'image/svg+xml': '<svg/>' },
          { 'text/plain': 'no picture' },
          { 'image/svg+xml': ['<svg>', '"&#</svg>'] }
        )
      )
    ).toEqual(['data:image/png;base64,aGVsbG8=', 'data:image/svg+xml,%3Csvg%3E%22%26%23%3C%2Fsvg%3E']);
  });

  test('are none where the file holds something else', () => {
    for (const wrong of [undefined, null, 1, 'x', {}, { outputs: {} }, { outputs: [null, 1, { data: null }] }])
      expect(picturesOf(wrong)).toEqual([]);
    expect(picturesOf(cell({ 'image/png': '"><script>' }, { 'image/png': 1 }, { 'image/png': '' }))).toEqual([]);
    expect(picturesOf(cell({ 'image/svg+xml': '\ud800' }))).toEqual(['data:image/svg+xml,%EF%BF%BD']);
  });
});

test('what stayed is left out of the pairs', () => {
  expect(pairs(['a', 'b'], ['a', 'c', 'd'])).toEqual([{ before: 'b', after: 'c' }, { after: 'd' }]);
  expect(pairs(['a'], [])).toEqual([{ before: 'a' }]);
  expect(pairs(['a'], ['a'])).toEqual([]);
});
