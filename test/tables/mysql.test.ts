import { afterAll, beforeAll } from 'vitest';
import { startMariaDb } from '../support/databases/mariadb.mjs';
import type { RunningDatabase } from '../support/databases/server.mjs';
import { mariaDbSources } from '../support/tables/databases.js';
import { sourceFaultSuite } from '../support/tables/faultSuite.js';
import { administrator, mariaDbFixture } from '../support/tables/mariadbFixture.js';
import { tableSourceSuite } from '../support/tables/sourceSuite.js';

let server: RunningDatabase;
let secure: RunningDatabase;

beforeAll(async () => {
  [server, secure] = await Promise.all([startMariaDb(), startMariaDb({ tls: true })]);
  const admin = await administrator(server);
  await admin.query(`CREATE TABLE lakeside.big (id int, note text);
    INSERT INTO lakeside.big SELECT seq, CONCAT(MD5(seq), REPEAT('x', 200)) FROM seq_1_to_5000`);
  await admin.end();
});
afterAll(async () => {
  await Promise.all([server.stop(), secure.stop()]);
});

tableSourceSuite('the real MariaDB', () => mariaDbFixture(server));

sourceFaultSuite('the real MariaDB', async () => {
  const make = mariaDbSources(server);
  return {
    host: server.host,
    port: server.port,
    secret: server.password,
    // The second try without TLS would be one more connection.
    at: place => make({ ...place, tls: 'off' }),
    wrongSecret: () => make({ password: 'Pw-wrong' }),
    withoutTls: () => make({ tls: 'require' }),
    untrusted: () => mariaDbSources(secure)({ host: 'localhost', tls: 'verify' }),
    large: { schema: 'lakeside', table: 'big' },
    dispose: async () => undefined
  };
});
