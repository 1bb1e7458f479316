import { inject } from 'vitest';
import { objectStoreSuite } from '../support/objectStoreSuite.js';
import { makeBucket, openPair, scratchCache } from '../support/s3/stores.js';

for (const { name, endpoint, key } of inject('s3')) {
  const cache = scratchCache();
  let bucket: Promise<string> | undefined;
  objectStoreSuite(name, async () => openPair(endpoint, key, await (bucket ??= makeBucket(endpoint, key)), cache));
}
