import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real Jupyter server on a scratch folder, with its token and XSRF check on, as a person runs it. */
export interface Jupyter {
  /** With a trailing slash. */
  url: string;
  token: string;
  /** Root folder of the notebooks; a copy of examples/. */
  root: string;
  /** `LAKESIDE_HOME`. */
  home: string;
  /** Process id of the Jupyter server. */
  pid: number;
  /** What it printed so far. */
  log(): Promise<string>;
  /** Asks the server's API, with the token. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  stop(): Promise<void>;
}

export interface JupyterOptions {
  /** Spec files with equal options share a server; one that needs an empty Library gives its server a name. */
  name?: string;
  /** JupyterLab, or Notebook 7. */
  app?: 'lab' | 'notebook';
  env?: Record<string, string>;
  args?: string[];
}

const bin = resolve('.venv/bin');

/** Starts a server and waits until it answers. */
export async function startJupyter(options: JupyterOptions = {}): Promise<Jupyter> {
  const program = join(bin, `jupyter-${options.app ?? 'lab'}`);
  if (!existsSync(program)) throw new Error(`There is no ${program}. Run npm test or npm start once: they set it up.`);
  const scratch = await mkdtemp(join(tmpdir(), 'lakeside-browser-'));
  const root = join(scratch, 'notebooks');
  const home = join(scratch, 'home');
  await cp('examples', root, { recursive: true, filter: source => !source.includes('.ipynb_checkpoints') });
  await writeSettings(join(scratch, 'settings'));
  const port = await freePort();
  const token = randomBytes(12).toString('hex');
  const logFile = join(scratch, 'jupyter.log');
  const log = createWriteStream(logFile);
  const child = spawn(
    program,
    [
      '--no-browser',
      '--allow-root',
      '--ServerApp.ip=127.0.0.1',
      `--ServerApp.port=${port}`,
      '--ServerApp.port_retries=0',
      '--ServerApp.answer_yes=True',
      `--IdentityProvider.token=${token}`,
      `--ServerApp.root_dir=${root}`,
      '--expose-app-in-browser',
      ...(options.args ?? [])
    ],
    {
      cwd: root,
      env: {
        ...process.env,
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        JUPYTER_CONFIG_DIR: join(scratch, 'config'),
        JUPYTERLAB_SETTINGS_DIR: join(scratch, 'settings'),
        JUPYTERLAB_WORKSPACES_DIR: join(scratch, 'workspaces'),
        IPYTHONDIR: join(scratch, 'ipython'),
        LAKESIDE_HOME: home,
        ...options.env
      },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true
    }
  );
  child.stdout.pipe(log);
  child.stderr.pipe(log);
  const url = `http://127.0.0.1:${port}/`;
  const readLog = (): Promise<string> => readFile(logFile, 'utf8').catch(() => '');
  const ask = (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set('Authorization', `token ${token}`);
    return fetch(new URL(path, url), { ...init, headers });
  };
  const stop = async (): Promise<void> => {
    await end(child);
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await until(async () => (await ask('api/status')).ok, child, readLog);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, token, root, home, pid: child.pid ?? 0, log: readLog, fetch: ask, stop };
}

/** Without these JupyterLab asks a newcomer about news, over the screen. */
async function writeSettings(directory: string): Promise<void> {
  const folder = join(directory, '@jupyterlab', 'apputils-extension');
  await mkdir(folder, { recursive: true });
  const settings = { fetchNews: 'false', checkForUpdates: false };
  await writeFile(join(folder, 'notification.jupyterlab-settings'), JSON.stringify(settings));
}

async function until(ready: () => Promise<boolean>, child: ChildProcess, log: () => Promise<string>): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) break;
    if (await ready().catch(() => false)) return;
    await sleep(100);
  }
  throw new Error(`Jupyter did not start:\n${(await log()).slice(-4000)}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise(done => child.once('exit', done));
  child.kill('SIGTERM');
  const killer = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(killer);
}

function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const server = createServer();
    server.once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? done(address.port) : failed(new Error('no port'))));
    });
  });
}
