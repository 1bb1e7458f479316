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
import { manySlots, runAll, summaryOf, sumOf } from './test/pool.mjs';

const args = process.argv.slice(2);
const full = args.includes('--full');
const only = args.includes('--only') ? (args[args.indexOf('--only') + 1] ?? '').split(',') : [];
const names = [...new Set(heavyRuns.map(({ name }) => name))];
const unknown = only.filter(name => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no suite "${unknown.join(', ')}". There are: ${names.join(', ')}`);
  process.exit(2);
}

const began = Date.now();
const results = [];
const env = { ...process.env, ...(full && { TEST_DOSE: 'full' }) };

if (only.length === 0) {
  const started = Date.now();
  const { status } = spawnSync('npm', ['test'], { cwd: root, env, stdio: 'inherit' });
  const counts = countsOfNpmTest();
  if (status !== 0 && counts.failed === 0) counts.failed = 1;
  results.push({ counts, line: `npm test: ${closingLine(counts)}, ${seconds(started)}` });
} else {
  await setUp({ chromium: true });
}

mkdirSync(join(root, 'test-results', 'counts'), { recursive: true });
const suiteEnvironment = { ...env, ...nodeEnvironment(), CHROMIUM: findChromium() ?? '' };
const runs = heavyRuns.filter(({ name }) => only.length === 0 || only.includes(name));
results.push(...(await runAll(runs, suiteEnvironment, manySlots)));

console.log('');
for (const line of summaryOf(results)) console.log(line);
const total = sumOf(results.map(({ counts }) => counts));
console.log(`\nAll in ${seconds(began)}, ${full ? 'full doses' : 'doses of CI'}`);
console.log(closingLine(total));
process.exit(total.failed === 0 && total.skipped === 0 && total.passed > 0 ? 0 : 1);

/** What `npm test` wrote down; a report that is missing is a failure. */
function countsOfNpmTest() {
  const reports = { 'vitest.json': vitestCounts, 'pytest.xml': junitCounts, 'journey.json': playwrightCounts };
  const all = Object.entries(reports).map(([name, read]) => {
    const file = join(root, 'test-results', 'counts', name);
    return existsSync(file) ? read(file) : { passed: 0, failed: 1, skipped: 0, names: [`${name} is missing`] };
  });
  return { ...sumOf(all), names: all.flatMap(({ names }) => names) };
}
