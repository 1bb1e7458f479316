import { startDokuWiki } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';
import { wikiKillSuite } from '../../support/wikis/killSuite.js';

const start = async () => {
  const server = await startDokuWiki();
  const people = dokuWikiPeople(server);
  return {
    settings: ['kind: dokuwiki', `url: ${server.base}doku.php`, `user: ${server.robot.user}`],
    password: server.robot.password,
    pages: async () => (await people.pages('')).map(({ id, body }) => ({ id, name: id, body })),
    edit: people.edit,
    file: (_pageId, name) => people.file(`lakeside:${name}`),
    stop: () => server.stop()
  };
};

// The other half of the points is left to the git wiki at CI's dose; MediaWiki takes them all.
wikiKillSuite('DokuWiki', 'dokuwiki', start, { half: 0 });
