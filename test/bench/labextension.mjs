// What the browser loads of Lakeside: at the start of JupyterLab, and later. Builds for production first.
import { spawnSync } from 'node:child_process';
import { labextensionFiles } from '../support/startChunks.ts';

const BUDGET_KB = 15;
const built = spawnSync(process.execPath, ['scripts/build.mjs', 'lab', '--prod'], { stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const { start, later } = labextensionFiles('lakeside/labextension');
const kb = bytes => `${(bytes / 1024).toFixed(1)} KB`.padStart(9);
const sum = (files, key) => files.reduce((total, file) => total + file[key], 0);
const table = (title, files) => {
  console.log(`\n${title}`.padEnd(49) + '     size      gzip');
  for (const file of files) console.log(`  ${file.name.padEnd(46)}${kb(file.size)} ${kb(file.gzip)}`);
  console.log(`  ${'together'.padEnd(46)}${kb(sum(files, 'size'))} ${kb(sum(files, 'gzip'))}`);
};
table('At the start of JupyterLab', start);
table('Later, when a surface is used', later);

const within = sum(start, 'gzip') <= BUDGET_KB * 1024;
console.log(`\n${within ? 'within' : 'OVER'} the budget of ${BUDGET_KB} KB gzip at the start`);
process.exit(within ? 0 : 1);
