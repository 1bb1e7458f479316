import { afterAll, beforeAll } from 'vitest';
import type { RunningPostgres } from '../support/databases/postgresql.mjs';
import { startPostgres } from '../support/databases/postgresql.mjs';
import { postgresSources } from '../support/tables/databases.js';
import { sourceFaultSuite } from '../support/tables/faultSuite.js';
import { postgresFixture } from '../support/tables/postgresFixture.js';
import { tableSourceSuite } from '../support/tables/sourceSuite.js';

let server: RunningPostgres;
let secure: RunningPostgres;

beforeAll(async () => {
  [server, secure] = await Promise.all([startPostgres(), startPostgres({ tls: true })]);
  server.psql([
    '-c',
    "CREATE TABLE big AS SELECT i AS id, md5(i::text) || repeat('x', 200) AS note FROM generate_series(1, 5000) AS i"
  ]);
});
afterAll(async () => {
  await Promise.all([server.stop(), secure.stop()]);
});

tableSourceSuite('the real PostgreSQL', () => postgresFixture(server));

sourceFaultSuite('the real PostgreSQL', async () => {
  const make = postgresSources(server);
  return {
    host: server.host,
    port: server.port,
    secret: server.password,
    // The second try without TLS would be one more connection.
    at: place => make({ ...place, tls: 'off' }),
    wrongSecret: () => make({ password: 'Pw-wrong' }),
    withoutTls: () => make({ tls: 'require' }),
    untrusted: () => postgresSources(secure)({ tls: 'verify' }),
    large: { schema: 'public', table: 'big' },
    dispose: async () => undefined
  };
});
