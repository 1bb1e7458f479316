import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mediaWikiCode } from '../../../scripts/setup/wikis.mjs';
import { freePort, mustFindPhp, secret, startPhpServer } from './phpServer.js';

export interface MediaWikiServer {
  /** `http://127.0.0.1:<port>`. */
  base: string;
  api: string;
  /** The robot that shares, with a bot password of the least rights. */
  bot: { user: string; password: string };
  /** A person with all rights. */
  admin: { user: string; password: string };
  /** Runs a script of `maintenance/`. */
  maintain(script: string, ...words: string[]): string;
  /** Adds lines to LocalSettings.php; they hold from the next request on. */
  configure(...lines: string[]): void;
  stop(): Promise<void>;
}

/** What the built-in server of PHP does with an address: uploads lie outside the code. */
const ROUTER = `<?php
$path = parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH);
if (str_starts_with($path, '/images/')) {
  $file = realpath(getenv('LAKESIDE_UPLOADS') . '/' . rawurldecode(substr($path, 8)));
  if ($file === false || !str_starts_with($file, getenv('LAKESIDE_UPLOADS') . '/')) { http_response_code(404); return true; }
  header('Content-Type: ' . mime_content_type($file));
  readfile($file);
  return true;
}
return false;
`;

const GRANTS = 'basic,editpage,createeditmovepage,uploadfile,uploadeditmovefile,highvolume';

/**
 * Starts the real MediaWiki of Debian on loopback, empty, with SQLite.
 *
 * @param settings - further lines of LocalSettings.php
 * @param php - further words of PHP's command line
 */
export async function startMediaWiki(settings: string[] = [], php: string[] = []): Promise<MediaWikiServer> {
  const code = await mediaWikiCode();
  const program = mustFindPhp();
  const home = mkdtempSync(join(tmpdir(), 'lakeside-mediawiki-'));
  const uploads = join(home, 'images');
  for (const name of ['data', 'images', 'cache']) mkdirSync(join(home, name));
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const local = join(home, 'LocalSettings.php');
  const environment = { ...process.env, MW_CONFIG_FILE: local, LAKESIDE_UPLOADS: uploads };
  const maintain = (script: string, ...words: string[]): string => {
    const done = spawnSync(program, [join(code, 'maintenance', script), ...words], {
      env: environment,
      encoding: 'utf8'
    });
    if (done.status !== 0) throw new Error(`MediaWiki's ${script} failed: ${done.stdout}${done.stderr}`);
    return done.stdout;
  };

  const admin = { user: 'Admin', password: secret() };
  maintain(
    'install.php',
    '--dbtype',
    'sqlite',
    '--dbpath',
    join(home, 'data'),
    '--dbname',
    'wiki',
    '--server',
    base,
    '--scriptpath',
    '',
    '--pass',
    admin.password,
    '--confpath',
    home,
    'Data Wiki',
    'Admin'
  );
  appendFileSync(
    local,
    [
      '',
      '$wgEnableUploads = true;',
      `$wgUploadDirectory = '${uploads}';`,
      "$wgUploadPath = '/images';",
      `$wgCacheDirectory = '${join(home, 'cache')}';`,
      "wfLoadExtension( 'SyntaxHighlight_GeSHi' );",
      '$wgRateLimits = [];',
      // Pictures are scaled by PHP itself, whatever else this machine has.
      '$wgUseImageMagick = false;',
      // No service on another machine: formulas are given to the reader's browser as they are written.
      "wfLoadExtension( 'Math' );",
      "$wgMathValidModes = [ 'source' ];",
      "$wgDefaultUserOptions['math'] = 'source';",
      "$wgMathDisableTexFilter = 'always';",
      ...settings,
      ''
    ].join('\n')
  );
  maintain('update.php', '--quick');
  const [password, appPassword] = [secret(), randomBytes(16).toString('hex')];
  maintain('createAndPromote.php', '--bot', 'Nbbot', password);
  maintain('createBotPassword.php', '--appid', 'share', '--grants', GRANTS, 'Nbbot', appPassword);

  writeFileSync(join(home, 'router.php'), ROUTER);
  const end = await startPhpServer({
    name: 'MediaWiki',
    port,
    code,
    before: php,
    router: join(home, 'router.php'),
    environment,
    probe: `${base}/api.php?action=query&format=json`
  });
  return {
    base,
    api: `${base}/api.php`,
    bot: { user: 'Nbbot@share', password: appPassword },
    admin,
    maintain,
    configure: (...lines) => appendFileSync(local, `${lines.join('\n')}\n`),
    async stop() {
      await end();
      rmSync(home, { recursive: true, force: true });
    }
  };
}
