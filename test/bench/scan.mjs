/**
 * The secret gate on notebooks of 10 MB: `lakeside scan` as a whole process, from its start to its end.
 *
 *   node test/bench/scan.mjs [--runs 7] [--json FILE]
 *
 * One notebook is mixed (prose, code, logs, tables, pictures), the other is tables only, so that every byte is looked at.
 * Each holds one secret, which must be found. Ends with 1 where a goal is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import { buildServer } from '../../scripts/build/server.mjs';
import { largeNotebook } from '../support/largeNotebooks.ts';
import { median, report, row } from './report.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '7' }, json: { type: 'string' } } });

const folder = mkdtempSync(join(tmpdir(), 'lakeside-bench-scan-'));
const programs = join(folder, 'programs');
const environment = {
  PATH: process.env.PATH,
  HOME: folder,
  LAKESIDE_HOME: join(folder, 'home'),
  NODE_COMPILE_CACHE: join(folder, 'compiled')
};
const SIZE = 10_000_000;

/** The notebook with a password in its last cell. */
function withSecret(text) {
  const secret = {
    cell_type: 'code',
    metadata: {},
    execution_count: 1,
    outputs: [],
    source: ['password = "Winter2031!"']
  };
  return text.replace(/\n \],\n "metadata"/, `,\n${JSON.stringify(secret)}\n ],\n "metadata"`);
}

/** Scans a file in a new process. @returns milliseconds from start to end, and of the processor in all its processes */
function scan(file, found) {
  const command = [process.execPath, join(programs, 'cli.js'), 'scan', file, '--json'];
  const start = performance.now();
  const { status, stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...command], {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 2 ** 26
  });
  const took = performance.now() - start;
  const total = JSON.parse(stdout || '{}').files?.[0].total;
  if (status !== Math.min(found, 1) || total !== found)
    throw new Error(`scan ended with ${status}: ${stderr}${stdout}`);
  const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  return { took, cpu: (user + system) * 1000 };
}

const middle = (all, key) => median(all.map(each => each[key]));

try {
  await buildServer({ prod: true, out: programs });
  const empty = join(folder, 'empty.ipynb');
  writeFileSync(empty, largeNotebook('mix', 0));
  const rows = [];
  const times = (file, found) => {
    scan(file, found);
    return Array.from({ length: Number(values.runs) }, () => scan(file, found));
  };
  const least = times(empty, 0);
  for (const [kind, title] of [
    ['mix', 'mixed'],
    ['html', 'tables only']
  ]) {
    const file = join(folder, `${kind}.ipynb`);
    writeFileSync(file, withSecret(largeNotebook(kind, SIZE)));
    if (statSync(file).size < SIZE) throw new Error('The notebook is too small.');
    const all = times(file, 1);
    const worst = Math.max(...all.map(({ took }) => took));
    rows.push(
      row(`scan of a 10 MB notebook, ${title}, worst of ${all.length}`, worst, 'ms', { below: 1000 }),
      row('… median', middle(all, 'took'), 'ms'),
      row('… CPU, median', middle(all, 'cpu'), 'ms')
    );
  }
  rows.push(
    row('scan of an empty notebook: start and end of the processes, median', middle(least, 'took'), 'ms'),
    row('… CPU, median', middle(least, 'cpu'), 'ms')
  );
  report({ notes: ['Whole processes: the command line, its renderer, the copy of the file.'] }, rows, values.json);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
