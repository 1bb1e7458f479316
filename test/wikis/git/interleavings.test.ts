import { afterAll, beforeAll, it } from 'vitest';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import { dose } from '../../support/dose.js';
import { gitPeople, type GitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';
import { HOUR, interleaving, playAll, playThrough, type WorldWiki } from '../../support/wikis/interleavings.js';

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

/** Pages whose names end alike. People write by a clone of their own; what is there is read where it lies. */
function worldOf(name: string): Omit<WorldWiki, 'target'> {
  return {
    dialect: 'commonmark',
    place: { title: `Delays ${name}` },
    pages() {
      const paths = server.git('ls-tree', '-r', '--name-only', 'main').split('\n');
      const mine = paths.filter(path => path.endsWith(`-${name}.md`));
      return Promise.resolve(mine.map(id => ({ id, body: server.bytes(id).toString('utf8') })));
    },
    edit: people.edit,
    rename: (id, title) => people.rename(id, `${title.replaceAll('-', ' ')} ${name}`),
    remove: people.remove,
    restore: people.restore
  };
}

const forges: ForgeName[] = ['gitlab', 'gitea', 'github'];

it.each(forges)(
  '%s: nothing that a person wrote by another clone is lost, and there is never a second page',
  { timeout: HOUR },
  async forge => {
    const target = gitTarget(server, forge);
    await playAll(
      dose(`conflicts in a git wiki, ${forge}`, { ci: 14, full: 170 }),
      interleaving(8, { atOnce: true }),
      (steps, name) => playThrough({ target, ...worldOf(`${forge}${name}`) }, steps),
      2
    );
  }
);
