import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { launch, scratchFolder, untilAnswers } from './process.js';
import type { RunningServer } from './process.js';

const VERSION = 'v1.8.0';

/** Where the program is kept between runs, outside the checkout. */
function cache(): string {
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lakeside', `versitygw-${VERSION}`);
}

/** The program; built from its source with the first use, which takes one or two minutes. */
function program(): string {
  const built = join(cache(), 'versitygw');
  if (existsSync(built)) return built;
  const go = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find(runs);
  if (go === undefined) {
    throw new Error('versitygw is missing, and there is no Go to build it. Install Go (apt-get install golang).');
  }
  mkdirSync(cache(), { recursive: true });
  const from = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
  execFileSync(go, ['install', '-ldflags', '-s -w', from], {
    env: { ...process.env, GOBIN: cache() },
    stdio: ['ignore', 'ignore', 'inherit']
  });
  return built;
}

function runs(go: string): boolean {
  try {
    execFileSync(go, ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Starts versitygw on files of a scratch folder. */
export async function startVersitygw(port: number): Promise<RunningServer> {
  const folder = scratchFolder('versitygw');
  const data = join(folder, 'data');
  mkdirSync(data);
  const key = { accessKeyId: 'LAKESIDETEST', secretAccessKey: 'versitygw-secret-of-the-tests' };
  const server = launch(
    program(),
    ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--health', '/healthz', 'posix', data],
    { ROOT_ACCESS_KEY_ID: key.accessKeyId, ROOT_SECRET_ACCESS_KEY: key.secretAccessKey },
    folder
  );
  await untilAnswers(`http://127.0.0.1:${port}/healthz`, server);
  return { name: 'versitygw', endpoint: `http://127.0.0.1:${port}`, key, stop: () => server.stop() };
}
