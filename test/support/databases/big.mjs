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
const NAME = 'postgresql-200-schemas-2';

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

/**
 * One schema of tables and one table of the others are made as always. The rest are copies of their entries in the
 * catalogue, which is all that lists are read from: to make them takes minutes, and files that nobody looks into.
 */
const statements = () => `
CREATE ROLE ${BIG_READER.user} LOGIN PASSWORD '${BIG_READER.password}';
CREATE SCHEMA everything;
CREATE TABLE everything.daily_sales_0_0 ();
DO $$ BEGIN
  FOR s IN 0..${SCHEMAS - 1} LOOP EXECUTE format('CREATE SCHEMA mart_%s', s); END LOOP;
  FOR i IN 0..${TABLES - 1} LOOP EXECUTE format('CREATE TABLE mart_0.orders_%s_of_0 (${COLUMNS})', i); END LOOP;
END $$;
CREATE TABLE public.flights AS SELECT i::int8 AS id, now() AS at, i % 7 AS day, (i * 1.5)::numeric(10,2) AS amount,
  'N' || i AS tail, md5(i::text) AS note FROM generate_series(1, 300000) AS i;
CREATE TEMP TABLE copies AS
  SELECT s AS part, (1000000 + s * ${TABLES} + i)::oid AS oid, 'orders_' || i || '_of_' || s AS name, n.oid AS schema,
         'mart_0.orders_0_of_0'::regclass::oid AS model
  FROM generate_series(1, ${SCHEMAS - 1}) AS s JOIN pg_namespace AS n ON n.nspname = 'mart_' || s,
       generate_series(0, ${TABLES - 1}) AS i
  UNION ALL
  SELECT ${SCHEMAS} + s, (2000000 + s * ${TABLES} + i)::oid, 'daily_sales_' || i || '_' || s, 'everything'::regnamespace::oid,
         'everything.daily_sales_0_0'::regclass::oid
  FROM generate_series(0, ${SCHEMAS - 1}) AS s, generate_series(0, ${TABLES - 1}) AS i WHERE s + i > 0;
CREATE INDEX ON copies (part);
ANALYZE copies;
SET allow_system_table_mods = on;
${copied('pg_class', 'oid', { oid: 'c.oid', relname: 'c.name', relnamespace: 'c.schema', relfilenode: 'c.oid', reltype: '0' })}
${copied('pg_attribute', 'attrelid', { attrelid: 'c.oid' })}
${copied('pg_depend', 'objid', { objid: 'c.oid', refobjid: 'c.schema' }, "AND t.classid = 'pg_class'::regclass AND t.refclassid = 'pg_namespace'::regclass")}
GRANT SELECT ON public.flights TO ${BIG_READER.user};
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'mart%' OR nspname = 'everything' LOOP
    -- One is closed.
    CONTINUE WHEN name = 'mart_113';
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${BIG_READER.user}', name);
  END LOOP;
END $$;
VACUUM ANALYZE pg_class;
VACUUM ANALYZE pg_attribute;
VACUUM ANALYZE pg_depend;`;

/** What is copied at once: for each row the server looks through all that it changed in the same statement. */
const PARTS = 2 * SCHEMAS;

/** Copies the rows of a table of the catalogue that belong to models, in all columns but those that are given. */
function copied(table, key, given, only = '') {
  const cases = Object.entries(given).map(([column, value]) => `WHEN '${column}' THEN '${value}'`);
  return `DO $$ DECLARE statement text; part int; BEGIN
  SELECT 'INSERT INTO ${table} SELECT ' || string_agg(CASE attname ${cases.join(' ')} ELSE 't.' || attname END, ', ' ORDER BY attnum)
    INTO statement FROM pg_attribute WHERE attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped;
  statement := statement || $q$ FROM copies AS c JOIN ${table} AS t ON t.${key} = c.model WHERE c.part = $1 ${only} $q$;
  FOR part IN 0..${PARTS - 1} LOOP
    EXECUTE statement USING part;
    COMMIT;
  END LOOP;
END $$;`;
}

/** Starts it; builds it first where it is not there, which takes half a minute. */
export async function startBigPostgres() {
  const data = folder();
  await withLock('big-postgresql', async () => {
    if (existsSync(data)) return;
    const work = `${data}.new-${process.pid}`;
    mkdirSync(work, { recursive: true });
    try {
      const began = Date.now();
      // No log to write before the data: they are made anew where anything goes wrong.
      const server = await startPostgres({
        data: work,
        settings: ['wal_level=minimal', 'max_wal_senders=0', 'max_wal_size=4GB', 'shared_buffers=256MB']
      });
      try {
        server.psql(['-f', writeOwned(join(work, 'build.sql'), statements())]);
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
