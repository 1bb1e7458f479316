import { describe, expect, it } from 'vitest';
import { pathOf } from '../../../../contract/tables/index.js';
import { snippetsOf } from '../../../../server/tables/code/index.js';
import { pythonText, survivesEditors, variableName } from '../../../../server/tables/code/literals.js';
import type { TableReach } from '../../../../server/tables/ports.js';

const code = (reach: TableReach, dialect: string, table = 'Orders', schema: string[] = [], columns: string[] = []) =>
  snippetsOf(
    'shop',
    { schema: pathOf(schema), table },
    reach,
    columns.map(name => ({ name }))
  ).find(snippet => snippet.dialect === dialect && snippet.language === 'python')?.code;

const postgres: TableReach = { kind: 'sql', dialect: 'postgresql', name: ['public', 'Orders'] };
const parquet: TableReach = { kind: 'files', format: 'parquet', path: '/data/lake/flights', hive: true };

describe('snippetsOf', () => {
  it('writes a cell of %%sql with the columns by name', () => {
    expect(code(postgres, 'sql', 'Orders', ['public'], ['id', 'a"b'])).toBe(
      '%%sql orders --source shop\nSELECT "id", "a""b" FROM "public"."Orders" LIMIT 100\n'
    );
  });

  it('names no columns where there are many, or two of one name', () => {
    const many = Array.from({ length: 25 }, (_, index) => `c${String(index)}`);
    expect(code(postgres, 'sql', 'Orders', [], many)).toContain('SELECT * FROM');
    expect(code(postgres, 'sql', 'Orders', [], ['a', 'a'])).toContain('SELECT * FROM');
  });

  it('quotes by the dialect', () => {
    expect(code({ kind: 'sql', dialect: 'mysql', name: ['a`b', 'c"d'] }, 'sql')).toContain('`a``b`.`c"d`');
  });

  it('reads a database through lakeside.read_sql, with the text as a literal of Python', () => {
    const reach: TableReach = { kind: 'sql', dialect: 'postgresql', name: ['p', 'a\n"b\\%'] };
    expect(code(reach, 'polars')).toBe(
      'import lakeside\n\norders = lakeside.read_sql("SELECT * FROM \\"p\\".\\"a\\n\\"\\"b\\\\%\\" LIMIT 100", "shop", engine="polars")\norders\n'
    );
  });

  it('does not leave to an editor what an editor changes', () => {
    const reach: TableReach = { kind: 'sql', dialect: 'mysql', name: ['p', 'a\rb'] };
    expect(code(reach, 'sql', 'a\rb')).toMatch(/^import lakeside\n/);
    expect(code(reach, 'sql', 'a\rb')).toContain('a\\rb');
  });

  it('reads files of this machine without Lakeside', () => {
    expect(code(parquet, 'pandas', 'flights')).toBe(
      'import pyarrow.dataset as ds\n\nflights = ds.dataset("/data/lake/flights", format="parquet", partitioning="hive").head(100).to_pandas()\nflights\n'
    );
    expect(code(parquet, 'polars', 'flights')).toContain(
      'pl.scan_parquet("/data/lake/flights", hive_partitioning=True)'
    );
    expect(code({ ...parquet, path: '/data/[x]' }, 'polars')).toContain('pl.from_arrow');
  });

  it('gives tables of files one schema', () => {
    expect(code(parquet, 'sql', 'flights', ['raw', '2013'])).toContain('FROM "raw/2013"."flights"');
    expect(code(parquet, 'sql', 'flights')).toContain('FROM "flights"');
  });

  it('reads a bucket with the keys of the source', () => {
    expect(code({ ...parquet, path: 's3://b/flights' }, 'pandas', 'flights')).toContain('lakeside.read_sql(');
  });

  it('reads a catalogue through pyiceberg', () => {
    const reach: TableReach = { kind: 'iceberg', identifier: ['a', 'b', 'c'] };
    expect(code(reach, 'arrow', 'c', ['a', 'b'])).toContain(
      'lakeside.get_catalog("shop").load_table(("a", "b", "c"))\nc = table.scan(limit=100).to_arrow()'
    );
  });

  it('offers nothing but Spark where only Spark reads', () => {
    expect(code({ kind: 'spark', name: ['db', 't'] }, 'sql')).toBeUndefined();
    expect(code({ kind: 'spark', name: ['db', 't'] }, 'spark')).toContain('spark.table("`db`.`t`")');
  });

  it('has a statement alone for a file of SQL', () => {
    const sql = snippetsOf('shop', { schema: 'public', table: 'Orders' }, postgres, []).find(
      ({ language }) => language === 'sql'
    );
    expect(sql?.code).toBe('SELECT * FROM "public"."Orders" LIMIT 100;\n');
  });
});

describe('literals', () => {
  it('makes names of variables that Python takes', () => {
    expect(['Ünï', '2013', '', '订单', 'class', 'a b.c'].map(variableName)).toEqual([
      ...['uni', 't_2013', 'rows', 'rows', 't_class', 'a_b_c']
    ]);
  });

  it('knows what editors change', () => {
    expect(['a\nb\tc', '😀', '订单'].every(survivesEditors)).toBe(true);
    expect(['a\rb', '\u2028', '\u0085', '\ud800'].some(survivesEditors)).toBe(false);
    expect(pythonText('\u2028"')).toBe('"\\u2028\\""');
  });
});
