import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IndexState } from '../../contract/tables/index.js';
import { startMariaDb } from '../support/databases/mariadb.mjs';
import type { RunningDatabase } from '../support/databases/server.mjs';
import { mariaDbSources } from '../support/tables/databases.js';
import { administrator } from '../support/tables/mariadbFixture.js';
import { found, indexed, manyTables, namesOf, pageOf, takenUp } from '../support/tables/manyTables.js';
import type { ManyTables } from '../support/tables/manyTables.js';
import { ada } from '../server/tables/support.js';

// A real MariaDB with 20,000 tables in 20 databases, 200,000 columns.

const reader = { user: 'clerk', password: 'Pw-of-a-clerk' };

/** Made in the server, in one statement. Lists read the description of a table, which is the same for every engine. */
const BUILD = `
BEGIN NOT ATOMIC
  DECLARE s, t INT DEFAULT 0;
  WHILE s < 20 DO
    EXECUTE IMMEDIATE CONCAT('CREATE DATABASE shop_', s);
    SET t = 0;
    WHILE t < 1000 DO
      EXECUTE IMMEDIATE CONCAT('CREATE TABLE shop_', s, '.orders_', t, '_of_', s, ' (id bigint, created_at datetime,
        updated_at datetime, customer_id int, amount decimal(10,2), currency char(3), is_paid bool, country varchar(2),
        day date, note varchar(100)) ENGINE=MEMORY');
      SET t = t + 1;
    END WHILE;
    IF s <> 13 THEN
      EXECUTE IMMEDIATE CONCAT('GRANT SELECT ON \`shop\\\\_', s, '\`.* TO clerk@''%''');
    END IF;
    SET s = s + 1;
  END WHILE;
END`;

let server: RunningDatabase;
let directory: string;
let many: ManyTables;
let index: IndexState;

beforeAll(async () => {
  directory = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-many-'));
  server = await startMariaDb({ inMemory: true });
  const admin = await administrator(server);
  const began = performance.now();
  await admin.query(
    `CREATE USER clerk@'%' IDENTIFIED BY '${reader.password}'; GRANT SHOW DATABASES ON *.* TO clerk@'%'`
  );
  await admin.query(BUILD);
  await admin.query(`INSERT INTO shop_7.orders_7_of_7 (id, note) VALUES (1, 'one'), (2, 'two')`);
  console.log(`20,000 tables were made in ${Math.round((performance.now() - began) / 1000)} s`);
  await admin.end();
  many = manyTables(mariaDbSources(server)(reader), directory);
  index = await indexed(many);
});
afterAll(async () => {
  await many.service.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('all tables and columns are in the index, but those of the database without rights', () => {
  // `lakeside`, the account's own, is seen and closed too.
  expect(index).toMatchObject({ state: 'ready', schemas: 21, tables: 19_000, columns: 190_000 });
});

test('a database without rights says so, and its siblings are as they are', async () => {
  const schemas = new Map((await many.service.schemas(ada, 'many')).map(each => [each.schema, each]));
  expect(schemas.get('shop_13')).toMatchObject({ trouble: { code: 'source-forbidden' } });
  for (const sibling of ['shop_12', 'shop_14'])
    expect(schemas.get(sibling)).toEqual({ schema: sibling, tables: 1_000 });
});

test('lists and names are whole', async () => {
  const names = await namesOf(many, 'shop_7');
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 1_000 }, (_, n) => `torders_${n}_of_7`)));
  expect(names).toHaveLength(1_000);
  const page = await pageOf(many, 'shop_7', 900);
  expect([page.total, page.names.length, page.names.at(-1)]).toEqual([1_000, 100, 'orders_9_of_7']);
});

test('a search finds the one among all, and counts', async () => {
  expect(await found(many, 'orders_999_of_19')).toEqual({ hits: ['shop_19.orders_999_of_19'], total: 1 });
  expect((await found(many, 'orders_', false)).total).toBe(19_000);
  const columns = await found(many, 'customer_id');
  expect([columns.total, columns.hits.length]).toEqual([19_000, 200]);
});

test('one table and its rows', async () => {
  const ref = { schema: 'shop_7', table: 'orders_7_of_7' };
  const { columns } = await many.service.table(ada, 'many', ref, new AbortController().signal);
  expect(columns.map(({ name }) => name)).toHaveLength(10);
  const { rows } = await many.service.preview(ada, 'many', { ...ref, limit: 5 }, new AbortController().signal);
  expect(rows.map(row => row[0])).toEqual([1, 2]);
});

test('a second start takes the index up and asks nobody', async () => {
  await takenUp(mariaDbSources(server)(reader), directory, index, 'orders_999_of_19');
});
