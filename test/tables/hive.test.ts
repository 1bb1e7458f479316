import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHiveSource } from '../../server/adapters/source-hive/index.js';
import { HiveSettings } from '../../server/adapters/source-hive/settings.js';
import type { TableSource } from '../../server/tables/ports.js';
import { startHive, type RunningCatalog } from '../support/tables/catalogs.js';
import { hiveAdmin, type HiveAdmin } from '../support/tables/hiveAdmin.js';
import { asking, lakeSurroundings, madeBy, namesOf, objectsOf } from '../support/tables/lake.js';
import { sourceFaultSuite } from '../support/tables/faultSuite.js';
import { allOf, tableSourceSuite } from '../support/tables/sourceSuite.js';

let hive: RunningCatalog;
let admin: HiveAdmin;
let round = 0;

function source(settings: object = {}): TableSource {
  const given = { host: '127.0.0.1', port: hive.port, user: 'ana', data: { path: hive.warehouse }, ...settings };
  return createHiveSource(HiveSettings.parse(given), lakeSurroundings());
}

function files(given: object): void {
  const script = resolve('test/support/tables/hive_seed.py');
  execFileSync(resolve('.venv/bin/python'), [script, hive.warehouse], { input: JSON.stringify(given) });
}

async function seed(tables: readonly string[]): Promise<void> {
  const prefix = `round${round++}`;
  // Columns of a metastore are in small letters.
  files({ tables, prefix, column: tables });
  for (const [at, name] of tables.entries())
    await admin.createTable({
      database: 'suite',
      name,
      columns: [
        ['id', 'int'],
        [name, 'string']
      ],
      location: `file://${hive.warehouse}/${prefix}/${at}`,
      format: 'parquet'
    });
}

beforeAll(async () => {
  hive = await startHive();
  for (let tries = 0; ; tries++) {
    try {
      const probe = source();
      await probe.schemas(asking());
      await probe.close();
      break;
    } catch (error) {
      if (tries > 120) throw error;
      await sleep(500);
    }
  }
  admin = await hiveAdmin(hive.port);
  await admin.createDatabase('suite', `file://${hive.warehouse}/suite.db`);
  files({ tables: [], prefix: 'none', column: [], more: true });
  const table = { database: 'suite', columns: [['id', 'int']] as [string, string][], format: 'parquet' as const };
  const at = (name: string) => ({ ...table, name, location: `file://${hive.warehouse}/${name}` });
  await admin.createTable({
    ...at('wide'),
    columns: [
      ['id', 'int'],
      ['text', 'string']
    ]
  });
  await admin.createTable({
    ...at('parts'),
    columns: [['n', 'bigint', 'A number']],
    partitionKeys: [
      ['year', 'int'],
      ['month', 'int']
    ],
    parameters: { EXTERNAL: 'TRUE', comment: 'In parts', numRows: '15', totalSize: '1234' }
  });
  for (const name of ['year=2012/month=12', 'year=2013/month=1', 'year=2013/month=2'])
    await admin.addPartition('suite', 'parts', name);
  const texts: [string, string][] = [
    ['id', 'int'],
    ['note', 'string']
  ];
  await admin.createTable({ ...at('text'), columns: texts, format: 'text' });
  await admin.createTable({
    ...at('head'),
    columns: texts,
    format: 'csv',
    parameters: { 'skip.header.line.count': '1' }
  });
  await admin.createTable({
    ...at('nested'),
    columns: [['deep', 'struct<a:int,b:array<map<string,decimal(10,2)>>>', 'Nested']],
    format: 'orc'
  });
});
afterAll(async () => {
  await admin.close();
  await hive.stop();
});

tableSourceSuite('the real Hive metastore', async () => {
  const made = source();
  return {
    source: made,
    schema: 'suite',
    // What the metastore takes for names.
    names: { longest: 100, accepts: name => /^[a-z0-9_]+$/.test(name) && name !== 'id', least: 20 },
    seed,
    drop: name => admin.drop('suite', name),
    wide: { schema: 'suite', table: 'wide' },
    dispose: () => made.close()
  };
});

sourceFaultSuite('the real Hive metastore', async () => {
  // Its description is what comes through the proxy; its rows lie in the folder.
  const columns = Array.from({ length: 700 }, (_, at): [string, string, string] => [
    `column_${at}`,
    'string',
    'One of many'
  ]);
  const location = join(hive.warehouse, 'large');
  mkdirSync(location);
  writeFileSync(join(location, '000000_0'), 'one\u0001two\n');
  await admin.createTable({
    database: 'suite',
    name: 'large',
    columns,
    location: `file://${location}`,
    format: 'text'
  });
  return {
    host: '127.0.0.1',
    port: hive.port,
    at: ({ host, port }) => source({ host, port }),
    large: { schema: 'suite', table: 'large' },
    small: { schema: 'suite', table: 'wide' },
    dispose: async () => undefined
  };
});

