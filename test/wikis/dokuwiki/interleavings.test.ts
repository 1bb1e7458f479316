import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createDokuWikiTarget } from '../../../server/adapters/wiki-dokuwiki/index.js';
import { dose } from '../../support/dose.js';
import { startDokuWiki, type DokuWikiServer } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';
import { HOUR, interleaving, playThrough } from '../../support/wikis/interleavings.js';

let server: DokuWikiServer;
beforeAll(async () => {
  server = await startDokuWiki();
});
afterAll(() => server.stop());

it(
  'nothing a person wrote in the real DokuWiki is lost, and there is never a second page',
  { timeout: HOUR },
  async () => {
    const { runs, seed } = dose('conflicts in DokuWiki', { ci: 40, full: 500 });
    const target = createDokuWikiTarget({
      settings: { url: server.base, user: server.robot.user, space: ':', figures: 'lakeside' },
      password: server.robot.password,
      label: 'Data wiki',
      clock: systemClock
    });
    const people = dokuWikiPeople(server);
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(interleaving(12, { atOnce: true }), async steps => {
        const space = `world${worlds++}`;
        const known = new Map<string, string>();
        await playThrough(
          {
            target,
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
          },
          steps
        );
      }),
      { numRuns: runs, seed }
    );
  }
);
