import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { cached } from '../../../scripts/setup/cache.mjs';
import { launch, scratchFolder, untilAnswers } from './process.js';
import type { RunningServer } from './process.js';

const VERSION = 'v1.8.0';

/** The program; built from its source with the first use. */
async function program(): Promise<string> {
  const folder = await cached(`versitygw-${VERSION}`, into => {
    const go = ['go', '/usr/local/go/bin/go', '/usr/lib/go/bin/go'].find(runs);
    if (go === undefined) {
      throw new Error('versitygw is missing, and there is no Go to build it. Install Go (apt-get install golang).');
    }
    const from = `github.com/versity/versitygw/cmd/versitygw@${VERSION}`;
    execFileSync(go, ['install', '-ldflags', '-s -w', from], {
      env: { ...process.env, GOBIN: into },
      stdio: ['ignore', 'ignore', 'inherit']
    });
  });
  return join(folder, 'versitygw');
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
    await program(),
    ['--port', `127.0.0.1:${port}`, '--quiet', '--keep-alive', '--health', '/healthz', 'posix', data],
    { ROOT_ACCESS_KEY_ID: key.accessKeyId, ROOT_SECRET_ACCESS_KEY: key.secretAccessKey },
    folder
  );
  await untilAnswers(`http://127.0.0.1:${port}/healthz`, server);
  return { name: 'versitygw', endpoint: `http://127.0.0.1:${port}`, key, stop: () => server.stop() };
}
