import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A key of a test server; worth nothing outside the test. */
export interface Key {
  accessKeyId: string;
  secretAccessKey: string;
}

/** A real S3 server, with a key that may do everything. */
export interface RunningServer {
  name: string;
  endpoint: string;
  key: Key;
  /** Ends its processes and removes its files. */
  stop: () => Promise<void>;
}

/** A process that was started, with the log of what it said. */
export interface Launched {
  readonly hasEnded: boolean;
  log(): string;
  stop(): Promise<void>;
}

const PATIENCE = 10_000;

export function scratchFolder(name: string): string {
  return mkdtempSync(join(realpathSync(tmpdir()), `lakeside-${name}-`));
}

/** A port of the loopback that is free now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Starts a program.
 *
 * @param folder - gets its log; removed when it is stopped, unless undefined
 */
export function launch(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
  folder: string,
  keepFolder = false
): Launched {
  const file = join(folder, `log-${Math.random().toString(36).slice(2)}`);
  const output = openSync(file, 'w');
  const child = spawn(command, args, {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', output, output]
  });
  closeSync(output);
  let failure = '';
  child.once('error', error => (failure = error.message));
  const ended = new Promise<void>(resolve => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const state = { hasEnded: false };
  void ended.then(() => (state.hasEnded = true));
  return {
    get hasEnded() {
      return state.hasEnded;
    },
    log: () => `${failure}${readFileSync(file, 'utf8').slice(-2_000)}`,
    async stop() {
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(PATIENCE)]);
      if (!state.hasEnded) child.kill('SIGKILL');
      await ended;
      if (!keepFolder) rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Waits until a server answers anything at all. */
export async function untilAnswers(url: string, server: Launched, seconds = 60): Promise<void> {
  for (let tries = 0; tries < seconds * 10; tries++) {
    if (server.hasEnded) throw new Error(`The server of ${url} ended at its start: ${server.log()}`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer) return;
    await sleep(100);
  }
  throw new Error(`Nobody answers at ${url} after ${seconds} seconds: ${server.log()}`);
}
