import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LiveSecret } from '../../../../server/share/ports.js';
import { readNotebook } from '../../../../server/share/notebook/read.js';
import { scanNotebook } from '../../../../server/share/gate/scan.js';
import { dose } from '../../../support/dose.js';
import { notebookBytes } from '../../../support/notebooks.js';
import { scratch } from '../../../support/scratch.js';
import { cleanNotebooks } from '../../../support/secrets/clean.js';
import { corpus } from '../../../support/secrets/plant.js';

const key = '0'.repeat(64);

async function scan(bytes: Buffer, folder: string, live: LiveSecret[] = []) {
  const notebook = readNotebook(bytes, { exact: true });
  return scanNotebook(notebook, { live, key, redact: { keep: [] } }, { workDirectory: folder });
}

test('recall: planted secrets are found where they are, and the copy does not hold them in any form', async () => {
  const { runs, seed } = dose('planted secrets, rounds', { ci: 1, full: 10 });
  const missed: string[] = [];
  let planted = 0;
  for (const { kind, carrier, notebook, forms, part } of corpus(seed, runs)) {
    planted++;
    const folder = scratch();
    const result = await scan(notebookBytes(notebook), folder);
    const copy = result.file === undefined ? JSON.stringify(notebook) : readFileSync(result.file, 'utf8');
    const isThere = forms.some(form => copy.includes(JSON.stringify(form).slice(1, -1)));
    const isFound = result.findings.some(finding => finding.part === part);
    if (isThere || !isFound)
      missed.push(`${kind} in ${carrier}, ${isFound ? 'left in the copy' : 'not found'}: ${forms[0] ?? ''}`);
    const told = JSON.stringify(result);
    for (const form of forms) expect(told).not.toContain(form);
  }
  console.log(`${planted} planted, ${missed.length} missed\n${missed.join('\n')}`);
  expect(planted).toBeGreaterThanOrEqual(300);
  expect(missed.length / planted).toBeLessThanOrEqual(0.01);
}, 600_000);

test('false alarms: at most two in a hundred clean notebooks', async () => {
  const { runs, seed } = dose('clean notebooks', { ci: 200, full: 2000 });
  const alarms: string[] = [];
  let number = 0;
  for (const notebook of cleanNotebooks(seed, runs)) {
    const { findings } = await scan(notebookBytes(notebook), scratch());
    if (findings.length > 0) alarms.push(`${number}: ${findings.map(f => `${f.rule} ${f.preview}`).join(' | ')}`);
    number++;
  }
  console.log(`${runs} clean, ${alarms.length} with alarms\n${[...new Set(alarms)].slice(0, 40).join('\n')}`);
  expect(alarms.length / runs).toBeLessThanOrEqual(0.02);
}, 600_000);

test('the examples hold no secret', async () => {
  const files = globSync('examples/*.ipynb');
  expect(files.length).toBeGreaterThan(3);
  for (const file of files) expect((await scan(readFileSync(file), scratch())).findings, file).toEqual([]);
});
