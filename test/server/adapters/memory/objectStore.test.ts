import { createMemoryObjectStore } from '../../../../server/adapters/memory/objectStore.js';
import { objectStoreSuite } from '../../../support/objectStoreSuite.js';

objectStoreSuite('memory', async () => {
  const store = createMemoryObjectStore();
  return { store, other: store, dispose: () => store.close() };
});
