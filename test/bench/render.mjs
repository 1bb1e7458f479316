/**
 * `lakeside render` against nbconvert's `--to html`: the same notebooks, both as whole processes, in one run.
 *
 *   node test/bench/render.mjs [--runs 5] [--small-runs 9] [--only mix,tables,1mb,empty] [--json FILE] [--keep FOLDER]
 *
 * Time is wall time from start to end of the program; CPU is user and system time of it and all its children; memory is
 * the sum of the peaks of all processes it started (so pages they share count twice, to the disadvantage of the one
 * that starts several). The two sides take turns, each begins once before it counts, but for large notebooks nbconvert takes minutes and
 * runs once. Figures are medians.
 * Ends with 1 where a gate is missed.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { parseArgs } from 'node:util';
import { largeNotebook } from '../support/largeNotebooks.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    'small-runs': { type: 'string', default: '9' },
    only: { type: 'string' },
    json: { type: 'string' },
    keep: { type: 'string' }
  }
});

const MB = 1_000_000;
const notebooks = [
  { name: 'empty', title: 'empty', make: () => largeNotebook('mix', 0), faster: 1, isSmall: true },
  { name: '1mb', title: '1 MB, mixed', make: () => largeNotebook('mix', MB), faster: 4, isSmall: true },
  { name: 'mix', title: '57 MB, mixed', make: () => largeNotebook('mix', 57 * MB), faster: 10, memory: 1 / 4 },
  { name: 'tables', title: '55 MB of tables', make: () => largeNotebook('html', 55 * MB), faster: 10, memory: 1 / 4 }
].filter(({ name }) => values.only === undefined || values.only.split(',').includes(name));

const bin = resolve('.venv/bin');
const folder = values.keep ?? mkdtempSync(join(tmpdir(), 'lakeside-bench-render-'));
mkdirSync(folder, { recursive: true });

const sides = {
  nbconvert: (file, out) => [
    join(bin, 'jupyter-nbconvert'),
    ...['--log-level=ERROR', '--to=html', `--output=${out}`, file]
  ],
  lakeside: (file, out) => [join(bin, 'lakeside'), 'render', file, '--out', out]
};

// Python's compiled files are kept, whatever this shell says: without them nbconvert would start 2 × as slowly.
const environment = { ...process.env, PYTHONPYCACHEPREFIX: join(folder, 'python') };
delete environment.PYTHONDONTWRITEBYTECODE;

/** Runs a command to its end. @returns seconds, seconds of CPU, megabytes */
async function measure(words) {
  const child = spawn('bash', ['-c', 'TIMEFORMAT="%R %U %S"; time "$@"', 'bash', ...words], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe']
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', text => (said += text));
  const peaks = new Map();
  const timer = setInterval(() => notePeaks(child.pid, peaks), 20);
  const status = await new Promise(done => child.once('close', done));
  clearInterval(timer);
  const lines = said.trim().split('\n');
  if (peaks.size === 0) throw new Error('The processes cannot be seen: /proc/PID/task/PID/children is missing.');
  if (status !== 0) throw new Error(`${words.join(' ')} ended with ${status}: ${said}`);
  const [wall, user, system] = lines.at(-1).split(' ').map(Number);
  return { seconds: wall, cpu: user + system, megabytes: [...peaks.values()].reduce((sum, peak) => sum + peak, 0) };
}

/** Notes the peak so far of every process below the measuring shell, in megabytes. */
function notePeaks(shell, peaks) {
  const queue = childrenOf(shell);
  for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
    const kilobytes = /^VmHWM:\s*(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1];
    if (kilobytes !== undefined) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, (Number(kilobytes) * 1024) / MB));
    queue.push(...childrenOf(pid));
  }
}

function childrenOf(pid) {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean);
}

function read(file) {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function median(list) {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const summary = runs =>
  Object.fromEntries(['seconds', 'cpu', 'megabytes'].map(key => [key, median(runs.map(run => run[key]))]));
const s = value => `${value.toFixed(value < 10 ? 2 : 1)} s`;
const mb = value => `${value.toFixed(0)} MB`;
const times = value => `${value.toFixed(value < 10 ? 1 : 0)} ×`;
const row = (...cells) => console.log(`| ${cells.join(' | ')} |`);

const results = [];
try {
  for (const { name, title, make, faster, memory, isSmall } of notebooks) {
    const file = join(folder, `${name}.ipynb`);
    writeFileSync(file, make());
    const runs = { nbconvert: [], lakeside: [] };
    const count = Number(isSmall ? values['small-runs'] : values.runs);
    for (let round = -1; round < count; round++)
      for (const [side, command] of Object.entries(sides)) {
        // The peer takes minutes for a large one: once is enough, and warms nothing that matters beside that.
        if (side === 'nbconvert' && !isSmall && round !== 0) continue;
        const out = join(folder, `${name}-${side}.html`);
        rmSync(out, { force: true });
        const run = await measure(command(file, out));
        if (statSync(out).size < 1000) throw new Error(`${side} wrote no page of ${name}.`);
        if (round >= 0) runs[side].push(run);
      }
    const [theirs, ours] = [summary(runs.nbconvert), summary(runs.lakeside)];
    const gates = [
      [theirs.seconds / ours.seconds >= faster, `${title}: ≥ ${faster} × as fast (time)`],
      [theirs.cpu / ours.cpu >= faster, `${title}: ≥ ${faster} × as fast (CPU)`],
      ...(memory === undefined ? [] : [[ours.megabytes / theirs.megabytes <= memory, `${title}: ≤ ¼ of the memory`]])
    ].map(([passed, gate]) => ({ gate, passed }));
    results.push({ name, title, bytes: statSync(file).size, runs, nbconvert: theirs, lakeside: ours, gates });
  }

  row('notebook', '', 'nbconvert', 'lakeside render', 'ratio');
  row('---', '---', '---:', '---:', '---:');
  for (const { title, nbconvert, lakeside } of results) {
    row(title, 'time', s(nbconvert.seconds), s(lakeside.seconds), `**${times(nbconvert.seconds / lakeside.seconds)}**`);
    row('', 'CPU', s(nbconvert.cpu), s(lakeside.cpu), times(nbconvert.cpu / lakeside.cpu));
    row(
      '',
      'memory',
      mb(nbconvert.megabytes),
      mb(lakeside.megabytes),
      `1 / ${(nbconvert.megabytes / lakeside.megabytes).toFixed(1)}`
    );
  }
  console.log(`\n${cpus().length} cores (${cpus()[0]?.model}), load at the end ${loadavg()[0].toFixed(1)}\n`);
  const gates = results.flatMap(result => result.gates);
  for (const { gate, passed } of gates) console.log(`${passed ? 'pass' : 'FAIL'}  ${gate}`);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify({ results }, undefined, 2)}\n`);
  process.exitCode = gates.length > 0 && gates.every(({ passed }) => passed) ? 0 : 1;
} finally {
  if (values.keep === undefined) rmSync(folder, { recursive: true, force: true });
}
