import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LEVEL } from '../../../../contract/tables/index.js';
import type { TableSource } from '../../../../server/tables/ports.js';
import { asking, filesSource, madeBy, namesOf, objectsOf } from '../../../support/tables/lake.js';

let folder: string;
let source: TableSource;

beforeAll(async () => {
  folder = madeBy('test/support/tables/lake_files.py');
  source = await filesSource({ path: folder });
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const facts = (table: string, schema = '') => source.facts({ schema, table }, asking());

describe('what is a table', () => {
  test('files, folders of parts and Iceberg are tables; other folders are schemas', async () => {
    expect((await source.schemas(asking())).map(({ schema }) => schema)).toEqual([
      '',
      'shelf',
      ['shelf', 'inner'].join(LEVEL)
    ]);
    expect(await namesOf(source)).toEqual(
      [
        'codes',
        'empty',
        'late',
        'many',
        'nothing',
        'odd',
        'packed',
        'parts',
        'sales',
        ...['brotli', 'gzip', 'lz4', 'none', 'snappy', 'zstd'].map(codec => `types_${codec}`),
        'wide'
      ].sort()
    );
    expect(await namesOf(source, 'shelf')).toEqual([]);
    expect(await namesOf(source, ['shelf', 'inner'].join(LEVEL))).toEqual(['one', 'two.csv', 'two.parquet']);
  });

  test('a folder that is itself a table has that one', async () => {
    const one = await filesSource({ path: `${folder}/sales` });
    expect(await namesOf(one)).toEqual(['sales']);
    expect(await objectsOf(one, 'sales')).toHaveLength(4);
  });

  test('the columns for searches are those of each table, one that cannot be read is left out', async () => {
    const told = new Map<string, string[]>();
    for await (const some of source.columns?.('', asking()) ?? [])
      for (const { table, columns } of some)
        told.set(
          table,
          columns.map(({ name, type }) => `${name} ${type}`)
        );
    const readable = (await namesOf(source)).filter(name => told.has(name));
    expect(readable.length).toBeGreaterThanOrEqual(14);
    for (const name of readable)
      expect(told.get(name), name).toEqual((await facts(name)).columns.map(column => `${column.name} ${column.type}`));
  });

  test('the check counts', async () => {
    expect(await source.check(asking())).toEqual([
      { state: 'ok', detail: `${folder} can be read: 16 tables and 2 folders with more.` }
    ]);
  });
});

describe('Parquet', () => {
  test.each(['none', 'snappy', 'gzip', 'brotli', 'zstd', 'lz4'])(
    'packed with %s gives every value exactly',
    async codec => {
      const [first, nulls, edges] = await objectsOf(source, `types_${codec}`);
      expect(first).toEqual({
        flag: true,
        tiny: 1,
        big: 1,
        unsigned: 1,
        price: '12.30',
        huge: '1.000000000',
        real: 0.5,
        half: 0.5,
        name: 'O\'Hare "✈" 机场',
        raw: '0x00ff',
        fixed: '0x61626364',
        day: '2013-01-01',
        clock: '23:59:59.999999',
        at: '2013-01-01 05:00:00.123456',
        at_utc: '2013-01-01 05:00:00.123456Z',
        nanos: '1970-01-01 00:00:00.000000001',
        list: '[1,null,3]',
        struct: '{"a":1,"b":"x"}',
        map: '{"k":"1.50"}',
        deep: '[{"at":"2013-01-01 05:00:00.123456","tags":["a","b"]}]',
        void: null
      });
      expect(Object.values(nulls ?? {})).toEqual(Array(21).fill(null));
      expect(edges).toEqual({
        flag: false,
        tiny: -128,
        big: '9223372036854775807',
        unsigned: '18446744073709551615',
        price: '-0.05',
        huge: '12345678901234567890123456789.123456789',
        real: 'NaN',
        half: 'Infinity',
        name: '',
        raw: `0x${Buffer.from(Array.from({ length: 32 }, (_, at) => at)).toString('hex')}…`,
        fixed: '0x00010203',
        day: '0001-01-01',
        clock: '00:00:00',
        at: '1883-11-18 12:03:58',
        at_utc: '1883-11-18 12:03:58Z',
        nanos: '1969-12-31 23:59:59.999999999',
        list: '[]',
        struct: '{"a":null,"b":null}',
        map: '{}',
        deep: '[null]',
        void: null
      });
    }
  );

  test('types are told as Arrow names them, nested ones with their fields', async () => {
    const { columns, rows, format, location, reach } = await facts('types_snappy');
    expect(columns.map(({ type }) => type)).toEqual([
      'bool',
      'int8',
      'int64',
      'uint64',
      'decimal(10, 2)',
      'decimal(38, 9)',
      'double',
      'float',
      'string',
      'binary',
      'fixed_size_binary[4]',
      'date',
      'time[us]',
      'timestamp[us]',
      'timestamp[us, UTC]',
      'timestamp[ns]',
      'list<int32>',
      'struct<a: int64, b: string>',
      'map<string, decimal(5, 2)>',
      'list<struct<at: timestamp[us], tags: list<string>>>',
      'null'
    ]);
    expect(columns.find(({ name }) => name === 'deep')?.fields?.[0]?.fields?.map(({ name }) => name)).toEqual([
      'at',
      'tags'
    ]);
    expect({ rows, format, location, reach }).toEqual({
      rows: { count: 3, estimated: false },
      format: 'Parquet',
      location: `${folder}/types_snappy.parquet`,
      reach: { kind: 'files', format: 'parquet', path: `${folder}/types_snappy.parquet`, hive: false }
    });
  });

  test('a partitioned table: columns of the newest file and of the folders, rows by partition', async () => {
    const { columns, rows, partitionedBy, partitions, reach } = await facts('parts');
    expect(columns.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'id int64',
      'extra string',
      'year integer (guessed)',
      'month integer (guessed)'
    ]);
    expect(rows).toEqual({ count: 250, estimated: false });
    expect(partitionedBy).toEqual(['year', 'month']);
    expect(partitions?.newest.map(({ name, rows: count }) => `${name} ${count}`)).toEqual([
      'year=2013/month=10 100',
      'year=2013/month=2 20',
      'year=2013/month=1 10',
      'year=2012/month=12 120'
    ]);
    expect(reach).toEqual({ kind: 'files', format: 'parquet', path: `${folder}/parts`, hive: true });
  });

  test('rows of one partition, and null where a file has no such column', async () => {
    expect(await objectsOf(source, 'parts', { partition: 'year=2013/month=2', limit: 1 })).toEqual([
      { id: 0, extra: 'm2', year: 2013, month: 2 }
    ]);
    expect(await objectsOf(source, 'parts', { limit: 1 })).toEqual([{ id: 0, extra: null, year: 2012, month: 12 }]);
    await expect(objectsOf(source, 'parts', { partition: 'year=1999/month=1' })).rejects.toMatchObject({
      code: 'source-not-found'
    });
  });

  test('names of folders are decoded; what Hive writes for null is null', async () => {
    expect(await objectsOf(source, 'odd')).toEqual([
      { n: 2, day: null, place: 'x' },
      { n: 1, day: '2013-01-01', place: 'a/b c' }
    ]);
  });

  test('limits of rows and of bytes are kept, and told', async () => {
    const few = await source.rows({ schema: '', table: 'many' }, { limit: 100, maxBytes: 1_000_000 }, asking());
    expect([few.rows.length, few.more, few.cut]).toEqual([100, true, undefined]);
    const exact = await source.rows({ schema: '', table: 'types_none' }, { limit: 3, maxBytes: 1_000_000 }, asking());
    expect([exact.rows.length, exact.more]).toEqual([3, false]);
    const cut = await source.rows({ schema: '', table: 'wide' }, { limit: 100, maxBytes: 100_000 }, asking());
    expect([cut.rows.length, cut.more, cut.cut]).toEqual([4, true, '100 kB']);
  });
});

describe('CSV', () => {
  test('types are guessed, and it says so', async () => {
    const { columns } = await facts('codes');
    expect(columns.map(({ name, type }) => `${name}: ${type}`)).toEqual([
      'code: string (guessed)',
      'zip: string (guessed)',
      'count: integer (guessed)',
      'ratio: double (guessed)',
      'ok: boolean (guessed)',
      'day: date (guessed)',
      'at: timestamp (guessed)',
      'note: string (guessed)'
    ]);
  });

  test('quotes, new lines, empty values, a byte order mark', async () => {
    expect(await objectsOf(source, 'codes')).toEqual([
      {
        code: 'A',
        zip: '00501',
        count: 1,
        ratio: 0.5,
        ok: true,
        day: '2013-01-01',
        at: '2013-01-01 05:00:00',
        note: 'says "hi", twice'
      },
      {
        code: 'B',
        zip: '10001',
        count: null,
        ratio: 1000,
        ok: false,
        day: '2013-02-28',
        at: '2013-01-01T05:00:00Z',
        note: 'two\nlines'
      },
      { code: 'C', zip: '99999', count: -3, ratio: 0.25, ok: true, day: null, at: null, note: '机场' }
    ]);
  });

  test('packed, with another delimiter, only as far as it is needed', async () => {
    const { rows, more } = await source.rows(
      { schema: '', table: 'packed' },
      { limit: 20_000, maxBytes: 10_000_000 },
      asking()
    );
    expect([rows.length, more, rows[19_999]]).toEqual([20_000, true, [1, 'x']]);
  });

  test('an empty file is a table without columns; double and missing names get numbers', async () => {
    expect((await facts('empty')).columns).toEqual([]);
    expect(await objectsOf(source, 'empty')).toEqual([]);
    const inner = ['shelf', 'inner'].join(LEVEL);
    expect(await objectsOf(source, 'one', { schema: inner })).toEqual([{ a: 1, a_1: 2, column2: 3 }]);
  });

  test('what is no number after the first 64 KB stays the text it is', async () => {
    const rows = await objectsOf(source, 'late', { limit: 50_000 });
    expect([rows.length, rows[0], rows.at(-1)]).toEqual([40_001, { n: 1 }, { n: 'no number' }]);
  });
});

describe('Iceberg in a folder', () => {
  test('schema, comments, key, partitions and snapshots', async () => {
    const all = await facts('sales');
    expect(all.columns.map(({ name, type, nullable, comment }) => [name, type, nullable, comment])).toEqual([
      ['id', 'int', false, 'A number'],
      ['name', 'string', true, undefined],
      ['price', 'decimal(20, 4)', true, undefined],
      ['at', 'timestamptz', true, undefined],
      ['inner', 'struct<x: int>', true, undefined],
      ['added', 'string', true, undefined]
    ]);
    expect(all.columns[4]?.fields?.[0]?.comment).toBe('Inside');
    expect(all).toMatchObject({
      type: 'table',
      comment: 'What was sold',
      owner: 'ana',
      rows: { count: 4, estimated: false },
      format: 'Iceberg v2',
      primaryKey: ['id'],
      partitionedBy: ['id'],
      location: `${folder}/sales`,
      reach: { kind: 'iceberg-folder', path: `${folder}/sales` }
    });
    expect(all.partitions?.newest.map(({ name, rows }) => `${name} ${rows}`)).toEqual([
      'id=4 1',
      'id=3 1',
      'id=2 1',
      'id=1 1'
    ]);
    expect(all.partitions?.more).toBe(false);
    expect(
      all.snapshots?.map(({ addedRows, rows, current, operation }) => [addedRows, rows, current, operation])
    ).toEqual([
      [2, 4, true, 'append'],
      [2, 2, false, 'append']
    ]);
    expect(all.snapshots?.every(({ id }) => /^\d{17,}$/.test(id))).toBe(true);
  });

  test('rows: columns that were renamed or added later, decimals and times exactly', async () => {
    const rows = await objectsOf(source, 'sales');
    expect(rows.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4]);
    expect(rows.find(({ id }) => id === 1)).toEqual({
      id: 1,
      name: 'n1',
      price: '1234567890123456.7890',
      at: '2013-01-01 05:00:00.123456Z',
      inner: '{"x":1}',
      added: null
    });
  });

  test('rows of an earlier snapshot have its names; those of a partition are its own', async () => {
    const { snapshots } = await facts('sales');
    const first = snapshots?.at(-1)?.id ?? '';
    const rows = await objectsOf(source, 'sales', { snapshot: first });
    expect(rows.map(row => [row['id'], row['old_name']]).sort()).toEqual([
      [1, 'n1'],
      [2, 'n2']
    ]);
    expect((await objectsOf(source, 'sales', { partition: 'id=3' })).map(({ id }) => id)).toEqual([3]);
    await expect(objectsOf(source, 'sales', { snapshot: '1' })).rejects.toMatchObject({ code: 'source-not-found' });
  });

  test('a table nothing was ever written to has columns and no rows', async () => {
    expect(await facts('nothing')).toMatchObject({ rows: { count: 0, estimated: false }, snapshots: [] });
    expect(await objectsOf(source, 'nothing')).toEqual([]);
  });
});
