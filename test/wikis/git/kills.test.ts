import { forgeOf } from '../../../server/adapters/wiki-git/forges/forge.js';
import { gitPeople } from '../../support/wikis/gitPeople.js';
import { startGitWiki } from '../../support/wikis/gitServer.js';
import { wikiKillSuite } from '../../support/wikis/killSuite.js';

wikiKillSuite(
  'git wiki',
  'commonmark',
  async () => {
    const server = await startGitWiki();
    const people = await gitPeople(server);
    return {
      settings: ['kind: git', 'forge: gitlab', `url: ${server.url}`, `user: ${server.robot.user}`],
      password: server.robot.token,
      key: 'token',
      pages: async () => [...(await people.pages())].map(([id, body]) => ({ id, name: id, body })),
      edit: people.edit,
      file: (_pageId, name) => people.file(`${forgeOf('gitlab').attachments}/${name}`),
      async stop() {
        await people.close();
        await server.stop();
      }
    };
  },
  // Text and figures go in one push.
  { unreached: ['wiki:attachment-uploaded'], half: 1 }
);
