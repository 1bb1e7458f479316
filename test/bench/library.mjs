/**
 * The Library with 100,000 notebooks: first search in a new process, searches after that, filling an index.
 *
 *   node test/bench/library.mjs [--notebooks 100000] [--publish 1000] [--rounds 40] [--bucket] [--keep folder] [--json FILE]
 *
 * A first search is that of a new process on an index that is there; where this account may, once more with nothing of
 * it in the page cache. With `--bucket` the archive lies in a bucket of Ceph, which is started for it. Ends with 1 where
 * a goal is missed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { median, report, row } from './report.mjs';

const { values } = parseArgs({
  options: {
    notebooks: { type: 'string', default: '100000' },
    publish: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '40' },
    bucket: { type: 'boolean', default: false },
    keep: { type: 'string' },
    json: { type: 'string' }
  }
});

const home = values.keep ?? mkdtempSync(join(tmpdir(), 'lakeside-bench-library-'));
const program = join(home, 'program.mjs');

function run(step, argument) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, step, home, argument], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
    // As the front door and the command line start it.
    env: { ...process.env, NODE_COMPILE_CACHE: join(home, 'compiled') }
  });
  if (status !== 0) throw new Error(`${step} failed: ${stderr}`);
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

function dropCaches() {
  try {
    execFileSync('sync');
    writeFileSync('/proc/sys/vm/drop_caches', '3');
    return true;
  } catch {
    return false;
  }
}

let bucket;

try {
  await bundle('test/bench/library/program.ts', program);
  if (values.bucket) {
    const bundled = join(home, 'bucket.mjs');
    await bundle('test/bench/library/bucket.ts', bundled);
    const { startBucket } = await import(pathToFileURL(bundled).href);
    bucket = await startBucket(join(home, 'bucket.json'));
  }
  const seeded = run('seed', values.notebooks);
  const filled = run('fill', '0');
  const published = run('publish', values.publish);
  const words = ['bebe', 'kobe', 'dadide', '机器学习', 'ba'];
  const cold = words.map(word => run('cold', word));
  const canDrop = dropCaches();
  const frozen = canDrop
    ? words.map(word => {
        dropCaches();
        return run('cold', word);
      })
    : [];
  const warm = run('warm', String(Number(values.rounds) + 1));
  const folder = join(home, 'index');
  const size = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);

  const worst = (list, key) => Math.max(...list.map(each => each[key]));
  const first = (list, name) => [
    row(`first search of a new process${name}, from its start, worst of 5`, worst(list, 'sinceStart'), 'ms', {
      below: 1000
    }),
    row('… median', median(list.map(each => each.sinceStart)), 'ms')
  ];
  report(
    {
      notes: [
        `${seeded.notebooks.toLocaleString('en')} notebooks with ${(seeded.textBytes / 1e6).toFixed(0)} MB of prose, ` +
          `${published.publishes.toLocaleString('en')} more published one by one. ${warm.all.count.toLocaleString('en')} ` +
          `warm searches of ${Object.keys(warm.kinds).length} kinds through the service, in one process.`,
        bucket ? `The archive lies in a bucket of ${bucket.name} on the same machine.` : '',
        canDrop
          ? 'The page cache was dropped before each search where it says so.'
          : 'The page cache could not be dropped.'
      ]
    },
    [
      ...first(cold, ''),
      ...(canDrop ? first(frozen, ', page cache dropped') : []),
      row('warm searches, p95', warm.all.p95, 'ms', { below: 100 }),
      row('warm searches, p50', warm.all.p50, 'ms'),
      ...Object.entries(warm.kinds).map(([kind, { p95 }]) => row(`… ${kind}, p95`, p95, 'ms')),
      row('filling the index from the archive', filled.seconds, 's'),
      row('… other requests wait meanwhile, p99', filled.lagP99, 'ms', { below: 50 }),
      row('… highest memory', filled.rss, 'MB'),
      row('index on the disk', size / 2 ** 20, 'MB'),
      row('memory after one search', median(cold.map(each => each.rss)), 'MB'),
      row('memory after all searches', warm.rss, 'MB'),
      row('publishing (blob, manifest, event; each synced), p50', published.p50, 'ms'),
      row('… p95', published.p95, 'ms')
    ],
    values.json
  );
} finally {
  await bucket?.stop();
  if (values.keep === undefined) rmSync(home, { recursive: true, force: true });
}
