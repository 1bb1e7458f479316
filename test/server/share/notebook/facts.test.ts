import { describe, expect, test } from 'vitest';
import { FactsCollector } from '../../../../server/share/notebook/facts.js';
import { importsOf } from '../../../../server/share/notebook/imports.js';
import { headingOf, proseOf, titleOf } from '../../../../server/share/notebook/prose.js';
import { readNotebook } from '../../../../server/share/notebook/read.js';
import { tablesInSql } from '../../../../server/share/notebook/sql.js';
import { tablesOf } from '../../../../server/share/notebook/tables.js';
import { codeCell, exampleNotebook, markdownCell, notebookBytes, notebookOf } from '../../../support/notebooks.js';

function facts(notebook: unknown) {
  const read = readNotebook(notebookBytes(notebook), { exact: true });
  const collector = new FactsCollector(read);
  for (let at = 0; at < read.cellCount; at++) collector.cell(read.cell(at));
  return collector.finish();
}

test('what a notebook is about', () => {
  expect(facts(exampleNotebook({ title: 'Delays', id: '01ARZ3NDEKTSV4RRFFQ69G5FAV' }))).toMatchObject({
    notebookId: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    title: 'Delays',
    cells: 3,
    language: 'python',
    kernel: { name: 'python3', displayName: 'Python 3', language: 'python', languageVersion: '3.11.7' },
    imports: ['pandas'],
    tables: ['sales.orders'],
    notes: []
  });
});

test.each(['', 'x', '01arz3ndektsv4rrffq69g5fav', '../../etc', 7, null])('the id %j counts as absent', id => {
  expect(facts(notebookOf([], { lakeside: { id } })).notebookId).toBeUndefined();
});

test('says what was mended', () => {
  const odd = [
    { ...markdownCell('a'), id: 'x' },
    { ...codeCell('b', [1]), id: 'x', source: 3 },
    { cell_type: 'chart', source: '' }
  ];
  expect(facts(notebookOf(odd as never)).notes).toEqual([
    '1 cell has the id of another one.',
    '1 cell has no readable source.',
    '1 output cannot be read.',
    '1 cell is of an unknown kind.'
  ]);
});

test('prose is bounded', () => {
  expect(
    facts(notebookOf(Array.from({ length: 30 }, () => markdownCell('word '.repeat(2000))))).text.length
  ).toBeLessThanOrEqual(64 * 1024);
});

describe('titles', () => {
  test.each([
    ['# One', 'One'],
    ['text\n\n## *Two* with `code` ##', 'Two with code'],
    ['```\n# no\n```\n# Yes', 'Yes'],
    ['Title\n=====', 'Title'],
    ['<h1 align="center">HTML <b>too</b></h1>', 'HTML too'],
    ['# [A link](https://x) and ![a picture](y.png)', 'A link and a picture'],
    ['# snake_case stays', 'snake_case stays'],
    ['# \u202egnp.exe\u202c', 'gnp.exe'],
    ['#nothing', undefined],
    ['# ', undefined],
    ['', undefined]
  ])('%j → %j', (source, title) => {
    expect(headingOf(source)).toBe(title);
  });

  test('are cut without halving a character', () => {
    const title = titleOf('😀'.repeat(150)) ?? '';
    expect(title.length).toBeLessThanOrEqual(200);
    expect(title.isWellFormed()).toBe(true);
  });
});

test('prose is words without marks, tags, comments and embedded pictures', () => {
  const source =
    '# T\n\n- **a** [b](http://c)\n> d <b>e</b> <!-- f --> ![g](data:image/png;base64,AAAA)\n\n| h | i |\n|---|---|\n```\nj\n```\n&lt;k&gt;';
  expect(proseOf(source)).toBe('T\na b\nd e g\n| h | i |\nj\n<k>');
  expect(proseOf('<!-- '.repeat(50_000))).toContain('<!--');
});

describe('imports', () => {
  test.each([
    [
      'import pandas as pd, numpy.linalg\nfrom sklearn.svm import SVC\nfrom . import x\n  import os  # y',
      'python',
      ['pandas', 'numpy', 'sklearn', 'os']
    ],
    ['%%bash\nimport nothing', 'python', []],
    ['%%time\nimport polars', 'python', ['polars']],
    ['library(dplyr); require("ggplot2")\nx <- data.table::fread("a")', 'R', ['dplyr', 'ggplot2', 'data.table']],
    ['using DataFrames, CSV: read\nimport Plots.PlotMeasures', 'julia', ['DataFrames', 'CSV', 'Plots']],
    ['import x', 'scala', []]
  ])('%j in %s', (source, language, names) => {
    expect(importsOf(source, language)).toEqual(names);
  });
});

describe('tables in SQL', () => {
  test.each([
    ['select * from a', ['a']],
    ['SELECT * FROM db.schema.t AS x LEFT JOIN "Q"."T 2" y ON x.i = y.i', ['db.schema.t', 'Q.T 2']],
    ['select * from a, b c, `d`.`e` where f = 1', ['a', 'b', 'd.e']],
    ['with x as (select * from a), y (n) as (select 1 from x) select * from x join y join z', ['a', 'z']],
    ['select * from (select * from inner_one) q cross join lateral unnest(q.v)', ['inner_one']],
    ["select extract(year from d), trim(' ' from e) from f -- from g\n/* from h */ where i = 'from j'", ['f']],
    ["select * from 'data/x.parquet' union all select * from read_csv('y.csv')", ['data/x.parquet']],
    ['insert into t select * from s; delete from u where a is distinct from b', ['s', 'u']],
    ['select * from [dbo].[Orders]', ['dbo.Orders']],
    ['select * from värde.größe', ['värde.größe']],
    ['from', []],
    ['', []]
  ])('%s', (sql, tables) => {
    expect(tablesInSql(sql)).toEqual(tables);
  });

  test('an unclosed comment or quote takes no time', () => {
    const started = performance.now();
    for (const text of ['/*'.repeat(60_000), "'".repeat(120_001), '(as ('.repeat(30_000), '"""'.repeat(40_001)])
      tablesInSql(text);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('tables in code', () => {
  test.each([
    ['%%sql\nselect * from a', ['a']],
    ['%%sql warehouse\nselect * from b', ['b']],
    ['%%sql select *\nfrom c', ['c']],
    ['x = 1\n%sql select * from d\n# %sql select * from no', ['d']],
    ['df = %sql select * from e', ['e']],
    ['spark.sql("""\n  select * from f\n""")', ['f']],
    ["pd.read_sql('SELECT a FROM g', con); pd.read_sql_table('h', con)", ['g', 'h']],
    ['spark.table("i"); spark.read.table("db.j"); load_table("k.l")', ['i', 'db.j', 'k.l']],
    [
      'pd.read_parquet("m.parquet"); pl.scan_csv(r"n/*.csv"); spark.read.format("delta").load("o")',
      ['m.parquet', 'n/*.csv', 'o']
    ],
    ['query = "with q as (select 1 from p) select * from q"', ['p']],
    ['f"select * from {name}"; pd.read_csv(path)', []],
    ['print("take it from here"); from x import y', []],
    ['%%bash\ncat from file', []]
  ])('%j', (source, tables) => {
    expect(tablesOf(source, 'python').sort()).toEqual([...tables].sort());
  });

  test('a SQL kernel needs no magic', () => {
    expect(tablesOf('select * from r', 'sql')).toEqual(['r']);
  });
});
