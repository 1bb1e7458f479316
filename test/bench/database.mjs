/**
 * A real PostgreSQL of 100,000 tables in 200 schemas, 1,000,000 columns, and a schema of 100,000 names: what the source
 * of tables takes for its lists, one table and rows, in one process.
 *
 *   node test/bench/database.mjs [--runs 15] [--json FILE]
 *
 * The database is built at the first run, which takes half a minute. Ends with 1 where a goal is missed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { startBigPostgres } from '../support/databases/big.mjs';
import { bundle } from './bundle.mjs';
import { median, report, row } from './report.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '15' }, json: { type: 'string' } } });
const runs = Number(values.runs);

const folder = mkdtempSync(join(tmpdir(), 'lakeside-bench-database-'));
const file = join(folder, 'source.mjs');
await bundle(resolve('server/adapters/source-postgresql/index.ts'), file);
const { createPostgresSource } = await import(pathToFileURL(file).href);

const server = await startBigPostgres();
const { host, port, user, password, database } = server;
const nothing = () => undefined;
const newSource = () =>
  createPostgresSource({
    settings: { host, port, user, database, tls: 'off' },
    password: () => Promise.resolve(password),
    label: 'Bench',
    where: 'bench',
    log: { debug: nothing, info: nothing, warn: nothing, error: nothing }
  });
const source = newSource();
const call = { signal: AbortSignal.any([]) };

async function all(parts) {
  const found = [];
  for await (const part of parts) found.push(...part);
  return found;
}

/** Milliseconds of the middle of all runs, after one that is not counted. */
async function taken(work, times = runs) {
  await work();
  const each = [];
  for (let run = 0; run < times; run++) {
    const began = performance.now();
    await work();
    each.push(performance.now() - began);
  }
  return median(each);
}

try {
  const names = await all(source.names('everything', call));
  if (names.length !== 100_000) throw new Error(`there are ${names.length} names`);
  const schemas = await source.schemas(call);
  let columns = 0;
  const began = performance.now();
  for (const { schema } of schemas) {
    for (const { columns: own } of await all(source.columns(schema, call))) columns += own.length;
  }
  const everyColumn = (performance.now() - began) / 1000;
  if (columns < 1_000_000) throw new Error(`there are ${columns} columns`);
  let stall = 0;
  let last = performance.now();
  const watch = setInterval(() => {
    stall = Math.max(stall, performance.now() - last - 1);
    last = performance.now();
  }, 1);
  last = performance.now();
  await all(source.names('everything', call));
  clearInterval(watch);
  const flights = { schema: 'public', table: 'flights' };
  const options = { limit: 100, maxBytes: 1_000_000 };
  const connecting = await taken(async () => {
    const fresh = newSource();
    await fresh.schemas(call);
    await fresh.close();
  });
  const rows = [
    row('all names of a schema of 100,000 tables', await taken(() => all(source.names('everything', call))), 'ms', {
      below: 250
    }),
    row('of that, the longest stall of this process', stall, 'ms'),
    row('all names of a schema of 500 tables', await taken(() => all(source.names('mart_100', call))), 'ms', {
      below: 30
    }),
    row('all columns of 200,000 tables in 202 schemas', everyColumn, 's'),
    row('the schemas', await taken(() => source.schemas(call)), 'ms'),
    row('connecting, signing in and the schemas', connecting, 'ms'),
    row('one table', await taken(() => source.facts(flights, call)), 'ms'),
    row('100 rows', await taken(() => source.rows(flights, options, call)), 'ms')
  ];
  report(
    { notes: [`Middle of ${runs} runs. PostgreSQL 15 on the same machine; nothing is kept between two questions.`] },
    rows,
    values.json
  );
} finally {
  await source.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
