import { createConnection } from 'mysql2/promise';
import type { Connection } from 'mysql2/promise';
import type { RunningDatabase } from '../databases/server.mjs';
import { mariaDbSources } from './databases.js';
import type { SourceFixture } from './sourceSuite.js';

export const READER = { user: 'reader', password: 'Pw-of-a-reader' };

export const quoted = (name: string): string => `\`${name.replaceAll('`', '``')}\``;

/** An administrator's connection to a MariaDB. */
export async function administrator({ host, port, user, password }: RunningDatabase): Promise<Connection> {
  return createConnection({ host, port, user, password, multipleStatements: true, charset: 'utf8mb4_bin' });
}

const SCHEMA = 'Suite."of" `names`';
const space = quoted(SCHEMA);

/** Names that MySQL takes: no characters beyond the first 65,536, and no space at the end. */
const accepts = (name: string): boolean => [...name].length <= 64 && !/[\0\u{10000}-\u{10ffff}]|\s$/u.test(name);

/** The suite's own database in a MariaDB, read by an account with few rights. */
export async function mariaDbFixture(server: RunningDatabase): Promise<SourceFixture> {
  const admin = await administrator(server);
  await admin.query(`
    CREATE DATABASE ${space}; CREATE DATABASE closed; CREATE TABLE closed.secret (id int);
    CREATE USER reader@'%' IDENTIFIED BY '${READER.password}';
    GRANT SHOW DATABASES ON *.* TO reader@'%';
    USE ${space};
    CREATE TABLE _written (id int);
    CREATE TABLE _forbidden (id int);
    CREATE FUNCTION writes() RETURNS int MODIFIES SQL DATA BEGIN INSERT INTO _written VALUES (1); RETURN 1; END;
    CREATE SEQUENCE _counter;
    CREATE VIEW _writes AS SELECT writes() AS id;
    CREATE VIEW _slow AS SELECT CAST(SLEEP(60) AS CHAR) AS id;
    CREATE TABLE _wide (id int, text longtext, bytes longblob);
    INSERT INTO _wide SELECT seq, REPEAT('é"', 60000), REPEAT(CHAR(255), 60000) FROM seq_1_to_40;
  `);
  // Rights are given table by table: on the whole database they could not be taken from one of them.
  const grant = (table: string): string => `GRANT SELECT ON ${space}.${quoted(table)} TO reader@'%';`;
  await admin.query(['_written', '_writes', '_slow', '_wide'].map(grant).join('\n'));
  const ref = (table: string) => ({ schema: SCHEMA, table });
  return {
    source: mariaDbSources(server)(READER),
    schema: SCHEMA,
    names: { longest: 64, accepts },
    async seed(tables) {
      for (const table of tables) {
        const name = quoted(table);
        await admin.query(
          `CREATE TABLE ${space}.${name} (id int, ${name} text) ENGINE=Aria TRANSACTIONAL=0;
           INSERT INTO ${space}.${name} VALUES (1, 'one'), (2, 'two'), (3, NULL); ${grant(table)}`
        );
      }
    },
    drop: async table => void (await admin.query(`DROP TABLE ${space}.${quoted(table)}`)),
    forbiddenSchema: 'closed',
    forbiddenTable: '_forbidden',
    writing: {
      refs: [ref('_writes')],
      written: async () => {
        const [rows] = await admin.query(`SELECT COUNT(*) AS n FROM ${space}._written`);
        return Number((rows as { n: number }[])[0]?.n);
      }
    },
    slow: {
      ref: ref('_slow'),
      running: async () => {
        const [rows] = await admin.query(
          `SELECT 1 FROM information_schema.PROCESSLIST WHERE USER = 'reader' AND INFO LIKE '%\\_slow%' AND COMMAND = 'Query'`
        );
        return (rows as unknown[]).length;
      }
    },
    wide: ref('_wide'),
    async dispose() {
      await admin.end();
    }
  };
}
