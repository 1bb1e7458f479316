import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TableSource } from '../../server/tables/ports.js';
import { startMariaDb } from '../support/databases/mariadb.mjs';
import type { RunningDatabase } from '../support/databases/server.mjs';
import { mariaDbSources } from '../support/tables/databases.js';
import { administrator } from '../support/tables/mariadbFixture.js';
import { allOf, codeOf } from '../support/tables/sourceSuite.js';

const call = { signal: new AbortController().signal };
const OPTIONS = { limit: 100, maxBytes: 1_000_000 };

let server: RunningDatabase;
let admin: Connection;
let source: TableSource;

beforeAll(async () => {
  server = await startMariaDb({ tls: true });
  admin = await administrator(server);
  await admin.query(`USE lakeside; SET time_zone = '+09:00'; SET sql_mode = ''`);
  source = mariaDbSources(server)();
});
afterAll(async () => {
  await source.close();
  await admin.end();
  await server.stop();
});

describe('MariaDB', () => {
  it('gives each value as the grid shows it', async () => {
    const values: [type: string, sql: string, kind: string, value: unknown][] = [
      ['tinyint(1)', '1', 'integer', 1],
      ['bigint(20)', '-9007199254740993', 'integer', '-9007199254740993'],
      ['bigint(20) unsigned', '18446744073709551615', 'integer', '18446744073709551615'],
      ['bigint(20) unsigned', '42', 'integer', 42],
      ['decimal(10,2)', '1.50', 'decimal', '1.50'],
      ['double', '1e300', 'float', 1e300],
      ['year(4)', '2013', 'integer', 2013],
      ['varchar(10)', `'a"é中'`, 'string', 'a"é中'],
      ['longtext', `'🙂'`, 'string', '🙂'],
      [`enum('a','b')`, `'b'`, 'string', 'b'],
      [`set('a','b')`, `'a,b'`, 'string', 'a,b'],
      ['varbinary(4)', `x'00ff'`, 'binary', '\\x00ff'],
      ['blob', `x''`, 'binary', '\\x'],
      ['bit(1)', `b'1'`, 'boolean', true],
      ['bit(10)', `b'101'`, 'binary', '0000000101'],
      ['date', `'0000-00-00'`, 'date', '0000-00-00'],
      ['date', `'2013-09-01'`, 'date', '2013-09-01'],
      ['time', `'-838:59:59'`, 'time', '-838:59:59'],
      ['datetime', `'2013-09-01 10:11:12'`, 'timestamp', '2013-09-01T10:11:12'],
      ['datetime', `'0000-00-00 00:00:00'`, 'timestamp', '0000-00-00 00:00:00'],
      ['timestamp(6)', `'2013-09-01 10:11:12.000001'`, 'timestamp', '2013-09-01T01:11:12.000001Z'],
      ['json', `'{"a": [1, null]}'`, 'json', '{"a": [1, null]}'],
      ['uuid', `'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'`, 'uuid', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
      ['inet6', `'::1'`, 'other', '::1'],
      ['point', `ST_GeomFromText('POINT(1 2)')`, 'other', 'POINT(1 2)'],
      ['text', 'NULL', 'string', null]
    ];
    const columns = values.map(([type], at) => `c${at} ${type} NULL`).join(', ');
    await admin.query(`CREATE TABLE \`values\` (${columns})`);
    await admin.query(`INSERT INTO \`values\` VALUES (${values.map(([, sql]) => sql).join(', ')})`);
    const result = await source.rows({ schema: 'lakeside', table: 'values' }, OPTIONS, call);
    const found = values.map(([, sql], at) => {
      const column = result.columns[at];
      return [column?.type, sql, column?.kind, result.rows[0]?.[at]];
    });
    expect(found).toEqual(values);
  });

  it('describes keys, comments, sizes and the engine', async () => {
    await admin.query(`
      CREATE TABLE told (b int NOT NULL, a int NOT NULL COMMENT 'The first', j json, PRIMARY KEY (a, b)) COMMENT 'All of it';
      INSERT INTO told SELECT seq, seq, '{}' FROM seq_1_to_500; ANALYZE TABLE told`);
    const facts = await source.facts({ schema: 'lakeside', table: 'told' }, call);
    expect(facts).toMatchObject({
      type: 'table',
      comment: 'All of it',
      format: 'InnoDB',
      primaryKey: ['a', 'b'],
      reach: { kind: 'sql', dialect: 'mysql', name: ['lakeside', 'told'] }
    });
    expect(facts.rows).toEqual({ count: 500, estimated: true });
    expect(facts.bytes).toBeGreaterThan(8_000);
    expect(Date.parse(facts.createdAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
    expect(Date.parse(facts.createdAt ?? '')).toBeLessThan(Date.now() + 60_000);
    expect(facts.columns).toEqual([
      { name: 'b', type: 'int(11)', kind: 'integer', nullable: false },
      { name: 'a', type: 'int(11)', kind: 'integer', nullable: false, comment: 'The first' },
      { name: 'j', type: 'json', kind: 'json', nullable: true }
    ]);
  });

  it('shows the newest 50 partitions, and rows of one', async () => {
    const parts = Array.from({ length: 60 }, (_, at) => `PARTITION p${at} VALUES LESS THAN (${at + 1})`).join(', ');
    await admin.query(`CREATE TABLE parts (n int) PARTITION BY RANGE (n) (${parts});
      INSERT INTO parts SELECT seq FROM seq_0_to_59`);
    const ref = { schema: 'lakeside', table: 'parts' };
    const facts = await source.facts(ref, call);
    expect(facts.partitionedBy).toEqual(['n']);
    expect(facts.partitions?.newest.map(({ name }) => name)).toEqual(
      Array.from({ length: 50 }, (_, at) => `p${59 - at}`)
    );
    expect(facts.partitions?.more).toBe(true);
    expect((await source.rows(ref, { ...OPTIONS, partition: 'p7' }, call)).rows).toEqual([[7]]);
    expect(await codeOf(source.rows(ref, { ...OPTIONS, partition: 'nothing' }, call))).toBe('source-not-found');
  });

  it('tells names apart that differ in case alone', async () => {
    await admin.query('CREATE TABLE Cased (upper_one int); CREATE TABLE cased (lower_one int)');
    for (const [table, column] of [
      ['Cased', 'upper_one'],
      ['cased', 'lower_one']
    ] as const) {
      const ref = { schema: 'lakeside', table };
      expect((await source.facts(ref, call)).columns.map(({ name }) => name)).toEqual([column]);
      expect((await source.rows(ref, OPTIONS, call)).columns.map(({ name }) => name)).toEqual([column]);
    }
    const all = await allOf(source.columns!('lakeside', call));
    expect(all.filter(({ table }) => table.toLowerCase() === 'cased').map(({ columns }) => columns[0]?.name)).toEqual(
      expect.arrayContaining(['upper_one', 'lower_one'])
    );
  });

  it('shows the columns that may be read, where the others may not', async () => {
    await admin.query(`CREATE USER clerk@'%' IDENTIFIED BY 'Pw-clerk'; CREATE TABLE pay (name text, wage int);
      INSERT INTO pay VALUES ('x', 1); GRANT SELECT (name) ON pay TO clerk@'%'`);
    const clerk = mariaDbSources(server)({ user: 'clerk', password: 'Pw-clerk' });
    const { columns, rows } = await clerk.rows({ schema: 'lakeside', table: 'pay' }, OPTIONS, call);
    expect([columns.map(({ name }) => name), rows]).toEqual([['name'], [['x']]]);
    await clerk.close();
  });

  it('leaves out sequences, and knows views; a view that is broken keeps its trouble', async () => {
    await admin.query(`CREATE SEQUENCE counter; CREATE TABLE base (one int); CREATE VIEW a_view AS SELECT one FROM base;
      DROP TABLE base; CREATE VIEW sound AS SELECT 1 AS one`);
    const types = new Map((await allOf(source.names('lakeside', call))).map(({ name, type }) => [name, type]));
    expect([types.get('counter'), types.get('a_view'), types.get('sound')]).toEqual([undefined, 'view', 'view']);
    expect(await codeOf(source.rows({ schema: 'lakeside', table: 'a_view' }, OPTIONS, call))).toMatch(/^source-/);
    expect((await source.rows({ schema: 'lakeside', table: 'sound' }, OPTIONS, call)).rows).toEqual([[1]]);
  });

  it('says who holds a table locked', async () => {
    await admin.query('CREATE TABLE held (one int); LOCK TABLES held WRITE');
    try {
      const ref = { schema: 'lakeside', table: 'held' };
      await expect(source.rows(ref, OPTIONS, call)).rejects.toMatchObject({
        code: 'source-failed',
        message: expect.stringContaining('holds the table locked')
      });
    } finally {
      await admin.query('UNLOCK TABLES');
    }
  });

  it('checks certificates against its own authority, by name', async () => {
    const ca = server.certificate!;
    const verified = mariaDbSources(server)({ host: 'localhost', tls: 'verify', ca });
    const findings = await verified.check(call);
    expect(findings.map(({ detail }) => detail)).toContain('the connection is encrypted, and the certificate is right');
    await verified.close();
    const byAddress = mariaDbSources(server)({ tls: 'verify', ca });
    await expect(byAddress.schemas(call)).rejects.toMatchObject({ code: 'invalid' });
  });
});
