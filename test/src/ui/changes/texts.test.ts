import { expect, test } from 'vitest';
import { textsOf } from '../../../../src/ui/changes/texts.js';

test('what outputs say in plain text stands one after the other, without colours', () => {
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: ['one\n', '\u001b[31mtwo\u001b[0m\n'] },
    { output_type: 'execute_result', data: { 'text/plain': '42', 'text/html': '<b>42</b>' } },
    { output_type: 'display_data', data: { 'image/png': 'AAAA', 'text/plain': '<Figure>' } },
    { output_type: 'error', ename: 'ValueError', evalue: 'no data', traceback: [] }
  ];
  expect(textsOf({ outputs })).toBe('one\ntwo\n42\nValueError: no data');
});

test('anything may stand in a file', () => {
  for (const cell of [undefined, null, 3, {}, { outputs: 3 }, { outputs: [null, 3, { data: null }, { text: 3 }] }]) {
    expect(textsOf(cell)).toBe('');
  }
});

test('a long text is cut', () => {
  const text = textsOf({ outputs: [{ text: 'x'.repeat(9_000) }] });
  expect(text).toHaveLength(5_001);
  expect(text.endsWith('…')).toBe(true);
});
