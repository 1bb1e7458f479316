// What the browser loads of Lakeside: at the start of JupyterLab, and later. Needs `npm run build:prod`.
import { parseArgs } from 'node:util';
import { labextensionFiles } from '../support/startChunks.ts';
import { report, row } from './report.mjs';

const { values } = parseArgs({ options: { json: { type: 'string' } } });
const { start, later } = labextensionFiles('lakeside/labextension');
const sum = (files, key) => files.reduce((total, file) => total + file[key], 0) / 1024;
report(
  { notes: [`At the start ${start.length} files, later ${later.length}, each when a surface is first used.`] },
  [
    row('loaded at the start of JupyterLab, gzip', sum(start, 'gzip'), 'KB', { atMost: 18 }),
    row('… as it lies on the disk', sum(start, 'size'), 'KB'),
    row('loaded later, gzip', sum(later, 'gzip'), 'KB'),
    row('… the largest file, gzip', Math.max(...later.map(file => file.gzip)) / 1024, 'KB')
  ],
  values.json
);
