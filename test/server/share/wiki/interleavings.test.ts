import fc from 'fast-check';
import { it } from 'vitest';
import { createMemoryWiki } from '../../../../server/adapters/memory/wiki.js';
import type { WikiDialect } from '../../../../server/share/wiki/ports.js';
import { dose } from '../../../support/dose.js';
import { interleaving, playThrough, type WorldWiki } from '../../../support/wikis/interleavings.js';

/** A wiki of this process. */
function worldOf(dialect: WikiDialect): WorldWiki {
  const { target, people } = createMemoryWiki({ features: { dialect } });
  return {
    target,
    dialect,
    place: { title: 'Delays' },
    pages: () => Promise.resolve(people.pages()),
    edit: async (id, change) => people.edit(id, change),
    rename: async (id, title) => people.rename(id, title),
    remove: async id => people.remove(id),
    restore: async id => people.restore(id)
  };
}

it('nothing a person wrote is lost, and there is never a second page', async () => {
  const { runs, seed } = dose('conflicts', { ci: 500, full: 5000 });
  const dialects = fc.constantFrom<WikiDialect>('mediawiki', 'commonmark', 'dokuwiki', 'confluence');
  await fc.assert(
    fc.asyncProperty(dialects, interleaving(25, { atOnce: true }), async (dialect, steps) => {
      await playThrough(worldOf(dialect), steps);
    }),
    { numRuns: runs, seed }
  );
});
