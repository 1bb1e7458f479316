import { describe, expect, test } from 'vitest';
import { SourceNames } from '../../../../server/tables/index/source.js';

const columnsOf = (names: SourceNames): string[] => [...names.columnTexts()].map(({ text }) => text);

describe('what a source tells of a schema', () => {
  test.each([
    ['in order', 'a\ty\tint\nb\tz\ttext\n'],
    ['in any order; of tables that come twice the last counts', 'b\tx\tint\na\ty\tint\nb\tz\ttext\n']
  ])('columns %s', async (_, text) => {
    const names = new SourceNames();
    names.stage('sales', 'columns', text);
    expect(await names.commit('sales', 'columns', 1)).toEqual({ count: 2, changed: true });
    expect(columnsOf(names)).toEqual(['a\ty\tint\nb\tz\ttext\n']);
  });

  test.each([
    ['in order', 'tA\nta\nvb\n'],
    ['in any order; of names that come twice the first counts, and empty ones do not', 'vb\nta\nt\ntA\ntb\n']
  ])('names %s', async (_, text) => {
    const names = new SourceNames();
    names.stage('sales', 'names', text);
    expect(await names.commit('sales', 'names', 1)).toEqual({ count: 3, changed: true });
    expect(names.of('sales')?.names?.page(0, 9)).toEqual([
      { name: 'A', type: 'table' },
      { name: 'a', type: 'table' },
      { name: 'b', type: 'view' }
    ]);
  });
});
