// A PostgreSQL with 100,000 tables in 200 schemas and 1,000,000 columns, and one schema of 100,000 names. Built once for
// all checkouts, into a folder that the server's account can reach.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../scripts/setup/lock.mjs';
import { startPostgres } from './postgresql.mjs';
import { writeOwned } from './server.mjs';

const SCHEMAS = 200;
const TABLES = 500;
/** Another one for each change of what is built. */
const NAME = 'postgresql-200-schemas-1';

/** What all tables have: ten columns, none of which needs a place of its own. */
const COLUMNS =
  'id int8, created_at timestamptz, updated_at timestamptz, customer_id int4, amount numeric(10,2), currency char(3), ' +
  'is_paid bool, country varchar(2), day date, note varchar(100)';

function folder() {
  // A home of root is closed to others.
  if (process.getuid?.() === 0) return join('/var/cache/lakeside', NAME);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lakeside', NAME);
}

function statements() {
  const schemas = Array.from(
    { length: SCHEMAS },
    (_, at) => `CREATE SCHEMA mart_${at};
DO $$ BEGIN FOR i IN 0..${TABLES - 1} LOOP
  EXECUTE format('CREATE TABLE mart_${at}.%I (${COLUMNS})', 'orders_' || i || '_of_${at}');
END LOOP; END $$;`
  );
  const names = Array.from(
    { length: SCHEMAS },
    (_, at) => `DO $$ BEGIN FOR i IN 0..${TABLES - 1} LOOP
  EXECUTE format('CREATE TABLE everything.%I ()', 'daily_sales_' || i || '_' || ${at});
END LOOP; END $$;`
  );
  const values = `CREATE TABLE public.flights AS SELECT i::int8 AS id, now() AS at, i % 7 AS day, (i * 1.5)::numeric(10,2)
    AS amount, 'N' || i AS tail, md5(i::text) AS note FROM generate_series(1, 300000) AS i;`;
  return [...schemas, 'CREATE SCHEMA everything;', ...names, values, 'ANALYZE pg_class; ANALYZE pg_attribute;'].join(
    '\n'
  );
}

/** Starts it; builds it first where it is not there, which takes some minutes. */
export async function startBigPostgres() {
  const data = folder();
  await withLock('big-postgresql', async () => {
    if (existsSync(data)) return;
    const work = `${data}.new-${process.pid}`;
    mkdirSync(work, { recursive: true });
    try {
      const server = await startPostgres({ data: work });
      try {
        server.psql(['-f', writeOwned(join(work, 'build.sql'), statements())]);
      } finally {
        await server.stop();
      }
      renameSync(work, data);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
  return startPostgres({ data });
}
