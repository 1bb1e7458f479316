import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import type { Job } from '../../../contract/jobs.js';
import type { Problem } from '../../../contract/problem.js';
import type { ShareState } from '../../../contract/share/index.js';
import { copyAssets } from '../../../scripts/build/assets.mjs';
import type { Command } from './driver.js';

/** A line of a process. */
export interface Line {
  ready?: number;
  accepted?: string;
  ended?: Job;
  state?: ShareState;
  jobs?: Job[];
  history?: string[];
  /** Id of a route that was called, with what it answered. */
  answered?: string;
  answer?: unknown;
  refused?: Problem;
  fault?: string;
}

/** Bundles the driver and the renderer into a folder of their own. @returns the folder, and what removes it */
export async function buildPrograms(): Promise<{ programs: string; remove: () => void }> {
  mkdirSync('node_modules/.cache', { recursive: true });
  const programs = mkdtempSync(join(process.cwd(), 'node_modules/.cache/fault-'));
  await build({
    entryPoints: { driver: 'test/support/fault/driver.ts', renderer: 'server/renderer.ts' },
    outdir: programs,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    define: { LAKESIDE_VERSION: '"test"' },
    logLevel: 'error'
  });
  await copyAssets(join(programs, 'assets'));
  writeFileSync(join(programs, 'package.json'), '{ "type": "commonjs" }');
  return { programs, remove: () => rmSync(programs, { recursive: true, force: true }) };
}

/** A running process of a home. */
export interface Running {
  pid: number;
  child: ChildProcess;
  /** Everything it said so far. */
  lines: Line[];
  /** Resolves with the next line that fits, said from now on or before; rejects when the process ends first. */
  said<T>(find: (line: Line) => T | undefined, seconds?: number): Promise<T>;
  /** Asks a sidecar for something. */
  ask(command: Command): void;
  /** Resolves when it ended. */
  ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

export interface StartOptions {
  programs: string;
  home: string;
  failPoint?: string;
  /** Words before the command. */
  prefix?: string[];
  /** Further variables. */
  env?: Record<string, string>;
}

/** Starts a process of a home. */
export function start({ programs, home, failPoint, prefix = [], env = {} }: StartOptions, ...args: string[]): Running {
  const [command = '', ...rest] = [...prefix, process.execPath, join(programs, 'driver.js'), ...args];
  const child = spawn(command, rest, {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'] ?? '',
      HOME: home,
      ...env,
      LAKESIDE_HOME: home,
      LAKESIDE_LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
      NODE_COMPILE_CACHE: join(programs, 'compile-cache'),
      ...(failPoint !== undefined && { LAKESIDE_FAIL_POINT: failPoint })
    }
  });
  const lines: Line[] = [];
  const listeners = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', text => {
    lines.push(JSON.parse(text) as Line);
    for (const listener of listeners) listener();
  });
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>(resolve => {
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid ?? 0,
    child,
    lines,
    ended,
    async said(find, seconds = 60) {
      let timer: NodeJS.Timeout | undefined;
      let listen: (() => void) | undefined;
      const found = new Promise<NonNullable<ReturnType<typeof find>>>((resolve, reject) => {
        const look = () => {
          for (const line of lines) {
            const value = find(line);
            if (value !== undefined) resolve(value as NonNullable<typeof value>);
          }
        };
        listen = look;
        listeners.add(look);
        const fail = (why: string) => reject(new Error(`${why}; it said ${JSON.stringify(lines.slice(-3))}`));
        timer = setTimeout(() => fail(`Nothing for ${seconds} s`), seconds * 1000);
        void ended.then(end => {
          look();
          fail(`The process ended (${String(end.code ?? end.signal)})`);
        });
        look();
      });
      try {
        return await found;
      } finally {
        clearTimeout(timer);
        if (listen) listeners.delete(listen);
      }
    },
    ask: command => void child.stdin.write(`${JSON.stringify(command)}\n`),
    async kill(signal = 'SIGKILL') {
      child.kill(signal);
      await ended;
    }
  };
}

/** Waits until a process stands still at a `stop:` point. False where it ended before. */
export async function halted(running: Pick<Running, 'child' | 'pid' | 'lines'>, seconds = 30): Promise<boolean> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return false;
    try {
      const stat = readFileSync(`/proc/${running.pid}/stat`, 'utf8');
      if (stat.slice(stat.lastIndexOf(')') + 2).startsWith('T')) return true;
    } catch {
      return false;
    }
    await new Promise(resolve => setTimeout(resolve, 5));
  }
  throw new Error(`The process did not come to its point; it said ${JSON.stringify(running.lines.slice(-3))}`);
}

/** Calls a route of a sidecar, by its id. */
export function answerOf<T>(sidecar: Running, id: string, body: object): Promise<T> {
  const before = sidecar.lines.length;
  sidecar.ask({ do: 'call', id, ...body });
  return sidecar.said(line =>
    sidecar.lines.indexOf(line) >= before && line.answered === id ? (line.answer as T & object) : undefined
  );
}
