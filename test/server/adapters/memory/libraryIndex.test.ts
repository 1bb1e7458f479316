import { createMemoryLibraryIndex } from '../../../../server/adapters/memory/libraryIndex.js';
import { libraryIndexSuite } from '../../../support/libraryIndexSuite.js';

libraryIndexSuite('memory', async () => {
  const index = createMemoryLibraryIndex();
  return { index, dispose: () => index.close() };
});
