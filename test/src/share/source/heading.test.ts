import { expect, test } from 'vitest';
import { headingOf } from '../../../../src/share/source/heading.js';

test.each([
  ['# Delays in New York', 'Delays in New York'],
  ['text\n\n## Second level ##\n', 'Second level'],
  ['# **Bold** and `code` and [link](http://x)', 'Bold and code and link'],
  ['```\n# a comment\n```\n# Heading', 'Heading'],
  ['~~~\n# a comment\n```\n~~~\n# Heading', 'Heading'],
  ['#tag\n\n####### seven', undefined],
  ['    # indented code', undefined],
  ['# ', undefined],
  ['', undefined]
])('%j', (source, heading) => {
  expect(headingOf([source])).toBe(heading);
});

test('is the first of all cells, and short', () => {
  expect(headingOf(['text', `# ${'x'.repeat(300)}`, '# later'])).toBe('x'.repeat(200));
});
