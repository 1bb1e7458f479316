import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRedshiftSource } from '../../server/adapters/source-postgresql/redshift.js';
import type { TableSource } from '../../server/tables/ports.js';
import type { RunningPostgres } from '../support/databases/postgresql.mjs';
import { startPostgres } from '../support/databases/postgresql.mjs';
import { administrator, READER } from '../support/tables/postgresFixture.js';
import { allOf, codeOf } from '../support/tables/sourceSuite.js';

// A twin, not Redshift: a PostgreSQL with the views of Redshift's documentation. It refuses what Redshift has not by
// looking through all statements at the end.

const call = { signal: new AbortController().signal };
const OPTIONS = { limit: 100, maxBytes: 1_000_000 };

/** What PostgreSQL 15 has and Redshift has not, or keeps whole on its leader node. */
const UNKNOWN =
  /json_agg|json_build|lateral|unnest|ordinality|array_agg|string_agg|filter \(|lock_timeout|bytea_output|intervalstyle|max_parallel|declare |fetch |ANY\(|has_column_privilege|pg_total_relation_size|pg_inherits|relispartition|pg_catalog\.json/i;

let server: RunningPostgres;
let admin: Client;
let source: TableSource;

beforeAll(async () => {
  server = await startPostgres({ settings: ['log_statement=all', 'log_line_prefix=%u '] });
  admin = await administrator(server);
  await admin.query(`
    CREATE ROLE reader LOGIN PASSWORD '${READER.password}';
    CREATE SCHEMA lake; CREATE SCHEMA mart; GRANT USAGE ON SCHEMA lake, mart TO reader;
    CREATE TABLE svv_external_tables (schemaname text, tablename text, location text, input_format text);
    CREATE TABLE svv_external_columns (schemaname text, tablename text, columnname text, external_type text, columnnum int, part_key int);
    CREATE TABLE svv_external_partitions (schemaname text, tablename text, "values" text);
    CREATE TABLE svv_table_info ("schema" text, "table" text, size bigint, tbl_rows numeric(38,0));
    INSERT INTO svv_external_tables VALUES ('lake', 'clicks', 's3://bucket/clicks/', 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat');
    INSERT INTO svv_external_columns VALUES ('lake', 'clicks', 'id', 'bigint', 1, 0), ('lake', 'clicks', 'page', 'string', 2, 0),
      ('lake', 'clicks', 'at', 'struct<x:int,y:int>', 3, 0), ('lake', 'clicks', 'day', 'date', 4, 1);
    INSERT INTO svv_external_partitions SELECT 'lake', 'clicks', '["2013-09-' || lpad(i::text, 2, '0') || '"]' FROM generate_series(1, 60) i;
    CREATE TABLE mart.orders (id bigint NOT NULL, amount numeric(10,2), at timestamp);
    INSERT INTO mart.orders VALUES (1, 1.50, '2013-09-01 10:11:12');
    INSERT INTO svv_table_info VALUES ('mart', 'orders', 3, 1);
    CREATE VIEW mart.late AS SELECT; COMMENT ON TABLE mart.orders IS 'All';
    CREATE FUNCTION pg_get_late_binding_view_cols() RETURNS SETOF record LANGUAGE sql AS
      $$ SELECT 'mart'::name, 'late'::name, 'one'::name, 'character varying(20)'::varchar, 1 $$;
    GRANT SELECT ON ALL TABLES IN SCHEMA public, mart TO reader; REVOKE ALL ON svv_table_info FROM reader`);
  const { host, port, database } = server;
  source = createRedshiftSource({
    settings: { host, port, database, user: READER.user, tls: 'prefer' },
    account: { read: async () => READER },
    label: 'Warehouse',
    where: 'sources.warehouse',
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
  });
});
afterAll(async () => {
  await source.close();
  await admin.end();
  await server.stop();
});

describe('the twin of Redshift', () => {
  it('checks, and lists local and external schemas', async () => {
    expect((await source.check(call)).filter(({ state }) => state === 'failed')).toEqual([]);
    expect((await source.schemas(call)).map(({ schema }) => schema).sort()).toEqual(['lake', 'mart', 'public']);
  });

  it('lists tables, late-binding views and external tables', async () => {
    expect(await allOf(source.names('lake', call))).toEqual([{ name: 'clicks', type: 'external' }]);
    const mart = await allOf(source.names('mart', call));
    expect(mart.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
      { name: 'late', type: 'view' },
      { name: 'orders', type: 'table' }
    ]);
    const columns = await allOf(source.columns!('mart', call));
    expect(columns.find(({ table }) => table === 'late')?.columns).toEqual([
      { name: 'one', type: 'character varying(20)' }
    ]);
    expect((await allOf(source.columns!('lake', call)))[0]?.columns.length).toBe(4);
  });

  it('describes an external table with its place and its newest partitions', async () => {
    const facts = await source.facts({ schema: 'lake', table: 'clicks' }, call);
    expect(facts).toMatchObject({ type: 'external', location: 's3://bucket/clicks/', partitionedBy: ['day'] });
    expect(facts.columns.map(({ kind }) => kind)).toEqual(['integer', 'string', 'struct', 'date']);
    expect(facts.partitions?.newest.length).toBe(50);
    expect(facts.partitions?.newest[0]).toEqual({ name: '["2013-09-60"]' });
    expect(facts.partitions?.more).toBe(true);
  });

  it('describes a late-binding view, and a table whose size may not be read', async () => {
    const late = await source.facts({ schema: 'mart', table: 'late' }, call);
    expect([late.type, late.columns]).toEqual([
      'view',
      [{ name: 'one', type: 'character varying(20)', kind: 'string' }]
    ]);
    const orders = await source.facts({ schema: 'mart', table: 'orders' }, call);
    expect(orders.columns.map(({ name, kind, nullable }) => [name, kind, nullable])).toEqual([
      ['id', 'integer', false],
      ['amount', 'decimal', true],
      ['at', 'timestamp', true]
    ]);
    expect(orders.troubles?.[0]?.code).toBe('source-forbidden');
    await admin.query('GRANT SELECT ON svv_table_info TO reader');
    expect(await source.facts({ schema: 'mart', table: 'orders' }, call)).toMatchObject({
      bytes: 3 * 1_048_576,
      rows: { count: 1, estimated: true }
    });
  });

  it('shows rows, and says what is not there', async () => {
    const { rows, more } = await source.rows({ schema: 'mart', table: 'orders' }, OPTIONS, call);
    expect([rows, more]).toEqual([[[1, '1.50', '2013-09-01T10:11:12']], false]);
    expect(await codeOf(source.rows({ schema: 'mart', table: 'nothing' }, OPTIONS, call))).toBe('source-not-found');
    expect(await codeOf(source.facts({ schema: 'lake', table: 'nothing' }, call))).toBe('source-not-found');
  });

  it('was asked nothing that Redshift does not know', () => {
    const asked = server
      .log()
      .split('\n')
      .filter(line => line.startsWith('reader '));
    expect(asked.length).toBeGreaterThan(20);
    expect(asked.filter(line => UNKNOWN.test(line))).toEqual([]);
  });
});
