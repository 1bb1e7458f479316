// A PostgreSQL of a test's own.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { postgresqlPrograms } from '../../../scripts/setup/databases.mjs';
import { certificateIn, freePort, password, runOnce, serverFolder, startServer, writeOwned } from './server.mjs';

/**
 * Starts Debian's PostgreSQL 15 on a free port of the loopback.
 *
 * @param options.tls - offers TLS, with a certificate that signed itself
 * @param options.data - a folder that stays: what an earlier server left there is used
 * @param options.settings - more settings, `name=value`
 */
export async function startPostgres({ tls = false, data, settings = [] } = {}) {
  const programs = await postgresqlPrograms();
  const folder = serverFolder('postgresql', data);
  const port = await freePort();
  const secret = data === undefined ? password() : 'Pw-of-a-folder-that-stays';
  const cluster = join(folder, 'data');
  const isNew = !existsSync(join(cluster, 'PG_VERSION'));
  try {
    if (isNew) initialise(programs, folder, cluster, secret);
    const certificate = tls ? certificateIn(folder) : undefined;
    const all = [
      ...[`port=${port}`, 'listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`],
      ...['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'jit=off'],
      ...['max_connections=50', 'max_locks_per_transaction=2048', 'shared_buffers=64MB', 'max_wal_size=256MB'],
      ...(certificate ? ['ssl=on', `ssl_cert_file=${certificate.certificate}`, `ssl_key_file=${certificate.key}`] : []),
      ...settings
    ];
    const server = await startServer({
      command: join(programs, 'postgres'),
      args: ['-D', cluster, ...all.flatMap(setting => ['-c', setting])],
      folder,
      ready: /database system is ready to accept connections/,
      signal: data === undefined ? 'SIGQUIT' : 'SIGINT',
      keep: data !== undefined
    });
    const at = { host: '127.0.0.1', port, user: 'lakeside', password: secret, database: 'lakeside' };
    const psql = (words, database = at.database) =>
      runOnce(
        join(programs, 'psql'),
        [
          '-X',
          '-q',
          '-v',
          'ON_ERROR_STOP=1',
          '-h',
          at.host,
          '-p',
          String(port),
          '-U',
          at.user,
          '-d',
          database,
          ...words
        ],
        { PGPASSWORD: secret }
      );
    if (isNew) psql(['-c', 'CREATE DATABASE lakeside'], 'postgres');
    return { ...at, ...server, psql, certificate: certificate?.certificate };
  } catch (error) {
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function initialise(programs, folder, cluster, secret) {
  const file = writeOwned(join(folder, 'password'), secret);
  runOnce(join(programs, 'initdb'), [
    ...['-D', cluster, '-U', 'lakeside', `--pwfile=${file}`, '-A', 'scram-sha-256'],
    ...['-E', 'UTF8', '--locale=C.UTF-8', '--no-sync']
  ]);
}
