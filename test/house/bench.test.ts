import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { benches } from '../../scripts/bench/list.mjs';
import { renew, section } from '../../scripts/bench/document.mjs';
import { row, table } from '../bench/report.mjs';

describe('the figures', () => {
  test('every benchmark has its place in docs/performance.md', () => {
    const text = readFileSync('docs/performance.md', 'utf8');
    for (const { name } of benches) expect(renew(text, name, 'x')).toContain(`<!-- ${name} -->\nx\n<!-- /${name} -->`);
  });

  test('replace what stands between their markers, and nothing else', () => {
    const text = 'a\n<!-- x -->\nold\n<!-- /x -->\nb';
    expect(renew(text, 'x', 'new')).toBe('a\n<!-- x -->\nnew\n<!-- /x -->\nb');
    expect(renew(renew(text, 'x', 'new'), 'x', 'old')).toBe(text);
    expect(() => renew(text, 'y', 'new')).toThrow('There is no place for y');
  });

  test('a goal is missed by what reaches its limit, or passes it', () => {
    expect(row('a', 150, 'ms', { below: 150 })).toMatchObject({ goal: '< 150 ms', met: false });
    expect(row('a', 150, 'ms', { atMost: 150 })).toMatchObject({ goal: '≤ 150 ms', met: true });
    expect(row('a', 149.9, 'ms', { below: 150, peer: 299.8 })).toMatchObject({ met: true, ratio: 2 });
    expect(row('a', 1, 'ms')).not.toHaveProperty('met');
  });

  test('a missed goal stands out in the table', () => {
    const rows = [row('a', 1234.5, 'ms', { below: 1000, peer: 617.25 }), row('b', 1.234, 's')];
    expect(table({ peer: 'other', rows }).split('\n').slice(2)).toEqual([
      '| a | 1,235 ms | 617 ms | 0.50× | < 1000 ms | **NO** |',
      '| b | 1.23 s |  |  |  |  |'
    ]);
    expect(section({ rows, notes: ['Said.'], load: 0.5 })).toContain('Said. Load of the machine before: 0.50.');
  });
});
