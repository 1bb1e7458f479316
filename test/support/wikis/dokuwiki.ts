import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { dokuWikiCode } from '../../../scripts/setup/wikis.mjs';
import { freePort, mustFindPhp, secret, startPhpServer } from './phpServer.js';

export interface DokuWikiServer {
  /** `http://127.0.0.1:<port>/`. */
  base: string;
  /** The account that shares, with the least rights. */
  robot: { user: string; password: string };
  /** A person with all rights, who may use the remote API too. */
  admin: { user: string; password: string };
  /** A person who reads and edits in the browser. */
  ada: { user: string; password: string };
  /** Adds lines to local.php; they hold from the next request on. */
  configure(...lines: string[]): void;
  /** Adds lines to the access control list, such as `lab:* @robots 1`. */
  permit(...lines: string[]): void;
  stop(): Promise<void>;
}

const ACL = ['* @ALL 1', '* @user 8', '* @robots 4', 'lakeside:* @robots 8'];

/** Memory of a page load and size of a call as a usual PHP has them. */
const PHP_SETTINGS = {
  memory_limit: '128M',
  post_max_size: '8M',
  max_execution_time: '30',
  'opcache.revalidate_freq': '0'
};

/** Starts the real DokuWiki of Debian on loopback, empty, with accounts. */
export async function startDokuWiki(): Promise<DokuWikiServer> {
  const code = await dokuWikiCode();
  const home = mkdtempSync(join(tmpdir(), 'lakeside-dokuwiki-'));
  for (const name of ['conf', 'data']) cpSync(join(dirname(code), name), join(home, name), { recursive: true });
  const conf = join(home, 'conf');
  const local = join(conf, 'local.php');
  const list = join(conf, 'acl.auth.php');

  const people = {
    robot: { user: 'lakeside', password: secret() },
    admin: { user: 'admin', password: secret() },
    ada: { user: 'ada', password: secret() }
  };
  const groups = { robot: 'robots', admin: 'admin,user', ada: 'user' };
  writeFileSync(
    join(conf, 'users.auth.php'),
    (['robot', 'admin', 'ada'] as const)
      .map(who => {
        const { user, password } = people[who];
        return `${user}:${hashed(password)}:${user}:${user}@example.org:${groups[who]}\n`;
      })
      .join('')
  );
  writeFileSync(list, `${ACL.map(line => line.replaceAll(' ', '\t')).join('\n')}\n`);
  writeFileSync(
    local,
    [
      '<?php',
      "$conf['title'] = 'Data Wiki';",
      `$conf['savedir'] = '${join(home, 'data')}';`,
      "$conf['useacl'] = 1;",
      "$conf['authtype'] = 'authplain';",
      "$conf['superuser'] = '@admin';",
      "$conf['remote'] = 1;",
      "$conf['remoteuser'] = '@robots,@admin';",
      ''
    ].join('\n')
  );
  // Debian looks for the configuration in /etc, unless somebody said before where it is.
  const prepend = join(home, 'places.php');
  writeFileSync(
    prepend,
    `<?php
define('DOKU_MAIN_CONF', '${conf}/');
define('DOKU_CONF', '${conf}/');
define('LAKESIDE_LIBRARIES', '${dirname(code)}');
`
  );
  chmodSync(home, 0o755);

  const port = await freePort();
  const base = `http://127.0.0.1:${port}/`;
  const settings = { ...PHP_SETTINGS, auto_prepend_file: prepend };
  const end = await startPhpServer({
    name: 'DokuWiki',
    port,
    code,
    before: Object.entries(settings).flatMap(([name, value]) => ['-d', `${name}=${value}`]),
    environment: process.env,
    probe: `${base}doku.php`
  });
  return {
    base,
    ...people,
    configure: (...lines) => appendFileSync(local, `${lines.join('\n')}\n`),
    permit: (...lines) => appendFileSync(list, `${lines.map(line => line.replaceAll(' ', '\t')).join('\n')}\n`),
    async stop() {
      await end();
      rmSync(home, { recursive: true, force: true });
    }
  };
}

/** A password as DokuWiki keeps it. */
function hashed(password: string): string {
  const done = spawnSync(mustFindPhp(), ['-r', 'echo password_hash($argv[1], PASSWORD_BCRYPT);', password], {
    encoding: 'utf8'
  });
  if (done.status !== 0) throw new Error(`PHP made no hash: ${done.stderr}`);
  return done.stdout;
}
