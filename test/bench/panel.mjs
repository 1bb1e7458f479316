/**
 * The panel of tables in real JupyterLab and Chromium, on 100,000 tables with 1,000,000 columns of a source in memory:
 * from a letter to the rows, and what the page holds.
 *
 *   node test/bench/panel.mjs [--json FILE]
 *
 * Ends with 1 where a goal is missed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findChromium } from '../../scripts/setup/chromium.mjs';
import { report, row } from './report.mjs';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const folder = mkdtempSync(join(tmpdir(), 'lakeside-bench-panel-'));
const file = join(folder, 'figures.json');

function percentile(times, share) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * share)];
}

try {
  const words = ['test', '-c', 'test/browser/playwright.config.ts', '--project=bench', '--retries=0'];
  const { status } = spawnSync(process.execPath, ['node_modules/@playwright/test/cli.js', ...words], {
    env: { ...process.env, CHROMIUM: findChromium() ?? '', FIGURES: file },
    stdio: ['ignore', 'inherit', 'inherit']
  });
  if (status !== 0) throw new Error('The panel could not be measured.');
  const { rounds, frame, panel, whole } = JSON.parse(readFileSync(file, 'utf8'));
  const times = rounds.flat();
  report(
    {
      notes: [
        `${times.length} letters, from the second of a word on. A frame in which nothing happens took ${frame.toFixed(0)} ms (p95).`
      ]
    },
    [
      row('from a letter to the frame with its rows, p50', percentile(times, 0.5), 'ms'),
      row('… p95', percentile(times, 0.95), 'ms', { below: 50 }),
      row('memory of the panel', panel / 1e6, 'MB', { below: 200 }),
      row('… of the whole page', whole / 1e6, 'MB')
    ],
    values.json
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