test('listens on the loopback alone', () => {
  const port = hive.port.toString(16).toUpperCase().padStart(4, '0');
  const listening = ['tcp', 'tcp6'].flatMap(family =>
    [...readFileSync(`/proc/net/${family}`, 'utf8').matchAll(/: (\w+):(\w{4}) \w+:0000 0A/g)].flatMap(
      ([, address, at]) => (at === port ? [address] : [])
    )
  );
  expect(listening).toHaveLength(1);
  expect(['0100007F', '0000000000000000FFFF00000100007F']).toContain(listening[0]);
});

test('partitions, comments, owner, sizes', async () => {
  const lake = source();
  const facts = await lake.facts({ schema: 'suite', table: 'parts' }, asking());
  expect(facts).toMatchObject({
    type: 'external',
    comment: 'In parts',
    owner: 'ana',
    format: 'Parquet',
    location: `file:${hive.warehouse}/parts`,
    partitionedBy: ['year', 'month'],
    partitions: {
      newest: [{ name: 'year=2013/month=2' }, { name: 'year=2013/month=1' }, { name: 'year=2012/month=12' }],
      more: false
    },
    reach: { kind: 'spark', name: ['suite', 'parts'] }
  });
  expect(facts.columns.map(({ name, type, comment }) => [name, type, comment])).toEqual([
    ['n', 'bigint', 'A number'],
    ['year', 'int', undefined],
    ['month', 'int', undefined]
  ]);
  expect(await objectsOf(lake, 'parts', { schema: 'suite', partition: 'year=2013/month=2' })).toEqual([
    { n: 0, year: 2013, month: 2 },
    { n: 1, year: 2013, month: 2 }
  ]);
  expect(await objectsOf(lake, 'parts', { schema: 'suite' })).toHaveLength(15);
  await lake.close();
});

test('texts, with and without a line of names', async () => {
  const lake = source();
  expect(await objectsOf(lake, 'text', { schema: 'suite' })).toEqual([
    { id: 1, note: 'one' },
    { id: 2, note: null }
  ]);
  expect(await objectsOf(lake, 'head', { schema: 'suite' })).toEqual([{ id: 1, note: 'a, b' }]);
  await lake.close();
});

test('nested types; what cannot be read is said', async () => {
  const lake = source();
  const { columns, format } = await lake.facts({ schema: 'suite', table: 'nested' }, asking());
  expect(format).toBe('Orc');
  expect(columns[0]).toMatchObject({
    kind: 'struct',
    comment: 'Nested',
    fields: [
      { name: 'a', type: 'int', kind: 'integer' },
      {
        name: 'b',
        kind: 'list',
        fields: [
          { name: 'element', kind: 'map', fields: [{ kind: 'string' }, { type: 'decimal(10,2)', kind: 'decimal' }] }
        ]
      }
    ]
  });
  await expect(objectsOf(lake, 'nested', { schema: 'suite' })).rejects.toThrow(/as Orc; the preview reads/);
  await lake.close();
});

test('an Iceberg table of the metastore', async () => {
  const made = madeBy('test/support/tables/lake_files.py');
  const { globSync } = await import('node:fs');
  const newest = globSync(join(made, 'sales/metadata/*.metadata.json')).sort().at(-1)!;
  await admin.createTable({
    database: 'suite',
    name: 'iceberg',
    columns: [['id', 'int']],
    location: `file://${made}/sales`,
    format: 'orc',
    parameters: { EXTERNAL: 'TRUE', table_type: 'ICEBERG', metadata_location: `file://${newest}` }
  });
  const lake = source({ data: { path: made } });
  const facts = await lake.facts({ schema: 'suite', table: 'iceberg' }, asking());
  expect([facts.format, facts.snapshots?.length, facts.rows?.count]).toEqual(['Iceberg v2', 2, 4]);
  expect(await objectsOf(lake, 'iceberg', { schema: 'suite' })).toHaveLength(4);
  await lake.close();
  const elsewhere = source();
  const { columns, troubles } = await elsewhere.facts({ schema: 'suite', table: 'iceberg' }, asking());
  expect([columns.length, troubles?.[0]?.code]).toEqual([1, 'source-forbidden']);
  await elsewhere.close();
});

test('only schemas that the settings allow', async () => {
  const lake = source({ schemas: ['sui*'] });
  expect(await lake.schemas(asking())).toEqual([{ schema: 'suite' }]);
  await expect(namesOf(lake, 'default')).rejects.toMatchObject({ code: 'source-not-found' });
  const all = await allOf(lake.columns!('suite', asking()));
  expect(all.find(({ table }) => table === 'parts')?.columns.map(({ name }) => name)).toEqual(['n', 'year', 'month']);
  await lake.close();
});
