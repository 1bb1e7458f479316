import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { findPhp } from '../../../scripts/setup/wikis.mjs';

/** Path of PHP. @throws Error with the cure where there is none */
export function mustFindPhp(): string {
  const php = findPhp();
  if (php === undefined) throw new Error('There is no PHP to run a wiki. Install it: apt-get install php8.2-cli');
  return php;
}

/** A port of the loopback that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** A password that every wiki accepts. */
export const secret = (): string => `Pw-${randomBytes(12).toString('hex')}`;

export interface PhpServerOptions {
  name: string;
  port: number;
  /** Folder of the code. */
  code: string;
  /** Further words of PHP's command line, a router last. */
  before?: string[];
  router?: string;
  environment: Record<string, string | undefined>;
  /** What must answer before the server counts as ready. */
  probe: string;
}

/** Starts PHP's own web server on loopback. @returns what ends it, with its workers */
export async function startPhpServer(options: PhpServerOptions): Promise<() => Promise<void>> {
  const { name, port, code, before = [], router, environment, probe } = options;
  const words = [...before, '-S', `127.0.0.1:${port}`, '-t', code, ...(router === undefined ? [] : [router])];
  const child = spawn(mustFindPhp(), words, {
    env: { ...environment, PHP_CLI_SERVER_WORKERS: '4' },
    stdio: ['ignore', 'ignore', 'ignore'],
    // A group of its own: the server's workers end with it.
    detached: true
  });
  await ready(name, probe, child);
  return () => end(child);
}

async function ready(name: string, url: string, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`${name}'s server ended with code ${child.exitCode}.`);
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`${name} did not answer within 20 seconds.`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return;
  const gone = new Promise(resolve => child.once('exit', resolve));
  process.kill(-child.pid, 'SIGTERM');
  await gone;
}
