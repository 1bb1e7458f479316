// .ci/run and npm run test:full. Calls `npm test`, then everything heavier; ends with one count of all.
// `--full` meets the full doses, `--only NAME[,NAME…]` runs some of the heavier suites without the rest.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './setup/chromium.mjs';
import { nodeEnvironment } from './setup/environment.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { seconds } from './setup/steps.mjs';
import { closingLine, junitCounts, playwrightCounts, vitestCounts } from './test/counts.mjs';
import { heavyRuns } from './test/heavy.mjs';
import { runOne } from './test/runners.mjs';

const args = process.argv.slice(2);
const full = args.includes('--full');
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : [];
const unknown = only.filter(name => !heavyRuns.some(run => run.name === name));
if (unknown.length > 0) {
  console.error(`There is no suite "${unknown.join(', ')}". There are: ${heavyRuns.map(run => run.name).join(', ')}`);
  process.exit(2);
}

const began = Date.now();
const total = { passed: 0, failed: 0, skipped: 0 };
const rows = [];
const env = { ...process.env, ...(full && { TEST_DOSE: 'full' }) };

if (only.length === 0) {
  const started = Date.now();
  const { status } = spawnSync('npm', ['test'], { cwd: root, env, stdio: 'inherit' });
  const counts = countsOfNpmTest();
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  add('npm test', counts, started);
} else {
  await setUp({ chromium: true });
}

mkdirSync(join(root, 'test-results', 'counts'), { recursive: true });
const suiteEnvironment = { ...env, ...nodeEnvironment(), CHROMIUM: findChromium() ?? '' };
for (const run of heavyRuns.filter(({ name }) => only.length === 0 || only.includes(name))) {
  console.log(`\n── ${run.title}`);
  const started = Date.now();
  add(run.title, await runOne(run, suiteEnvironment), started);
}

console.log('');
for (const row of rows) console.log(row);
console.log(`\nAll in ${seconds(began)}, ${full ? 'full doses' : 'doses of CI'}`);
console.log(closingLine(total));
process.exit(total.failed === 0 && total.skipped === 0 && total.passed > 0 ? 0 : 1);

function add(title, counts, started) {
  for (const key of Object.keys(total)) total[key] += counts[key];
  rows.push(`${title}: ${closingLine(counts)}, ${seconds(started)}`);
  console.log(`── ${rows.at(-1)}`);
}

/** What `npm test` wrote down; a report that is missing is a failure. */
function countsOfNpmTest() {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const reports = { 'vitest.json': vitestCounts, 'pytest.xml': junitCounts, 'journey.json': playwrightCounts };
  for (const [name, read] of Object.entries(reports)) {
    const file = join(root, 'test-results', 'counts', name);
    const counts = existsSync(file) ? read(file) : { passed: 0, failed: 1, skipped: 0 };
    for (const key of Object.keys(sum)) sum[key] += counts[key];
  }
  return sum;
}
