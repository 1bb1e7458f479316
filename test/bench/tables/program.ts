import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { allRoutes, routes } from '../../../contract/routes.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { makeTables } from '../../../server/adapters/memory/madeTables.js';
import type { MadeTables } from '../../../server/adapters/memory/madeTables.js';
import { createMemoryTableSource } from '../../../server/adapters/memory/tableSource.js';
import { createProcessIndex } from '../../../server/adapters/tableindex-process/index.js';
import { createApp } from '../../../server/app.js';
import type { HandlerTable, AnyHandler } from '../../../server/handlers.js';
import { createIds } from '../../../server/ids.js';
import type { Caller, Log } from '../../../server/ports.js';
import { tableHandlers } from '../../../server/tables/routes.js';
import { createTableService } from '../../../server/tables/service.js';
import type { TableService } from '../../../server/tables/service.js';

/** One step of the benchmark, in a process of its own. Prints its figures as one line of JSON. */

const [, , step = '', home = '', given = '{}'] = process.argv;
const made = JSON.parse(given) as MadeTables & { rounds: number };
const caller: Caller = { name: 'person1', groups: [], via: 'jupyter' };
const quiet: Log = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error };
const secret = 'x'.repeat(43);

function open(): TableService {
  const schemas = step === 'build' ? makeTables(made) : new Map<string, never>();
  const source = createMemoryTableSource({ schemas, label: 'made' });
  const fingerprint = `${made.schemas} ${made.tables} ${made.columns} ${made.distinct === true}`;
  return createTableService({
    sources: {
      list: () =>
        Promise.resolve([
          { id: 'made', label: 'made', kind: 'memory', description: '', origin: 'configuration', fingerprint }
        ]),
      make: () => Promise.resolve(source),
      check: () => Promise.resolve([]),
      test: () => Promise.resolve([]),
      add: () => Promise.resolve()
    },
    index: createProcessIndex({
      program: join(home, 'tablesIndex.mjs'),
      directory: join(home, 'tables'),
      memoryMb: 1024,
      idle: 300_000,
      clock: systemClock,
      log: quiet
    }),
    snippets: () => [],
    clock: systemClock,
    log: quiet
  });
}

/**
 * The longest that an event loop waits that has nothing to do, in another thread of this process: what the machine
 * costs when others use it too.
 */
