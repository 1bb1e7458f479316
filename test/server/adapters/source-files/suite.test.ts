import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { filesSource } from '../../../support/tables/lake.js';
import { tableSourceSuite } from '../../../support/tables/sourceSuite.js';

const SCHEMA = 'Folder of "the" suite';

/**
 * Names that a folder may have in a lake: hidden ones and marks of programs are no tables. The reader of Parquet takes a
 * mark of byte order off the beginning of a text, and so off the name of the suite's column.
 */
const accepts = (name: string): boolean =>
  !/[/\0]/.test(name) && !/^[._\ufeff]/.test(name) && Buffer.byteLength(`${name}.parquet`) <= 255;

tableSourceSuite('files in a folder', async () => {
  const root = mkdtempSync(join(realpathSync(tmpdir()), 'lakeside-files-'));
  const folder = join(root, SCHEMA);
  mkdirSync(folder);
  const write = (given: object): void => {
    const script = resolve('test/support/tables/files_seed.py');
    execFileSync(resolve('.venv/bin/python'), [script, folder], { input: JSON.stringify(given) });
  };
  write({ wide: true });
  const source = await filesSource({ path: root });
  return {
    source,
    schema: SCHEMA,
    names: { longest: 200, accepts },
    seed: async tables => write({ tables }),
    drop: async table => rmSync(join(folder, `${table}.parquet`)),
    wide: { schema: SCHEMA, table: 'wide rows' },
    dispose: async () => {
      await source.close();
      rmSync(root, { recursive: true, force: true });
    }
  };
});
