// The wikis of the tests: Debian's packages, unpacked into a folder and never installed, and PHP to run them.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
    await bringPhp();
    return join(await cached('mediawiki-debian-12', unpackMediaWiki), 'code');
  });
}

/**
 * Brings DokuWiki and the PHP to run it, once for all checkouts: 3 MB to load.
 *
 * @returns the folder of its code, with Debian's configuration in `../conf` and an empty wiki's data in `../data`; all of
 * them are only read
 */
export async function dokuWikiCode() {
  return withLock('wikis', async () => {
    await bringPhp();
    return join(await cached('dokuwiki-debian-12', unpackDokuWiki), 'code');
  });
}

async function bringPhp() {
  if (!findPhp() || !existsSync('/usr/lib/php/20220829/pdo_sqlite.so')) await aptInstall('PHP with SQLite', PHP, CURE);
}

async function unpackMediaWiki(folder) {
  const unpacked = await unpack('MediaWiki', ['mediawiki', 'mediawiki-classes'], folder);
  const share = join(unpacked, 'usr', 'share', 'mediawiki');
  // Debian's links lead into folders of an installed wiki.
  for (const entry of readdirSync(share, { withFileTypes: true }))
    if (entry.isSymbolicLink()) rmSync(join(share, entry.name));
  renameSync(join(share, 'extensions-core'), join(share, 'extensions'));
  renameSync(share, join(folder, 'code'));
  rmSync(unpacked, { recursive: true, force: true });
}

/** Libraries that Debian's DokuWiki takes from packages of their own, and the files that name where they lie. */
const DOKUWIKI = ['dokuwiki', 'php-geshi', 'php-phpseclib', 'libphp-simplepie', 'libjs-jquery', 'libjs-jquery-ui'];
const NAMING = ['vendor/composer/autoload_static.php', 'inc/parserutils.php', 'inc/load.php', 'lib/exe/jquery.php'];

async function unpackDokuWiki(folder) {
  const unpacked = await unpack('DokuWiki', [...DOKUWIKI, 'libjs-jquery-cookie'], folder);
  const [share, variable] = [join(unpacked, 'usr', 'share'), join(unpacked, 'var', 'lib', 'dokuwiki')];
  const code = join(share, 'dokuwiki');
  for (const name of ['plugins', 'tpl']) {
    rmSync(join(code, 'lib', name));
    renameSync(join(variable, 'lib', name), join(code, 'lib', name));
  }
  for (const name of [...NAMING, 'lib/exe/js.php']) {
    const text = readFileSync(join(code, name), 'utf8');
    // Whoever fills the cache does so in a folder of another name: the place is told when PHP starts.
    const there = text.replace(/'\/usr\/share\/(php|javascript)/g, "LAKESIDE_LIBRARIES.'/$1");
    writeFileSync(join(code, name), there);
  }
  for (const link of ['acl.auth.php', 'users.auth.php']) rmSync(join(unpacked, 'etc', 'dokuwiki', link));
  renameSync(join(unpacked, 'etc', 'dokuwiki'), join(folder, 'conf'));
  renameSync(join(variable, 'data'), join(folder, 'data'));
  for (const name of ['php', 'php-geshi', 'javascript']) renameSync(join(share, name), join(folder, name));
  renameSync(code, join(folder, 'code'));
  rmSync(unpacked, { recursive: true, force: true });
}

/** Loads packages and unpacks them all into one folder. */
async function unpack(what, packages, folder) {
  const work = join(folder, 'packages');
  mkdirSync(work);
  await aptDownload(packages, work);
  const debs = readdirSync(work).filter(name => name.endsWith('.deb'));
  if (debs.length < packages.length) throw new SetupError(`apt-get loaded no ${what}.`, { cure: CURE });
  for (const deb of debs) {
    await run('dpkg', ['-x', join(work, deb), work]);
    rmSync(join(work, deb));
  }
  return work;
}
