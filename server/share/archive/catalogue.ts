import type { LibraryIndex } from '../ports.js';
import type { Follower } from './follower.js';
import type { Catalogue } from './types.js';

/** The catalogue over an index that is brought up to date with the archive before every answer. */
export function createCatalogue(options: { index: LibraryIndex; follower: Follower }): Catalogue {
  const { index, follower } = options;
  return {
    async get(reader, notebookId) {
      const { value } = await follower.read(() => index.get(reader, notebookId));
      return value;
    }
  };
}
