// A PostgreSQL with 100,000 tables in 200 schemas and 1,000,000 columns, and one schema of 100,000 names. Built once for
// all checkouts, into a folder that the server's account can reach.
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { withLock } from '../../../scripts/setup/lock.mjs';
import { startPostgres } from './postgresql.mjs';

const SCHEMAS = 200;
const TABLES = 500;
/** Another one for each change of what is built. */
const NAME = 'postgresql-200-schemas-2';
/** As many as build at the same time. */
const BUILDERS = 2;

export const BIG_READER = { user: 'analyst', password: 'Pw-of-an-analyst' };

/** What all tables have: ten columns, none of which needs a place of its own. */
const COLUMNS =
  'id int8, created_at timestamptz, updated_at timestamptz, customer_id int4, amount numeric(10,2), currency char(3), ' +
  'is_paid bool, country varchar(2), day date, note varchar(100)';

function folder() {
  // A home of root is closed to others.
  if (process.getuid?.() === 0) return join('/var/cache/lakeside', NAME);
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lakeside', NAME);
}

/** One schema and its share of the names: a transaction of a thousand tables. */
const schema = at => `CREATE SCHEMA mart_${at};
  DO $$ BEGIN FOR i IN 0..${TABLES - 1} LOOP
    EXECUTE 'CREATE TABLE mart_${at}.orders_' || i || '_of_${at} (${COLUMNS})';
    EXECUTE 'CREATE TABLE everything.daily_sales_' || i || '_${at} ()';
  END LOOP; END $$;`;

const values = `CREATE TABLE public.flights AS SELECT i::int8 AS id, now() AS at, i % 7 AS day,
    (i * 1.5)::numeric(10,2) AS amount, 'N' || i AS tail, md5(i::text) AS note FROM generate_series(1, 300000) AS i;
  GRANT SELECT ON public.flights TO ${BIG_READER.user};`;

/** One schema is closed to the reader. */
const rights = `DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mart%' OR nspname = 'everything' LOOP
      CONTINUE WHEN name = 'mart_113';
      EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${BIG_READER.user}', name);
    END LOOP; END $$;`;

async function build({ host, port, user, password, database }) {
  async function run(statements) {
    const client = new pg.Client({ host, port, user, password, database });
    await client.connect();
    for (const statement of statements) await client.query(statement);
    await client.end();
  }
  await run([`CREATE ROLE ${BIG_READER.user} LOGIN PASSWORD '${BIG_READER.password}'`, 'CREATE SCHEMA everything']);
  const all = Array.from({ length: SCHEMAS }, (_, at) => schema(at)).values();
  // One iterator: each builder takes the next that is left.
  await Promise.all([...Array.from({ length: BUILDERS }, () => run(all)), run([values])]);
  await run([rights, 'VACUUM ANALYZE pg_class', 'VACUUM ANALYZE pg_attribute', 'VACUUM ANALYZE pg_depend']);
}

/** Starts it; builds it first where it is not there, which takes a minute or two. */
export async function startBigPostgres() {
  const data = folder();
  await withLock('big-postgresql', async () => {
    if (existsSync(data)) return;
    const work = `${data}.new-${process.pid}`;
    mkdirSync(work, { recursive: true });
    try {
      const began = Date.now();
      // No log to write before the data: they are made anew where anything goes wrong.
      const server = await startPostgres({ data: work, settings: ['wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=4GB', 'shared_buffers=256MB'] });
      try {
        await build(server);
      } finally {
        await server.stop();
      }
      renameSync(work, data);
      console.log(`PostgreSQL with 200,000 tables was built in ${Math.round((Date.now() - began) / 1000)} s`);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  });
  return startPostgres({ data });
}
