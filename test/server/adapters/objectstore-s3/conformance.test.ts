import { afterAll } from 'vitest';
import { fullDose } from '../../../support/dose.js';
import { objectStoreSuite } from '../../../support/objectStoreSuite.js';
import { openPair, scratchCache, twinKey } from '../../../support/s3/stores.js';
import { startTwin } from '../../../support/s3/twin.js';
import type { Habits } from '../../../support/s3/twin.js';

/** Servers as there are, from good to bad. Real ones stand the whole suite in test/s3/. */
const servers: Record<string, Partial<Habits>> = {
  'twin of a good server': {},
  'twin that ignores conditions and lists 7 at a time': { ifNoneMatch: 'ignored', parts: 'plain', page: 7 },
  'twin whose conditions race, on a file system': { ifNoneMatch: 'racy', parts: 'plain', order: 'walk' },
  'twin that does not know conditions': { ifNoneMatch: 'unknown', parts: 'plain', checksMd5: false }
};

const scale = fullDose ? undefined : { writes: 8, lists: 10, objects: 120 };

for (const [name, habits] of Object.entries(servers)) {
  const cache = scratchCache();
  // So that most lists have several pages.
  const twin = startTwin({ page: 50, ...habits });
  afterAll(async () => (await twin).stop());
  objectStoreSuite(name, async () => openPair((await twin).endpoint, twinKey, 'bucket', cache), {
    conditional: habits.ifNoneMatch === undefined,
    scale
  });
}
