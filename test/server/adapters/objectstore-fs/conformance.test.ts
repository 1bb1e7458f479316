import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileObjectStore } from '../../../../server/adapters/objectstore-fs/index.js';
import { objectStoreSuite } from '../../../support/objectStoreSuite.js';

objectStoreSuite('files', async () => {
  const home = await mkdtemp(join(tmpdir(), 'lakeside-store-'));
  const directory = join(home, 'not', 'yet', 'there');
  return {
    store: createFileObjectStore({ directory }),
    other: createFileObjectStore({ directory }),
    dispose: () => rm(home, { recursive: true, force: true })
  };
});
