import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columnsText, namesText } from '../../../server/tables/index/text.js';
import { search } from '../../../server/tables/index/search.js';
import { SourceNames } from '../../../server/tables/index/source.js';

// The index against one that looks at every name by itself.

type Tables = Record<string, string[]>;
type Schemas = Record<string, Tables>;

async function indexed(schemas: Schemas): Promise<SourceNames> {
  const names = new SourceNames();
  for (const [schema, tables] of Object.entries(schemas)) {
    names.stage(schema, 'names', namesText(Object.keys(tables).map(name => ({ name, type: 'table' }))));
    await names.commit(schema, 'names', 0);
    const columns = Object.entries(tables).map(([table, own]) => ({
      table,
      columns: own.map(name => ({ name, type: 'text' }))
    }));
    names.stage(schema, 'columns', columnsText(columns));
    await names.commit(schema, 'columns', 0);
  }
  return names;
}

const typedAs: Record<string, string> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  þ: 'th',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ħ: 'h',
  ı: 'i'
};

function small(text: string): string {
  const bare = text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');
  return Array.from(bare, char => typedAs[char] ?? (/[\r\n]/.test(char) ? ' ' : char)).join('');
}

/** 0 the name, 1 its beginning, 2 a word's beginning, 3 within, 4 its letters with others between. */
function rankOf(name: string, wanted: string): number | undefined {
  const all = small(name);
  if (all === wanted) return 0;
  if (all.startsWith(wanted)) return 1;
  const places = [...Array(all.length).keys()].filter(at => all.startsWith(wanted, at));
  if (places.length > 0) return places.some(at => beginsWord(name, all, at)) ? 2 : 3;
  if (wanted.length < 3) return undefined;
  let rest = all;
  for (const char of wanted.split('')) {
    const at = rest.indexOf(char);
    if (at < 0) return undefined;
    rest = rest.slice(at + 1);
  }
  return 4;
}

function beginsWord(name: string, all: string, at: number): boolean {
  if (!/[\p{L}\p{N}]/u.test(all.charAt(at - 1))) return true;
  if (name.length !== all.length) return false;
  const isCapital = (char: string): boolean => char.toLowerCase() !== char;
  return isCapital(name.charAt(at)) && !isCapital(name.charAt(at - 1));
}

interface Naive {
  rank: number;
  schema: string;
  table: string;
  column: string | undefined;
}

function naive(schemas: Schemas, wanted: string): Naive[] {
  const found: Naive[] = [];
  for (const [schema, tables] of Object.entries(schemas)) {
    for (const [table, columns] of Object.entries(tables)) {
      const rank = rankOf(table, wanted);
      if (rank !== undefined) found.push({ rank, schema, table, column: undefined });
      for (const column of columns) {
        const own = rankOf(column, wanted);
        if (own !== undefined) found.push({ rank: own, schema, table, column });
      }
    }
  }
  return found;
}

const name = fc.oneof(
  fc.constantFrom(
    'orders',
    'Orders',
    'order_items',
    'customerOrders',
    'or',
    'o',
    'fact order',
    'a.b',
    "it's",
    'line\nend',
    'ÓrdenesAño',
    'comandeÀrevoir',
    'Straße'
  ),
  fc.string({ minLength: 1, maxLength: 8, unit: fc.constantFrom(...'abOr_-. 1\n\\éÉøß\u0301'.split('')) }),
  fc.string({ minLength: 1, maxLength: 12, unit: 'binary' })
);
const tables = fc.dictionary(name, fc.uniqueArray(name, { maxLength: 4 }), { maxKeys: 8, noNullPrototype: true });
const schemas = fc.dictionary(fc.constantFrom('public', 'sales', 'raw_zone'), tables, { noNullPrototype: true });
const typed = fc.oneof(fc.constantFrom('or', 'ord', 'order', 'a', 'oder', 'b', 'are', 'ó', 'ss'), name);

