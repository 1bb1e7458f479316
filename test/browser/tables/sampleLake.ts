import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { labTest } from '../fixtures.js';

/** A `labTest` with the sample lake beside the notebooks, as `npm start` makes it. */
export const lakeTest = labTest.extend<object, { lake: string }>({
  lake: [
    async ({ jupyter }, use) => {
      const folder = join(jupyter.root, 'lake');
      await promisify(execFile)(resolve('.venv/bin/python'), [resolve('scripts/examples/lake.py'), folder]);
      await use(folder);
    },
    { scope: 'worker', timeout: 180_000 }
  ]
});
