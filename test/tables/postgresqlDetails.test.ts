import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableSource } from '../../server/tables/ports.js';
import type { RunningPostgres } from '../support/databases/postgresql.mjs';
import { startPostgres } from '../support/databases/postgresql.mjs';
import { postgresSources } from '../support/tables/databases.js';
import { administrator } from '../support/tables/postgresFixture.js';
import { allOf, codeOf } from '../support/tables/sourceSuite.js';

const call = { signal: new AbortController().signal };
const OPTIONS = { limit: 100, maxBytes: 1_000_000 };

let server: RunningPostgres;
let admin: Client;
let source: TableSource;

beforeAll(async () => {
  server = await startPostgres({ tls: true });
  admin = await administrator(server);
  source = postgresSources(server)();
});
afterAll(async () => {
  await source.close();
  await admin.end();
  await server.stop();
});

describe('PostgreSQL', () => {
  it('gives each value as the grid shows it', async () => {
    const values: [type: string, sql: string, kind: string, value: unknown][] = [
      ['boolean', 'true', 'boolean', true],
      ['smallint', '-7', 'integer', -7],
      ['bigint', '9007199254740991', 'integer', 9007199254740991],
      ['bigint', '9007199254740993', 'integer', '9007199254740993'],
      ['numeric(10,2)', '1.50', 'decimal', '1.50'],
      ['numeric', `'NaN'`, 'decimal', 'NaN'],
      ['real', '0.1', 'float', 0.1],
      ['double precision', `'-Infinity'`, 'float', '-Infinity'],
      ['double precision', `'NaN'`, 'float', 'NaN'],
      ['double precision', '1e300', 'float', 1e300],
      ['text', `E'a\\n"é🙂'`, 'string', 'a\n"é🙂'],
      ['character(3)', `'a'`, 'string', 'a'],
      ['bytea', `'\\x00ff'`, 'binary', '\\x00ff'],
      ['date', `'2013-09-01'`, 'date', '2013-09-01'],
      ['time without time zone', `'10:11:12.5'`, 'time', '10:11:12.5'],
      ['timestamp without time zone', `'2013-09-01 10:11:12.000001'`, 'timestamp', '2013-09-01T10:11:12.000001'],
      ['timestamp with time zone', `'2013-09-01 10:11:12+02'`, 'timestamp', '2013-09-01T08:11:12Z'],
      ['timestamp with time zone', `'infinity'`, 'timestamp', 'infinity'],
      ['timestamp without time zone', `'0044-03-15 12:00:00 BC'`, 'timestamp', '0044-03-15 12:00:00 BC'],
      ['interval', `'1 day 2 hours'`, 'interval', '1 day 02:00:00'],
      ['jsonb', `'{"a": [1, null]}'`, 'json', '{"a": [1, null]}'],
      ['uuid', `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`, 'uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['integer[]', `'{1,NULL}'`, 'list', '{1,NULL}'],
      ['int4range', `'[1,5)'`, 'other', '[1,5)'],
      ['inet', `'10.0.0.1/8'`, 'other', '10.0.0.1/8'],
      ['text', 'NULL', 'string', null]
    ];
    const list = values.map(([type, sql], at) => `${sql}::${type} AS c${at}`).join(', ');
    await admin.query(`SET TimeZone = 'Asia/Tokyo'; CREATE TABLE "values" AS SELECT ${list}`);
    const { columns, rows } = await source.rows({ schema: 'public', table: 'values' }, OPTIONS, call);
    const found = values.map(([type, sql], at) => [type, sql, columns[at]?.kind, rows[0]?.[at]]);
    expect(found).toEqual(values);
  });

  it('describes nested types, keys, comments, sizes and the owner', async () => {
    await admin.query(`
      CREATE TYPE address AS (street text, at point);
      CREATE TYPE person AS (name text, homes address[]);
      CREATE TYPE mood AS ENUM ('fine', 'not');
      CREATE DOMAIN price AS numeric(8,2) CHECK (VALUE >= 0);
      CREATE TABLE nested (b int, a int, who person, how mood, costs price, tags text[][], PRIMARY KEY (a, b));
      COMMENT ON TABLE nested IS 'All of it';
      COMMENT ON COLUMN nested.who IS 'Who it was';
      INSERT INTO nested SELECT i, i, ROW('x', ARRAY[ROW('y', '(1,2)')::address])::person, 'fine', 1 FROM generate_series(1, 500) i;
      ANALYZE nested`);
    const facts = await source.facts({ schema: 'public', table: 'nested' }, call);
    expect(facts).toMatchObject({
      type: 'table',
      comment: 'All of it',
      owner: 'lakeside',
      primaryKey: ['a', 'b'],
      rows: { count: 500, estimated: true },
      reach: { kind: 'sql', dialect: 'postgresql', name: ['public', 'nested'] }
    });
    expect(facts.bytes).toBeGreaterThan(8_000);
    const element = {
      name: 'element',
      type: 'address',
      kind: 'struct',
      fields: [
        { name: 'street', type: 'text', kind: 'string', nullable: true },
        { name: 'at', type: 'point', kind: 'other', nullable: true }
      ]
    };
    const fields = [
      { name: 'name', type: 'text', kind: 'string', nullable: true },
      { name: 'homes', type: 'address[]', kind: 'list', nullable: true, fields: [element] }
    ];
    expect(facts.columns).toEqual([
      { name: 'b', type: 'integer', kind: 'integer', nullable: false },
      { name: 'a', type: 'integer', kind: 'integer', nullable: false },
      { name: 'who', type: 'person', kind: 'struct', nullable: true, comment: 'Who it was', fields },
      { name: 'how', type: 'mood', kind: 'string', nullable: true },
      { name: 'costs', type: 'price', kind: 'decimal', nullable: true },
      {
        name: 'tags',
        type: 'text[]',
        kind: 'list',
        nullable: true,
        fields: [{ name: 'element', type: 'text', kind: 'string' }]
      }
    ]);
    const { rows } = await source.rows({ schema: 'public', table: 'nested' }, { ...OPTIONS, limit: 1 }, call);
    expect(rows).toEqual([[1, 1, '(x,"{""(y,\\\\""(1,2)\\\\"")""}")', 'fine', '1.00', null]]);
  });

  it('shows partitions in their table, the newest 50, and rows of one', async () => {
    await admin.query(`
      CREATE TABLE parts (day date, n int) PARTITION BY RANGE (day);
      DO $$ BEGIN FOR i IN 0..59 LOOP EXECUTE format('CREATE TABLE parts_%s PARTITION OF parts FOR VALUES FROM (%L) TO (%L)',
        i, date '2013-01-01' + i, date '2013-01-02' + i); END LOOP; END $$;
      INSERT INTO parts SELECT date '2013-01-01' + i, i FROM generate_series(0, 59) i; ANALYZE parts`);
    const names = (await allOf(source.names('public', call))).map(({ name }) => name);
    expect(names.filter(name => name.startsWith('parts'))).toEqual(['parts']);
    const facts = await source.facts({ schema: 'public', table: 'parts' }, call);
    expect(facts.partitionedBy).toEqual(['day']);
    expect(facts.partitions?.newest.map(({ name }) => name)).toEqual(
      Array.from({ length: 50 }, (_, at) => `parts_${59 - at}`)
    );
    expect(facts.partitions?.newest[0]).toEqual({ name: 'parts_59', rows: 1, bytes: 8192 });
    expect(facts.partitions?.more).toBe(true);
    const ref = { schema: 'public', table: 'parts' };
    expect((await source.rows(ref, { ...OPTIONS, partition: 'parts_7' }, call)).rows).toEqual([['2013-01-08', 7]]);
    expect(await codeOf(source.rows(ref, { ...OPTIONS, partition: 'nested' }, call))).toBe('source-not-found');
  });

  it('knows views, materialized views and foreign tables', async () => {
    await admin.query(`
      CREATE VIEW a_view AS SELECT 1 AS one; CREATE MATERIALIZED VIEW a_copy AS SELECT 1 AS one;
      CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER far FOREIGN DATA WRAPPER nothing;
      CREATE FOREIGN TABLE a_far (one int) SERVER far`);
    const types = new Map((await allOf(source.names('public', call))).map(({ name, type }) => [name, type]));
    expect(types.get('a_view')).toBe('view');
    expect(types.get('a_copy')).toBe('materialized-view');
    expect(types.get('a_far')).toBe('external');
    expect((await source.facts({ schema: 'public', table: 'a_far' }, call)).format).toBe('far (nothing)');
  });

  it('tells all but the size of a table that is locked, and says why rows are missing', async () => {
    await admin.query('CREATE TABLE held (one int)');
    await admin.query('BEGIN; LOCK TABLE held IN ACCESS EXCLUSIVE MODE');
    try {
      const ref = { schema: 'public', table: 'held' };
      const facts = await source.facts(ref, call);
      expect(facts.columns.length).toBe(1);
      expect(facts.troubles?.[0]?.message).toMatch(/size is missing: Another session of Shop holds the table locked/);
      expect(await codeOf(source.rows(ref, OPTIONS, call))).toBe('source-failed');
    } finally {
      await admin.query('ROLLBACK');
    }
  });

  it('shows the columns that may be read, where the others may not', async () => {
    await admin.query(`CREATE ROLE clerk LOGIN PASSWORD 'Pw-clerk'; CREATE TABLE pay (name text, wage int);
      INSERT INTO pay VALUES ('x', 1); GRANT SELECT (name) ON pay TO clerk`);
    const clerk = postgresSources(server)({ user: 'clerk', password: 'Pw-clerk' });
    const { columns, rows } = await clerk.rows({ schema: 'public', table: 'pay' }, OPTIONS, call);
    expect([columns.map(({ name }) => name), rows]).toEqual([['name'], [['x']]]);
    await clerk.close();
  });

  it('shows the schemas of its list alone', async () => {
    await admin.query('CREATE SCHEMA sales_eu; CREATE SCHEMA sales_us; CREATE SCHEMA other');
    const some = postgresSources(server)({ schemas: ['sales_*'] });
    const names = (await some.schemas(call)).map(({ schema }) => schema).sort();
    expect(names).toEqual(['sales_eu', 'sales_us']);
    expect(await codeOf(allOf(some.names('other', call)))).toBe('source-not-found');
    expect(await codeOf(some.rows({ schema: 'public', table: 'nested' }, OPTIONS, call))).toBe('source-not-found');
    await some.close();
  });

  it('checks certificates against its own authority, and names what is wrong', async () => {
    const ca = server.certificate!;
    expect(readFileSync(ca, 'utf8')).toContain('CERTIFICATE');
    for (const host of ['localhost', '127.0.0.1']) {
      const verified = postgresSources(server)({ host, tls: 'verify', ca });
      const findings = await verified.check(call);
      expect(findings.map(({ detail }) => detail)).toContain(
        'the connection is encrypted, and the certificate is right'
      );
      await verified.close();
    }
    const noFile = postgresSources(server)({ tls: 'verify', ca: '/nowhere/ca.pem' });
    await expect(noFile.schemas(call)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('/nowhere/ca.pem')
    });
  });

  it('names a missing database and a machine that may not come in', async () => {
    const nowhere = postgresSources(server)({ database: 'nowhere' });
    await expect(nowhere.schemas(call)).rejects.toMatchObject({ code: 'source-not-found' });
    const findings = await nowhere.check(call);
    expect(findings.at(-1)).toEqual({
      state: 'failed',
      detail: 'Shop has no database nowhere.',
      cure: 'Check database of sources.shop.'
    });
  });

  it('gives what came in time of a view that is too slow', async () => {
    await admin.query(
      `CREATE VIEW drips AS SELECT i, CASE WHEN i > 30 THEN pg_sleep(10)::text ELSE 'x' END AS t FROM generate_series(1, 90) i`
    );
    const result = await source.rows({ schema: 'public', table: 'drips' }, OPTIONS, call);
    expect([result.rows.length, result.more, result.cut]).toEqual([20, true, '5 s']);
  });
});