describe('search', () => {
  test('finds what looking at every name finds, ranked the same', async () => {
    await fc.assert(
      fc.asyncProperty(schemas, typed, async (all, q) => {
        const wanted = small(q.trim());
        fc.pre(wanted !== '');
        const expected = naive(all, wanted);
        fc.pre(expected.length > 0 && expected.length < 100);
        const { hits, total } = search([await indexed(all)], { q, columns: true, limit: 200 });
        const shown = hits.map(hit => ({ schema: hit.schema, table: hit.table, column: hit.column?.name }));
        expect(total).toBe(expected.length);
        const keyOf = (each: Omit<Naive, 'rank'>): string => JSON.stringify([each.schema, each.table, each.column]);
        expect(shown.map(keyOf).sort()).toEqual(expected.map(keyOf).sort());
        // The same rank, and tables before columns within one.
        const ranks = shown.map(
          each => rankOf(each.column ?? each.table, wanted)! * 2 + (each.column === undefined ? 0 : 1)
        );
        expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
      })
    );
  });

  test('a list that is cut holds the best, and says how many there are', async () => {
    await fc.assert(
      fc.asyncProperty(schemas, typed, fc.integer({ min: 1, max: 6 }), async (all, q, limit) => {
        const wanted = small(q.trim());
        fc.pre(wanted !== '');
        const better = naive(all, wanted).filter(({ rank }) => rank < 4);
        fc.pre(better.length >= limit);
        const { hits, total } = search([await indexed(all)], { q, columns: true, limit });
        expect(total).toBe(better.length);
        expect(hits).toHaveLength(limit);
        const ranks = (isColumn: boolean): number[] =>
          better
            .filter(each => (each.column !== undefined) === isColumn)
            .map(({ rank }) => rank)
            .sort((a, b) => a - b);
        for (const isColumn of [false, true]) {
          const own = hits
            .filter(hit => (hit.column !== undefined) === isColumn)
            .map(hit => rankOf(hit.column?.name ?? hit.table, wanted));
          expect(own).toEqual(ranks(isColumn).slice(0, own.length));
        }
        const columns = hits.filter(hit => hit.column !== undefined).length;
        expect(columns).toBeLessThanOrEqual(Math.max(Math.floor(limit / 2), limit - ranks(false).length));
      })
    );
  });

  test.each([
    ['sao', ['São Paulo', 'Sa\u0303o', 'sao']],
    ['SÃO', ['São Paulo', 'Sa\u0303o', 'sao']],
    ['strasse', ['Straße', 'strasse_nr']],
    ['straße', ['Straße', 'strasse_nr']],
    ['lodz', ['Łódź']],
    ['izmir', ['İzmir', 'ızmir']],
    ['кий', ['київ_Кий']],
    ['東', ['東京']],
    ['プ', ['プラハ']]
  ])('%s finds names with and without accents, capitals or not: %j', async (q, expected) => {
    const all = [
      'São Paulo',
      'Sa\u0303o',
      'sao',
      'Straße',
      'strasse_nr',
      'Łódź',
      'İzmir',
      'ızmir',
      'київ_Кий',
      '東京',
      'プラハ'
    ];
    const tables = await indexed({ s: Object.fromEntries(all.map(each => [each, []])) });
    const columns = await indexed({ s: { t1: all } });
    const find = (names: SourceNames) => search([names], { q, columns: true, limit: 100 }).hits;
    expect(new Set(find(tables).map(hit => hit.table))).toEqual(new Set(expected));
    expect(new Set(find(columns).map(hit => hit.column?.name))).toEqual(new Set(expected));
  });

  test('an accent changes no rank: the name, its beginning, a word, a capital within, the rest', async () => {
    const ranked = ['año', 'AñoFiscal', 'ordenes_año', 'ventasAño', 'antaño'];
    const names = await indexed({ s: Object.fromEntries([...ranked].reverse().map(each => [each, []])) });
    for (const q of ['ano', 'año', 'AÑO']) {
      const hits = search([names], { q, columns: true, limit: 100 }).hits.map(hit => hit.table);
      expect([hits.slice(0, 2), new Set(hits.slice(2, 4)), hits.slice(4)]).toEqual([
        ranked.slice(0, 2),
        new Set(ranked.slice(2, 4)),
        ranked.slice(4)
      ]);
    }
  });

  test('what was replaced or went is not found any more', async () => {
    const names = await indexed({ a: { one: ['x1'] }, b: { two: ['x2'] } });
    names.stage('a', 'names', namesText([{ name: 'three', type: 'view' }]));
    await names.commit('a', 'names', 1);
    names.stage('a', 'columns', columnsText([{ table: 'three', columns: [{ name: 'x3', type: 'int' }] }]));
    await names.commit('a', 'columns', 1);
    const find = (q: string) => search([names], { q, columns: true, limit: 10 }).hits.map(hit => hit.table);
    expect(find('x')).toEqual(['two', 'three']);
    expect(find('one')).toEqual([]);
    names.only(['a']);
    expect(find('x')).toEqual(['three']);
    expect(search([names], { q: 'three', columns: true, limit: 10 }).hits[0]).toMatchObject({ type: 'view' });
  });

  test('a name that comes twice is there once, and one with a new line is one name', async () => {
    const names = new SourceNames();
    names.stage(
      's',
      'names',
      namesText([
        { name: 'a\nb', type: 'view' },
        { name: 'twice', type: 'table' }
      ])
    );
    names.stage(
      's',
      'names',
      namesText([
        { name: 'twice', type: 'view' },
        { name: '\\n', type: 'table' }
      ])
    );
    expect(await names.commit('s', 'names', 0)).toEqual({ count: 3, changed: true });
    expect(names.of('s')?.names?.page(0, 10)).toEqual([
      { name: '\\n', type: 'table' },
      { name: 'a\nb', type: 'view' },
      { name: 'twice', type: 'table' }
    ]);
    expect(search([names], { q: 'a b', columns: true, limit: 10 }).hits).toMatchObject([
      { table: 'a\nb', type: 'view' }
    ]);
  });
});
