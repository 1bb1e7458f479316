/**
 * The index of tables: 100,000 in 200 schemas with a million columns, and 100,000 in one schema, over a source in
 * memory, so that only Lakeside's own work is measured.
 *
 *   node test/bench/tablesindex.mjs [--rounds 5] [--json FILE]
 *
 * Each step is a process of its own. Ends with 1 where a goal is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundle } from './bundle.mjs';
import { report, row } from './report.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' }, json: { type: 'string' } } });
// As the front door starts the sidecar (lakeside/supervisor.py).
const AS_SIDECAR = ['--max-semi-space-size=1', '--no-turbofan', '--no-maglev'];
const home = mkdtempSync(join(tmpdir(), 'lakeside-bench-tables-'));
const program = join(home, 'program.mjs');

function run(step, made) {
  const argument = JSON.stringify({ ...made, rounds: Number(values.rounds) });
  const options = { encoding: 'utf8', maxBuffer: 2 ** 26 };
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [...AS_SIDECAR, program, step, home, argument],
    options
  );
  if (status !== 0) throw new Error(`${step} failed: ${stderr}`);
  const figures = JSON.parse(stdout.trim().split('\n').at(-1));
  console.log(step, JSON.stringify(made), JSON.stringify(figures));
  return figures;
}

try {
  await bundle('test/bench/tables/program.ts', program);
  await bundle('server/tablesIndex.ts', join(home, 'tablesIndex.mjs'));
  const many = { schemas: 200, tables: 500, columns: 10 };
  const built = run('build', many);
  const searched = run('search', many);
  const apart = { ...many, distinct: true };
  const builtApart = run('build', apart);
  const searchedApart = run('search', apart);
  const one = { schemas: 1, tables: 100_000, columns: 3 };
  run('build', one);
  const served = run('http', one);
  report(
    { notes: ['Made-up names; the columns of "all different" have a million names, each of one column.'] },
    [
      row('names of 100,000 tables in 200 schemas into the index', built.names, 'ms'),
      row('and their 1,000,000 columns', built.all, 'ms'),
      row('longest stall of the sidecar meanwhile', built.stall, 'ms', { below: 20 }),
      row('the same, columns all different', builtApart.stall, 'ms', { below: 20 }),
      row('files of that index', built.bytes / 1e6, 'MB'),
      row('first search in a new process', searched.first, 'ms'),
      row('search, p50', searched.p50, 'ms'),
      row('search, p95', searched.p95, 'ms', { below: 10 }),
      row('search, p95, columns all different', searchedApart.p95, 'ms'),
      row('first 200 of 100,000 tables of a schema, over HTTP', served.firstPage, 'ms', { below: 30 }),
      row('all 100,000 names over HTTP, p95', served.names, 'ms', { below: 250 }),
      row('all 100,000 names, brotli', served.bytes / 1000, 'KB', { below: 300 }),
      row('all 100,000 names, gzip', served.zipped / 1000, 'KB', { below: 300 }),
      row('longest stall of the sidecar meanwhile ', served.stall, 'ms', { below: 20 })
    ],
    values.json
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}
