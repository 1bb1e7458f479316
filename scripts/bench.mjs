// npm run bench [-- --only NAME[,NAME…]] [--write] [--no-build]
// Sets everything up, builds for production, runs the benchmarks one after the other and prints one table for each.
// Writes test-results/bench.json; `--write` renews the figures in docs/performance.md. Ends with 1 where a goal is missed.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table } from '../test/bench/report.mjs';
import { writeFigures } from './bench/document.mjs';
import { benches } from './bench/list.mjs';
import { readReport } from './bench/results.mjs';
import { nodeEnvironment } from './setup/environment.mjs';
import { setUp } from './setup/index.mjs';
import { node24, program, root } from './setup/places.mjs';
import { seconds } from './setup/steps.mjs';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false }
  }
});
const only = values.only?.split(',') ?? benches.map(({ name }) => name);
const unknown = only.filter(name => !benches.some(bench => bench.name === name));
if (unknown.length > 0) {
  console.error(`There is no benchmark "${unknown.join(', ')}". There are: ${benches.map(b => b.name).join(', ')}`);
  process.exit(2);
}

const began = Date.now();
await setUp();
// Where Python may not keep what it compiled, every start of a process compiles everything anew, of the peers too.
const { PYTHONDONTWRITEBYTECODE: _, ...env } = nodeEnvironment();
// The build may be one for development: what is measured is what is shipped.
if (
  !values['no-build'] &&
  spawnSync(node24().node, ['scripts/build.mjs', '--prod'], { cwd: root, env, stdio: 'inherit' }).status
)
  process.exit(1);

const folder = join(root, 'test-results', 'bench');
mkdirSync(folder, { recursive: true });
const reports = {};
const failed = [];
for (const { name, title, command } of benches.filter(bench => only.includes(bench.name))) {
  const file = join(folder, `${name}.json`);
  rmSync(file, { force: true });
  const started = Date.now();
  const load = loadavg()[0];
  console.log(`\n── ${title}`);
  const [words, ...rest] = command(file);
  const { status } = spawnSync(words, rest, { cwd: root, env, stdio: 'inherit' });
  try {
    reports[name] = { load, ...readReport(file), title };
  } catch (error) {
    console.error(`${title} left no figures: ${error.message}`);
    failed.push(name);
  }
  if (status !== 0 && !reports[name]?.rows.some(row => row.met === false)) failed.push(name);
  console.log(`── ${title}, ${seconds(started)}`);
}

const machine = describe();
writeFileSync(join(root, 'test-results', 'bench.json'), `${JSON.stringify({ machine, reports }, undefined, 2)}\n`);
if (values.write) writeFigures(join(root, 'docs', 'performance.md'), reports, machine);

console.log(`\n${machine}`);
const rows = Object.values(reports).flatMap(({ title, rows: each }) =>
  each
    .filter(row => row.goal !== undefined)
    .map(row => ({ ...row, what: `${title}: ${row.what.replaceAll('**', '')}` }))
);
console.log(`\n${table({ peer: 'peer', rows })}\n`);
const missed = rows.filter(row => !row.met);
const failures = [...new Set(failed)];
if (failures.length > 0) console.log(`Failed: ${failures.join(', ')}`);
console.log(`${rows.length - missed.length} of ${rows.length} goals met, ${seconds(began)}`);
process.exit(missed.length === 0 && failures.length === 0 ? 0 : 1);

/** What the figures were measured on, without any names. */
function describe() {
  const version = (name, ...args) => spawnSync(name, args, { encoding: 'utf8', env }).stdout.trim().replace(/^\D+/, '');
  const packages = JSON.parse(
    spawnSync(program('uv'), ['pip', 'list', '--format=json', '--python', program('python')], { encoding: 'utf8', env })
      .stdout
  );
  const of = name => packages.find(each => each.name === name)?.version;
  const { version: own } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return (
    `Lakeside ${own}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB of memory, ${process.platform}; ` +
    `Node.js ${version(node24().node, '--version')}, Python ${version(program('python'), '--version')}, ` +
    `JupyterLab ${of('jupyterlab')}, nbconvert ${of('nbconvert')}.`
  );
}
