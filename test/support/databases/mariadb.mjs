// A MariaDB of a test's own.
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { mariaDbPrograms } from '../../../scripts/setup/databases.mjs';
import { certificateIn, freePort, password, runOnce, serverFolder, startServer, writeOwned } from './server.mjs';

/**
 * Starts Debian's MariaDB 10.11 on a free port of the loopback.
 *
 * @param options.tls - offers TLS, with a certificate that signed itself
 * @param options.data - a folder that stays: what an earlier server left there is used
 * @param options.inMemory - its files are in memory where there is room, for tests that make very many of them
 * @param options.settings - more settings, `name=value`
 */
export async function startMariaDb({ tls = false, data, inMemory = false, settings = [] } = {}) {
  const { server: program, install } = await mariaDbPrograms();
  const folder = serverFolder('mariadb', data, inMemory);
  const port = await freePort();
  const secret = data === undefined ? password() : 'Pw-of-a-folder-that-stays';
  const cluster = join(folder, 'data');
  try {
    if (!existsSync(join(cluster, 'mysql'))) {
      runOnce(install, [
        ...['--no-defaults', '--basedir=/usr', `--datadir=${cluster}`, `--tmpdir=${folder}`, '--skip-test-db'],
        ...['--auth-root-authentication-method=normal', '--skip-name-resolve']
      ]);
    }
    const certificate = tls ? certificateIn(folder) : undefined;
    const all = [
      ...[`datadir=${cluster}`, `port=${port}`, 'bind-address=127.0.0.1', `socket=${join(folder, 'socket')}`],
      ...[`pid-file=${join(folder, 'pid')}`, `tmpdir=${folder}`, `init-file=${initFile(folder, secret)}`],
      ...['skip-name-resolve', 'skip-log-bin', 'skip-slave-start', 'performance-schema=off', 'max-connections=50'],
      ...['innodb-flush-log-at-trx-commit=0', 'innodb-doublewrite=0', 'innodb-buffer-pool-size=64M'],
      ...['character-set-server=utf8mb4', 'collation-server=utf8mb4_bin'],
      ...(certificate ? [`ssl-cert=${certificate.certificate}`, `ssl-key=${certificate.key}`] : []),
      ...settings
    ];
    const server = await startServer({
      command: program,
      args: ['--no-defaults', ...all.map(setting => `--${setting}`)],
      folder,
      ready: /ready for connections/,
      signal: data === undefined ? 'SIGKILL' : 'SIGTERM',
      keep: data !== undefined
    });
    return {
      ...{ host: '127.0.0.1', port, user: 'lakeside', password: secret, database: 'lakeside' },
      ...server,
      certificate: certificate?.certificate
    };
  } catch (error) {
    if (data === undefined) rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** What is run before the first connection: root gets a password, tests an account and a database. */
function initFile(folder, secret) {
  return writeOwned(
    join(folder, 'init.sql'),
    `ALTER USER root@localhost IDENTIFIED BY '${secret}';
CREATE USER IF NOT EXISTS lakeside@'%' IDENTIFIED BY '${secret}';
GRANT ALL ON *.* TO lakeside@'%' WITH GRANT OPTION;
CREATE DATABASE IF NOT EXISTS lakeside;
`
  );
}
