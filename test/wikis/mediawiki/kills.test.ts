import { wikiKillSuite } from '../../support/wikis/killSuite.js';
import { startMediaWiki } from '../../support/wikis/mediawiki.js';
import { mediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';

wikiKillSuite('MediaWiki', 'mediawiki', async () => {
  const server = await startMediaWiki();
  const people = mediaWikiPeople(server);
  return {
    settings: ['kind: mediawiki', `api: ${server.api}`, `user: ${server.bot.user}`],
    password: server.bot.password,
    pages: async () => (await people.pages('')).map(({ id, title, body }) => ({ id, name: title, body })),
    edit: people.edit,
    file: (_pageId, name) => people.file(name),
    stop: () => server.stop()
  };
});
