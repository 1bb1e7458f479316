import fc from 'fast-check';
import { afterAll, beforeAll, it } from 'vitest';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { dose } from '../../support/dose.js';
import { gitPeople, type GitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';
import { interleaving, playThrough } from '../../support/wikis/interleavings.js';

let server: GitWikiServer;
let people: GitPeople;
const targets = new Map<ForgeName, WikiTarget>();
beforeAll(async () => {
  server = await startGitWiki();
  people = await gitPeople(server);
  for (const forge of ['gitlab', 'gitea', 'github'] as const) targets.set(forge, gitTarget(server, forge));
});
afterAll(async () => {
  await people.close();
  await server.stop();
});

it('nothing that a person wrote by another clone is lost, also while a page is written, and there is never a second page', async () => {
  const { runs, seed } = dose('conflicts in a git wiki', { ci: 40, full: 500 });
  let worlds = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom<ForgeName>('gitlab', 'gitea', 'github'),
      interleaving(8, { atOnce: true }),
      async (forge, steps) => {
        const name = `w${worlds++}`;
        await playThrough(
          {
            target: targets.get(forge)!,
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
      }
    ),
    { numRuns: runs, seed }
  );
});
