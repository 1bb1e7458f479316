import pg from 'pg';
import type { RunningPostgres } from '../databases/postgresql.mjs';
import { postgresSources } from './databases.js';
import type { SourceFixture } from './sourceSuite.js';

export const READER = { user: 'reader', password: 'Pw-of-a-reader' };

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** An administrator's connection to a PostgreSQL. */
export async function administrator(server: RunningPostgres): Promise<pg.Client> {
  const { host, port, user, password, database } = server;
  const client = new pg.Client({ host, port, user, password, database });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

const SCHEMA = `
CREATE ROLE reader LOGIN PASSWORD '${READER.password}';
CREATE SCHEMA "Suite.""of"" 'names'";
CREATE SCHEMA closed;
CREATE TABLE closed.secret (id int);
GRANT USAGE ON SCHEMA "Suite.""of"" 'names'" TO reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA "Suite.""of"" 'names'" GRANT SELECT ON TABLES TO reader;
SET search_path = "Suite.""of"" 'names'";
CREATE TABLE _written (id int);
CREATE TABLE _forbidden (id int);
REVOKE ALL ON _forbidden FROM reader;
CREATE FUNCTION public.writes() RETURNS int LANGUAGE plpgsql AS $$
BEGIN INSERT INTO "Suite.""of"" 'names'"._written VALUES (1); RETURN 1; END $$;
CREATE FUNCTION public.tries() RETURNS int LANGUAGE plpgsql AS $$
BEGIN SET transaction_read_only = off; INSERT INTO "Suite.""of"" 'names'"._written VALUES (1); RETURN 1; END $$;
CREATE SEQUENCE _counter;
CREATE VIEW _writes AS SELECT public.writes() AS id;
CREATE VIEW _counts AS SELECT nextval('_counter') AS id;
CREATE VIEW _tries AS SELECT public.tries() AS id;
`;

/** The suite's own schema in a PostgreSQL, read by an account with few rights. */
export async function postgresFixture(server: RunningPostgres): Promise<SourceFixture> {
  const admin = await administrator(server);
  const schema = `Suite."of" 'names'`;
  const space = quoted(schema);
  await admin.query(SCHEMA);
  await admin.query(`
    CREATE VIEW ${space}._slow AS SELECT pg_sleep(60)::text AS id;
    CREATE TABLE ${space}._wide AS SELECT i AS id, repeat('é"', 60000) AS text, decode(repeat('ff', 60000), 'hex') AS bytes
      FROM generate_series(1, 40) AS i;
    GRANT SELECT, INSERT ON ${space}._written TO reader;
    GRANT USAGE ON SEQUENCE ${space}._counter TO reader;
  `);
  const ref = (table: string) => ({ schema, table });
  return {
    source: postgresSources(server)(READER),
    schema,
    names: { longest: 63, accepts: name => Buffer.byteLength(name) <= 63 && !name.includes('\0') },
    async seed(tables) {
      const statements = tables.map(
        table => `CREATE TABLE ${space}.${quoted(table)} (id int, ${quoted(table)} text);
          INSERT INTO ${space}.${quoted(table)} VALUES (1, 'one'), (2, 'two'), (3, NULL);`
      );
      await admin.query(statements.join('\n'));
    },
    drop: async table => void (await admin.query(`DROP TABLE ${space}.${quoted(table)}`)),
    forbiddenSchema: 'closed',
    forbiddenTable: '_forbidden',
    writing: {
      refs: ['_writes', '_counts'].map(ref),
      written: async () => {
        const { rows } = await admin.query<{ n: string }>(
          `SELECT (SELECT count(*) FROM ${space}._written) + (SELECT is_called::int FROM ${space}._counter) AS n`
        );
        return Number(rows[0]?.n);
      }
    },
    slow: {
      ref: ref('_slow'),
      running: async () => {
        const { rows } = await admin.query(
          `SELECT 1 FROM pg_stat_activity WHERE usename = 'reader' AND state = 'active' AND query LIKE '%FETCH%'`
        );
        return rows.length;
      }
    },
    wide: ref('_wide'),
    async dispose() {
      await admin.end();
    }
  };
}
