// npm test [-- --only <runner>[,<runner>…] [arguments for the runner]]
// Sets everything up, then runs unit, contract, server and Python tests and one journey in a real browser.
// Ends with `N passed, N failed`. Runs on Node.js 18 or newer.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { findChromium } from './setup/chromium.mjs';
import { nodeEnvironment } from './setup/environment.mjs';
import { setUp } from './setup/index.mjs';
import { root } from './setup/places.mjs';
import { seconds } from './setup/steps.mjs';
import { closingLine } from './test/counts.mjs';
import { runAll, summaryOf, sumOf } from './test/pool.mjs';
import { plan, runnerNames } from './test/runners.mjs';

const given = process.argv.slice(2);
const at = given.indexOf('--only');
const only = at < 0 ? [] : (given[at + 1] ?? '').split(',');
const rest = at < 0 ? given : [...given.slice(0, at), ...given.slice(at + 2)];
const unknown = only.filter(name => !runnerNames.includes(name));
if (given.includes('--help') || unknown.length > 0 || (rest.length > 0 && only.length === 0)) {
  if (unknown.length > 0) console.error(`There is no runner "${unknown.join(', ')}".`);
  console.log(`npm test [-- --only ${runnerNames.join('|')} [arguments for the runner]]`);
  process.exit(given.includes('--help') ? 0 : 2);
}

const began = Date.now();
const runs = plan(only, rest);
await setUp({ chromium: runs.some(run => run.needsChromium) });

const reports = join(root, 'test-results');
rmSync(join(reports, 'counts'), { recursive: true, force: true });
mkdirSync(join(reports, 'counts'), { recursive: true });
const env = { ...nodeEnvironment(), CHROMIUM: findChromium() ?? '' };
const results = await runAll(runs, env);
const total = sumOf(results.map(({ counts }) => counts));

console.log('');
for (const line of summaryOf(results)) console.log(line);
console.log(`\nAll in ${seconds(began)}`);
console.log(closingLine(total));
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