async function idleThread(): Promise<{ max: () => Promise<number> }> {
  const code = `
    const { monitorEventLoopDelay } = require('node:perf_hooks');
    const { parentPort } = require('node:worker_threads');
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    parentPort.on('message', () => parentPort.postMessage(delay.max / 1e6));
    parentPort.postMessage(0);`;
  const worker = new Worker(code, { eval: true });
  // Its start is nothing to measure.
  await new Promise(resolve => worker.once('message', resolve));
  return {
    async max() {
      const answer = new Promise<number>(resolve => worker.once('message', resolve));
      worker.postMessage('max');
      const max = await answer;
      await worker.terminate();
      return max;
    }
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const began = performance.now();
  const value = await work();
  return [performance.now() - began, value];
}

/** Builds the index of a new source, looking how long anything else would have waited. */
async function build(): Promise<object> {
  const service = open();
  const idle = await idleThread();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const before = process.memoryUsage().rss;
  let names: number | undefined;
  const began = performance.now();
  for (;;) {
    const [source] = await service.sources(caller);
    if (source?.index.asOf !== undefined) names ??= performance.now() - began;
    if (source?.index.state === 'ready') break;
    if (source?.index.state === 'failed') throw new Error(source.index.trouble?.message);
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  const all = performance.now() - began;
  const stall = delay.max / 1e6;
  const stallOfIdle = await idle.max();
  const files = readdirSync(join(home, 'tables')).map(file => statSync(join(home, 'tables', file)).size);
  const after = process.memoryUsage().rss;
  await service.close();
  return {
    names,
    all,
    stall,
    stallOfIdle,
    bytes: files.reduce((sum, size) => sum + size, 0),
    megabytes: (after - before) / 1e6
  };
}

/** What people type, letter by letter, and what nobody has. */
const typed = [
  'order',
  'customer_name',
  'inv',
  'click_path',
  'fact',
  'total',
  'airline',
  'stor',
  'v3',
  'xyzzy',
  'ordfct',
  'id'
].flatMap(word => Array.from({ length: word.length }, (_, index) => word.slice(0, index + 1)));

/** A new process: the first search takes the index up from its files. */
async function search(): Promise<object> {
  const service = open();
  const [first] = await timed(() => service.search(caller, { q: 'order', columns: true, limit: 200 }));
  const [page] = await timed(() => service.list(caller, 'made', { schema: 'order_000', offset: 0, limit: 200 }));
  const idle = await idleThread();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const times: number[] = [];
  const slow: [number, string][] = [];
  let found = 0;
  for (let round = 0; round < made.rounds; round++) {
    for (const q of typed) {
      const [time, { hits }] = await timed(() => service.search(caller, { q, columns: true, limit: 200 }));
      found += hits.length;
      times.push(time);
      slow.push([time, q]);
    }
  }
  if (found === 0) throw new Error('Nothing was found.');
  slow.sort(([a], [b]) => b - a);
  const stall = delay.max / 1e6;
  const stallOfIdle = await idle.max();
  await service.close();
  return {
    first,
    page,
    p50: percentile(times, 0.5),
    p95: percentile(times, 0.95),
    max: Math.max(...times),
    stall,
    stallOfIdle,
    slow: slow.slice(0, 8)
  };
}

/** Over HTTP, as the front door asks. */
async function http(): Promise<object> {
  const service = open();
  const handlers = Object.entries(tableHandlers(() => Promise.resolve(service))) as [
    keyof typeof routes.tables,
    AnyHandler
  ][];
  const table: HandlerTable = new Map(handlers.map(([verb, handler]) => [routes.tables[verb], handler]));
  if (allRoutes().length === 0) throw new Error('There are no routes.');
  const app = createApp({
    secret,
    handlers: () => Promise.resolve(table),
    pages: undefined,
    health: { ready: () => true },
    ids: createIds(systemClock),
    log: quiet
  });
  const server = createServer(app).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  const get = (path: string, encoding: string): Promise<{ milliseconds: number; bytes: number; encoded: string }> =>
    new Promise((resolve, reject) => {
      const began = performance.now();
      const headers = { 'X-Lakeside-Secret': secret, 'X-Lakeside-User': 'person1', 'Accept-Encoding': encoding };
      request({ host: '127.0.0.1', port, path: `/api/v1${path}`, headers }, response => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => (bytes += chunk.length));
        response.on('end', () => {
          const milliseconds = performance.now() - began;
          if (response.statusCode !== 200) reject(new Error(`${path}: ${response.statusCode ?? 0}`));
          resolve({ milliseconds, bytes, encoded: response.headers['content-encoding'] ?? '' });
        });
      })
        .on('error', reject)
        .end();
    });
  await get('/tables/sources', 'identity');
  const idle = await idleThread();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const schema = '?schema=order_000';
  const pages = [];
  const names = [];
  for (let round = 0; round < made.rounds; round++) pages.push(await get(`/tables/sources/made/tables${schema}`, 'br'));
  for (let round = 0; round < made.rounds; round++)
    names.push(await get(`/tables/sources/made/names${schema}`, 'br, gzip'));
  const zipped = await get(`/tables/sources/made/names${schema}`, 'gzip');
  const stall = delay.max / 1e6;
  const stallOfIdle = await idle.max();
  server.close();
  await service.close();
  return {
    page: percentile(
      pages.map(({ milliseconds }) => milliseconds),
      0.95
    ),
    firstPage: pages[0]?.milliseconds,
    names: percentile(
      names.map(({ milliseconds }) => milliseconds),
      0.95
    ),
    bytes: names[0]?.bytes,
    encoded: names[0]?.encoded,
    zipped: zipped.bytes,
    stall,
    stallOfIdle
  };
}

mkdirSync(home, { recursive: true });
const steps: Record<string, () => Promise<object>> = { build, search, http };
const figures = await (steps[step] ?? (() => Promise.reject(new Error(`There is no step ${step}.`))))();
console.log(JSON.stringify(figures));
process.exit(0);
