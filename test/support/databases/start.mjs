// Starts a database for tests in another language: `node start.mjs postgresql|mariadb [--tls]`. Writes one line of JSON
// when it is ready, `{host, port, user, password, database, certificate?}`, and ends it when its standard input closes.
import { startMariaDb } from './mariadb.mjs';
import { startPostgres } from './postgresql.mjs';

// The set-up speaks to people; standard output is for the one line.
console.log = console.error;

const starters = { postgresql: startPostgres, mariadb: startMariaDb };
const start = starters[process.argv[2]];
if (start === undefined) {
  console.error('Usage: node test/support/databases/start.mjs postgresql|mariadb [--tls]');
  process.exit(2);
}
const closed = new Promise(resolve => {
  for (const event of ['end', 'close', 'error']) process.stdin.once(event, resolve);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, resolve);
});
process.stdin.resume();
try {
  const { host, port, user, password, database, certificate, stop } = await start({
    tls: process.argv.includes('--tls')
  });
  process.stdout.write(`${JSON.stringify({ host, port, user, password, database, certificate })}\n`);
  await closed;
  await stop();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error?.cure) console.error(error.cure);
  process.exit(1);
}
