import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { labTest } from '../fixtures.js';

/** A `labTest` whose server has sources of made-up tables, as a configuration names them. */
export const tablesTest = labTest.extend<object, { sources: string; env: Record<string, string>; configured: string }>({
  sources: [
    '  demo: {kind: memory, label: Demo, schemas: 5, tables: 40, columns: 9}\n',
    { option: true, scope: 'worker' }
  ],
  /** Variables of the server, such as passwords that sources refer to. */
  env: [{}, { option: true, scope: 'worker' }],
  configured: [
    async ({ sources }, use) => {
      const folder = mkdtempSync(join(tmpdir(), 'lakeside-tables-'));
      mkdirSync(join(folder, 'lakeside'));
      writeFileSync(join(folder, 'lakeside', 'config.yml'), `sources:\n${sources}`);
      await use(folder);
      rmSync(folder, { recursive: true, force: true });
    },
    { scope: 'worker' }
  ],
  jupyterOptions: [
    async ({ configured, env }, use) => use({ env: { XDG_CONFIG_HOME: configured, ...env } }),
    { scope: 'worker' }
  ]
});
