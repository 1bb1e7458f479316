// The databases of the tests: Debian's PostgreSQL and MariaDB. No service of them is started.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aptInstall } from './apt.mjs';
import { withLock } from './lock.mjs';

const CURE = 'Run the tests as root on Debian 12, where they install it with apt-get.';
const POSTGRESQL = '/usr/lib/postgresql/15/bin';
const CLUSTERS = '/etc/postgresql-common/createcluster.conf';
const MARIADB = ['/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db', '/usr/bin/my_print_defaults'];

/**
 * Brings PostgreSQL 15: 60 MB to load.
 *
 * @returns the folder of its programs
 */
export async function postgresqlPrograms() {
  const isThere = () => ['initdb', 'postgres', 'psql'].every(name => existsSync(join(POSTGRESQL, name)));
  if (isThere()) return POSTGRESQL;
  await withLock('databases', async () => {
    if (isThere()) return;
    await aptInstall('PostgreSQL', ['postgresql-common'], CURE);
    // Else the next package makes a database of its own and starts it.
    const text = readFileSync(CLUSTERS, 'utf8');
    if (!/^\s*create_main_cluster\s*=/m.test(text)) {
      writeFileSync(
        CLUSTERS,
        `${text}\n# Lakeside's tests start databases of their own.\ncreate_main_cluster = false\n`
      );
    }
    await aptInstall('PostgreSQL', ['postgresql-15'], CURE);
  });
  return POSTGRESQL;
}

/**
 * Brings MariaDB 10.11, the server's programs without its service: 25 MB to load.
 *
 * @returns the paths of its programs
 */
export async function mariaDbPrograms() {
  const isThere = () => MARIADB.every(path => existsSync(path));
  if (!isThere()) {
    await withLock('databases', async () => {
      if (!isThere()) await aptInstall('MariaDB', ['mariadb-server-core', 'mariadb-client-core'], CURE);
    });
  }
  return { server: '/usr/sbin/mariadbd', install: '/usr/bin/mariadb-install-db' };
}
