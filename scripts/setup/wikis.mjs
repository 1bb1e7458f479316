// The wikis of the tests: Debian's packages, unpacked into a folder and never installed, and PHP to run them.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { aptDownload, aptInstall } from './apt.mjs';
import { cached } from './cache.mjs';
import { withLock } from './lock.mjs';
import { run, SetupError } from './run.mjs';

const PHP = ['cli', 'sqlite3', 'mbstring', 'xml', 'intl', 'gd'].map(part => `php8.2-${part}`);
const CURE = 'Run the tests as root on Debian 12, where they install it with apt-get.';

/** Path of PHP 8. */
export function findPhp() {
  return ['/usr/bin/php8.2', '/usr/bin/php'].find(path => existsSync(path));
}

/**
 * Brings MediaWiki and the PHP to run it, once for all checkouts: 40 MB to load.
 *
 * @returns the folder of its code, which is only read
 */
export async function mediaWikiCode() {
  return withLock('wikis', async () => {
    if (!findPhp() || !existsSync('/usr/lib/php/20220829/pdo_sqlite.so'))
      await aptInstall('PHP with SQLite', PHP, CURE);
    return join(await cached('mediawiki-debian-12', unpackMediaWiki), 'code');
  });
}

async function unpackMediaWiki(folder) {
  const work = join(folder, 'packages');
  mkdirSync(work);
  await aptDownload(['mediawiki', 'mediawiki-classes'], work);
  const debs = readdirSync(work).filter(name => name.endsWith('.deb'));
  if (debs.length === 0) throw new SetupError('apt-get loaded no MediaWiki.', { cure: CURE });
  for (const deb of debs) await run('dpkg', ['-x', join(work, deb), join(work, 'package')]);
  const share = join(work, 'package', 'usr', 'share', 'mediawiki');
  // Debian's links lead into folders of an installed wiki.
  for (const entry of readdirSync(share, { withFileTypes: true }))
    if (entry.isSymbolicLink()) rmSync(join(share, entry.name));
  renameSync(join(share, 'extensions-core'), join(share, 'extensions'));
  renameSync(share, join(folder, 'code'));
  rmSync(work, { recursive: true, force: true });
}
