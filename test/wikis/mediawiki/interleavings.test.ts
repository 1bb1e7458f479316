import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { dose } from '../../support/dose.js';
import { HOUR, interleaving, playThrough, type WorldWiki } from '../../support/wikis/interleavings.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';
import { mediaWikiPeople, type MediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';

let server: MediaWikiServer;
beforeAll(async () => {
  // What MediaWiki does after its answers has nothing to do with the text of pages.
  server = await startMediaWiki(['$wgJobRunRate = 0;']);
});
afterAll(() => server.stop());

/** Pages whose names begin alike: nobody else has such. */
function worldOf(people: MediaWikiPeople, name: string): Omit<WorldWiki, 'target'> {
  const known = new Map<string, { title: string; body: string }>();
  return {
    dialect: 'mediawiki',
    place: { title: `${name}-Delays` },
    async pages() {
      const now = await people.pages(`${name}-`);
      for (const { id, ...page } of now) known.set(id, page);
      return now;
    },
    // Who writes has just looked at the page.
    edit: (id, change) => people.put(id, change(known.get(id)?.body ?? '')),
    rename: (id, title) => people.rename(id, `${name}-${title}`),
    remove: people.remove,
    restore: id => people.restore(known.get(id)?.title ?? '')
  };
}

it(
  'nothing a person wrote in the real MediaWiki is lost, and there is never a second page',
  { timeout: HOUR },
  async () => {
    const { runs, seed } = dose('conflicts in MediaWiki', { ci: 40, full: 500 });
    const target = createMediaWikiTarget({
      settings: { api: server.api, user: server.bot.user, space: '0' },
      password: server.bot.password,
      label: 'Data wiki',
      clock: systemClock
    });
    const people = mediaWikiPeople(server);
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(interleaving(12, { atOnce: true }), steps =>
        playThrough({ target, ...worldOf(people, `World${worlds++}`) }, steps)
      ),
      { numRuns: runs, seed }
    );
  }
);
