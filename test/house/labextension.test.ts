import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { labextensionFiles } from '../support/startChunks.js';

const directory = 'lakeside/labextension';

/** What JupyterLab may load of Lakeside at its start, gzipped, in bytes: some 4 KB for each of four features, and the rest. */
const BUDGET = 18 * 1024;

function built() {
  if (!existsSync(join(directory, 'package.json'))) {
    throw new Error('There is no built labextension. Run "npm run build:prod" first.');
  }
  return labextensionFiles(directory);
}

test('JupyterLab loads at most 18 KB of Lakeside at its start', () => {
  const { start } = built();
  const total = start.reduce((sum, file) => sum + file.gzip, 0);
  const list = start.map(file => `${file.name} ${file.gzip}`).join(', ');
  expect(start.length, 'entry, plugins and style').toBeGreaterThanOrEqual(3);
  expect(total, `${list}. Was it built with "npm run build:prod"?`).toBeLessThanOrEqual(BUDGET);
});

test('the contract, the dialog and the clients are loaded later', () => {
  const { start, later } = built();
  const text = (files: typeof start) =>
    files.map(file => readFileSync(join(directory, 'static', file.name), 'utf8')).join('\n');
  const marks = ['/share/publish', 'jp-LakesideShare-phase', 'Last-Event-ID', 'ZodError'];
  for (const mark of marks) {
    expect(text(start).includes(mark), `${mark} at the start`).toBe(false);
    expect(text(later).includes(mark), `${mark} later`).toBe(true);
  }
});
