import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createFileObjectStore } from '../../../server/adapters/objectstore-fs/index.js';
import type { S3Settings } from '../../../server/adapters/objectstore-s3/settings.js';
import { createSqliteIndex } from '../../../server/adapters/sqlite-index/index.js';
import { createIds } from '../../../server/ids.js';
import type { Caller, Log } from '../../../server/ports.js';
import { snapshotKey, textKey, textShard } from '../../../server/share/archive/keys.js';
import { packLines } from '../../../server/share/archive/packed.js';
import { END_LINE, notebookLine, provenanceLine, textLine } from '../../../server/share/archive/snapshots.js';
import { createLibrary } from '../../../server/share/library/library.js';
import type { LibraryQuery } from '../../../contract/share/index.js';
import type { NotebookRecord, ObjectStore, Renderer } from '../../../server/share/ports.js';
import { createCorpus, createRandom, VOCABULARY, word } from './corpus.js';

/** One step of the benchmark, in a process of its own. Prints its figures as one line of JSON. */

const [, , step = '', home = '', count = '0'] = process.argv;
const START = Date.UTC(2026, 0, 1);
const caller: Caller = { name: 'person1', groups: [], via: 'cli' };
const quiet: Log = { debug: () => undefined, info: () => undefined, warn: console.error, error: console.error };

/** A folder, or the bucket that bucket.json names. */
async function openStore(): Promise<ObjectStore> {
  const file = join(home, 'bucket.json');
  if (!existsSync(file)) return createFileObjectStore({ directory: join(home, 'archive') });
  const { settings, secret } = JSON.parse(readFileSync(file, 'utf8')) as { settings: S3Settings; secret: string };
  const { createS3ObjectStore } = await import('../../../server/adapters/objectstore-s3/index.js');
  return createS3ObjectStore(settings, {
    log: quiet,
    clock: systemClock,
    readSecret: () => Promise.resolve(secret),
    cacheDirectory: join(home, 'cache'),
    settings: file
  });
}

async function open() {
  const store = await openStore();
  const index = createSqliteIndex({ directory: join(home, 'index'), log: quiet });
  const ids = createIds(systemClock);
  const library = createLibrary({
    store,
    // As server/compose.ts does it.
    freshFor: existsSync(join(home, 'bucket.json')) ? 1000 : 0,
    index,
    renderer: {} as Renderer,
    rendererVersion: 'bench',
    cacheDirectory: join(home, 'cache'),
    ids,
    clock: systemClock,
    log: quiet
  });
  return { store, index, ids, ...library };
}

function query(given: Partial<LibraryQuery>): LibraryQuery {
  return { q: '', deleted: false, limit: 50, ...given };
}

/** Writes so many notebooks as a snapshot, the way a compaction leaves them. */
async function seed(): Promise<object> {
  const { store } = await open();
  const corpus = createCorpus(1, START);
  const records: NotebookRecord[] = Array.from({ length: Number(count) }, () => corpus.next());
  const id = corpus.ids.next();
  const work = join(home, 'seed');
  mkdirSync(work, { recursive: true });
  const texts: Record<string, string> = {};
  const byShard = Map.groupBy(records, record => textShard(record.core.notebookId));
  for (const [shard, own] of byShard) {
    await packLines(
      each(own, record => [textLine(record.core.notebookId, record.text!)]),
      join(work, shard)
    );
    texts[shard] = textKey(id, shard);
    await store.put(texts[shard], { file: join(work, shard) });
  }
  const header = { format: 1, id, createdAt: new Date(START).toISOString(), events: [], texts };
  const lines = async function* (): AsyncIterable<string> {
    yield JSON.stringify(header);
    yield* each(records, record => [
      ...Object.entries(record.provenances ?? {}).map(([hash, value]) => provenanceLine(hash, value)),
      notebookLine(record)
    ]);
    yield END_LINE;
  };
  await packLines(lines(), join(work, 'snapshot'));
  await store.put(snapshotKey(id), { file: join(work, 'snapshot') });
  const text = records.reduce((sum, record) => sum + (record.text?.value.length ?? 0), 0);
  return { notebooks: records.length, textBytes: text };
}

async function* each<T>(items: readonly T[], lines: (item: T) => string[]): AsyncIterable<string> {
  for (const item of items) yield* lines(item);
}

