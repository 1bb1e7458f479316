import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { IndexState } from '../../contract/tables/index.js';
import { BIG_READER, startBigPostgres } from '../support/databases/big.mjs';
import type { RunningPostgres } from '../support/databases/postgresql.mjs';
import { postgresSources } from '../support/tables/databases.js';
import { found, indexed, manyTables, namesOf, pageOf, takenUp } from '../support/tables/manyTables.js';
import type { ManyTables } from '../support/tables/manyTables.js';
import { ada } from '../server/tables/support.js';

// A real PostgreSQL with 100,000 tables in 200 schemas and 1,000,000 columns, and 100,000 tables in one schema.

let server: RunningPostgres;
let directory: string;
let many: ManyTables;
let index: IndexState;

beforeAll(async () => {
  directory = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-many-'));
  server = await startBigPostgres();
  const began = performance.now();
  many = manyTables(postgresSources(server)(BIG_READER), directory);
  index = await indexed(many);
  console.log(`200,000 tables are in the index after ${Math.round((performance.now() - began) / 1000)} s`);
});
afterAll(async () => {
  await many.service.close();
  await server.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('all tables and columns are in the index, but those of the schema without rights', () => {
  expect(index).toMatchObject({ state: 'ready', schemas: 202, tables: 199_501, columns: 995_006 });
});

test('a schema without rights says so, and its siblings are as they are', async () => {
  const schemas = new Map((await many.service.schemas(ada, 'many')).map(each => [each.schema, each]));
  expect(schemas.get('mart_113')).toMatchObject({ trouble: { code: 'source-forbidden' } });
  for (let at = 0; at < 200; at++)
    if (at !== 113) expect(schemas.get(`mart_${at}`)).toEqual({ schema: `mart_${at}`, tables: 500 });
  expect(schemas.get('everything')).toEqual({ schema: 'everything', tables: 100_000 });
});

test('lists and names are whole, of a schema of 500 and of one of 100,000', async () => {
  const names = await namesOf(many, 'mart_7');
  expect(names).toHaveLength(500);
  expect(new Set(names)).toEqual(new Set(Array.from({ length: 500 }, (_, n) => `torders_${n}_of_7`)));
  const all = await namesOf(many, 'everything');
  expect([all.length, new Set(all).size]).toEqual([100_000, 100_000]);
  for (const name of ['tdaily_sales_0_0', 'tdaily_sales_499_199', 'tdaily_sales_250_100']) expect(all).toContain(name);
  const page = await pageOf(many, 'everything', 99_900);
  expect([page.total, page.names.length, page.names.at(-1)]).toEqual([100_000, 100, 'daily_sales_9_99']);
});

test('a search finds the one among all, and counts', async () => {
  expect(await found(many, 'orders_499_of_199')).toEqual({ hits: ['mart_199.orders_499_of_199'], total: 1 });
  expect((await found(many, 'orders_', false)).total).toBe(99_500);
  const columns = await found(many, 'customer_id');
  expect([columns.total, columns.hits.length]).toEqual([99_500, 200]);
});

test('one table and its rows', async () => {
  const signal = new AbortController().signal;
  const ref = { schema: 'mart_7', table: 'orders_7_of_7' };
  const { columns } = await many.service.table(ada, 'many', ref, signal);
  expect(columns.map(({ name }) => name)).toHaveLength(10);
  const flights = { schema: 'public', table: 'flights', limit: 5 };
  expect((await many.service.preview(ada, 'many', flights, signal)).rows).toHaveLength(5);
});

test('a second start takes the index up and asks nobody', async () => {
  await takenUp(postgresSources(server)(BIG_READER), directory, index, 'orders_499_of_199');
});
