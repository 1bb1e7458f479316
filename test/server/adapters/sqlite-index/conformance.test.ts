import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSqliteIndex } from '../../../../server/adapters/sqlite-index/index.js';
import { createTestLog } from '../../../support/library.js';
import { libraryIndexSuite } from '../../../support/libraryIndexSuite.js';

libraryIndexSuite('SQLite', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'lakeside-index-'));
  const index = createSqliteIndex({ directory, log: createTestLog() });
  return {
    index,
    dispose: async () => {
      await index.close();
      await rm(directory, { recursive: true, force: true });
    }
  };
});