/** Publishes notebooks one after the other: a blob, a manifest, an event, each durable. */
async function publish(): Promise<object> {
  const { archive, ids } = await open();
  const corpus = createCorpus(2, Date.now());
  const folder = join(home, 'seed');
  const times: number[] = [];
  for (let n = 0; n < Number(count); n++) {
    const { core, versions, text } = corpus.next();
    const bytes = Buffer.from(JSON.stringify({ cells: [text?.value], n }));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(folder, sha256), bytes);
    const began = performance.now();
    const written = { objects: 0, bytes: 0 };
    await archive.putBlob({ sha256, size: bytes.byteLength, compressible: true }, folder, written);
    const versionId = ids.next();
    const common = {
      notebookId: core.notebookId,
      versionId,
      author: 'person1',
      owner: 'person1',
      audience: core.audience!.value,
      contentHash: sha256,
      title: core.title!.value,
      tags: core.tags!.value,
      groups: core.groups!.value,
      hideCode: false,
      cells: 20,
      size: 200_000,
      provenance: {}
    };
    const at = new Date().toISOString();
    const snapshot = { sha256, size: bytes.byteLength };
    const rest = { format: 1 as const, parent: undefined, createdAt: at, nbformat: 4, language: 'python' };
    await archive.putVersion({ ...common, ...rest, snapshot, blobs: [] }, written);
    const { language, imports, tables } = core.facts!.value;
    const event = { type: 'published' as const, id: ids.next(), at, text: text!.value, language, imports, tables };
    await archive.append({ ...common, ...event, owner: versions[0]!.owner }, written);
    times.push(performance.now() - began);
  }
  return { publishes: times.length, ...percentiles(times) };
}

/** Fills an index from the archive, and says how long requests would have waited meanwhile. */
async function fill(): Promise<object> {
  const { service, index } = await open();
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const began = performance.now();
  const page = await service.list(caller, query({ limit: 1 }));
  const seconds = (performance.now() - began) / 1000;
  delay.disable();
  await index.close();
  return {
    seconds,
    total: page.total,
    lagP99: delay.percentile(99) / 1e6,
    lagMax: delay.max / 1e6,
    rss: process.resourceUsage().maxRSS / 1024
  };
}

/** The first search of a new process. Milliseconds since the process began, and since the Library was put together. */
async function cold(): Promise<object> {
  const began = performance.now();
  const { service } = await open();
  const page = await service.list(caller, query({ q: count }));
  const now = performance.now();
  return { found: page.total, sinceStart: now, sinceOpen: now - began, rss: process.memoryUsage.rss() / 2 ** 20 };
}

const random = createRandom(3);
const some = (from: number, to: number): string => word(from + Math.floor(random() * (to - from)));
const chinese = ['机器学习', '数据', '分析', '销售用户', '漏斗', '航班', '数', '时间地区增长', '方法', '留存流失'];

/** What people ask, by kind. */
const kinds: Record<string, () => Partial<LibraryQuery>> = {
  'very common word': () => ({ q: some(0, 5) }),
  'common word': () => ({ q: some(5, 100) }),
  'middling word': () => ({ q: some(100, 2000) }),
  'rare word': () => ({ q: some(2000, VOCABULARY) }),
  'nothing found': () => ({ q: `${some(0, 100)}qqxx${some(0, 100)}` }),
  'two words': () => ({ q: `${some(0, 50)} ${some(50, 2000)}` }),
  'three common words': () => ({ q: `${some(0, 5)} ${some(0, 10)} ${some(0, 20)}` }),
  'first letters': () => ({ q: some(0, 500).slice(0, 2) }),
  'beginning of a word': () => ({ q: some(500, 5000).slice(0, 4) }),
  phrase: () => ({ q: `"${some(0, 10)} ${some(0, 10)}"` }),
  'Chinese, Japanese, Korean': () => ({ q: chinese[Math.floor(random() * chinese.length)] ?? '' }),
  table: () => ({ q: `warehouse.${some(0, 40)}` }),
  'common word with tag': () => ({ q: some(0, 50), tag: `tag ${Math.floor(random() * 300)}` }),
  'common word, newest first': () => ({ q: some(0, 50), sort: 'updated' }),
  'common word, by title': () => ({ q: some(0, 50), sort: 'title' }),
  'common word, page 5': () => ({ q: some(0, 50), cursor: pageFive }),
  'whole list': () => ({}),
  'list by title': () => ({ sort: 'title' }),
  'list of a tag': () => ({ tag: `tag ${Math.floor(random() * 50)}` }),
  'list of an owner': () => ({ owner: `person${Math.floor(random() * 100)}` })
};
const pageFive = Buffer.from(JSON.stringify({ sort: 'relevance', offset: 200 })).toString('base64url');

/** Many searches in one process, through the service, looking at the archive each time. */
async function warm(): Promise<object> {
  const { service } = await open();
  const times: Record<string, number[]> = {};
  for (let round = 0; round < Number(count); round++) {
    for (const [kind, make] of Object.entries(kinds)) {
      const asked = query(make());
      const began = performance.now();
      await service.list(caller, asked);
      if (round > 0) (times[kind] ??= []).push(performance.now() - began);
    }
    const began = performance.now();
    await service.facets(caller);
    if (round > 0) (times['facets'] ??= []).push(performance.now() - began);
  }
  const all = Object.values(times).flat();
  return {
    kinds: Object.fromEntries(Object.entries(times).map(([kind, list]) => [kind, percentiles(list)])),
    all: { count: all.length, ...percentiles(all) },
    rss: process.memoryUsage.rss() / 2 ** 20
  };
}

function percentiles(times: number[]): { p50: number; p95: number; max: number } {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1) };
}

const steps: Record<string, () => Promise<object>> = { seed, publish, fill, cold, warm };
const run = steps[step];
if (run === undefined) throw new Error(`There is no step ${step}.`);
console.log(JSON.stringify(await run()));
