import { expect, test } from 'vitest';
import { marksOf } from '../../../src/tables/panel/marks';

const hits = (name: string, query: string): string =>
  marksOf(name, query)
    .map(({ text, isHit }) => (isHit ? `[${text}]` : text))
    .join('');

test.each([
  ['order_items', 'ord', '[ord]er_items'],
  ['São_Paulo', 'sao', '[São]_Paulo'],
  ['Sao_Paulo', 'SÃO', '[Sao]_Paulo'],
  ['İzmir', 'izm', '[İzm]ir'],
  ['プラハ', 'フ', 'プラハ'],
  ['order_fact', 'orfa', '[or]der_[fa]ct'],
  ['🙂año', 'ano', '🙂[año]'],
  ['orders', 'xyz', 'orders']
])('in %s for %s', (name, query, marked) => {
  expect(hits(name, query)).toBe(marked);
});
