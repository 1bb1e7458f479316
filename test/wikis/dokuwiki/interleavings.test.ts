import { afterAll, beforeAll, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createDokuWikiTarget } from '../../../server/adapters/wiki-dokuwiki/index.js';
import { dose } from '../../support/dose.js';
import { startDokuWiki, type DokuWikiServer } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople, type DokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';
import { HOUR, interleaving, playAll, playThrough, type WorldWiki } from '../../support/wikis/interleavings.js';

let server: DokuWikiServer;
beforeAll(async () => {
  server = await startDokuWiki();
});
afterAll(() => server.stop());

/** A namespace of its own. */
function worldOf(people: DokuWikiPeople, space: string): Omit<WorldWiki, 'target'> {
  const known = new Map<string, string>();
  return {
    dialect: 'dokuwiki',
    place: { title: 'Delays', space },
    async pages() {
      const now = await people.pages(space);
      for (const { id, body } of now) known.set(id, body);
      return now;
    },
    // Who writes has just looked at the page.
    edit: (id, change) => people.put(id, change(known.get(id) ?? '')),
    rename: people.rename,
    remove: people.remove,
    restore: people.restore
  };
}

it(
  'nothing a person wrote in the real DokuWiki is lost, and there is never a second page',
  {
    timeout: HOUR
  },
  async () => {
    const target = createDokuWikiTarget({
      settings: { url: server.base, user: server.robot.user, space: ':', figures: 'lakeside' },
      password: server.robot.password,
      label: 'Data wiki',
      clock: systemClock
    });
    const people = dokuWikiPeople(server);
    await playAll(
      dose('conflicts in DokuWiki', { ci: 40, full: 500 }),
      interleaving(12, { atOnce: true }),
      (steps, name) => playThrough({ target, ...worldOf(people, name) }, steps)
    );
  }
);
