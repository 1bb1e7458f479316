import { afterAll, beforeAll } from 'vitest';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import { gitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';
import { wikiTargetSuite } from '../../support/wikiTargetSuite.js';

const forges: [ForgeName, string][] = [
  ['gitlab', 'uploads/lakeside'],
  ['gitea', 'attachments'],
  ['github', 'attachments']
];

let server: GitWikiServer;
beforeAll(async () => {
  server = await startGitWiki();
});
afterAll(() => server.stop());

for (const [forge, folder] of forges)
  wikiTargetSuite(`git with the ways of ${forge}, against git http-backend`, async () => {
    const people = await gitPeople(server);
    const target = gitTarget(server, forge);
    return {
      target,
      // Another machine: only pushes tell the two apart.
      other: gitTarget(server, forge),
      edit: people.edit,
      rename: async (page, title) => {
        await people.rename(page, title);
        return page;
      },
      remove: people.remove,
      restore: () => people.restore(),
      add: (title, body) => people.add(`${title.replaceAll(' ', '-')}.md`, `${body}\n`),
      file: (_pageId, name) => people.file(`${folder}/${name}`),
      dispose: async () => {
        await people.close();
        await target.close();
      }
    };
  });
