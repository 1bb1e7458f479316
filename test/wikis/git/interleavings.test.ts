import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import { dose } from '../../support/dose.js';
import { gitPeople, type GitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';
import { HOUR, interleaving, playThrough } from '../../support/wikis/interleavings.js';

let server: GitWikiServer;
let people: GitPeople;
beforeAll(async () => {
  server = await startGitWiki();
  people = await gitPeople(server);
});
afterAll(async () => {
  await people.close();
  await server.stop();
});

const forges: ForgeName[] = ['gitlab', 'gitea', 'github'];

it.each(forges)(
  '%s: nothing that a person wrote by another clone is lost, and there is never a second page',
  { timeout: HOUR },
  async forge => {
    const { runs, seed } = dose(`conflicts in a git wiki, ${forge}`, { ci: 14, full: 170 });
    const target = gitTarget(server, forge);
    let worlds = 0;
    await fc.assert(
      fc.asyncProperty(interleaving(8, { atOnce: true }), async steps => {
        const name = `${forge}${worlds++}`;
        await playThrough(
          {
            target,
            dialect: 'commonmark',
            place: { title: `Delays ${name}` },
            pages: async () =>
              [...(await people.pages())]
                .filter(([path]) => path.endsWith(`-${name}.md`))
                .map(([id, body]) => ({ id, body })),
            edit: people.edit,
            rename: (id, title) => people.rename(id, `${title.replaceAll('-', ' ')} ${name}`),
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
