import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMediaWiki, type MediaWikiServer } from '../support/wikis/mediawiki.js';
import { mediaWikiPeople, type MediaWikiPeople } from '../support/wikis/mediawikiPeople.js';
import { labTest } from './fixtures.js';

// The build writes it in; the sources that are used here need it too.
Object.assign(globalThis, { LAKESIDE_VERSION: 'test' });

/** A real MediaWiki, and what people do there. */
export interface Wiki {
  server: MediaWikiServer;
  people: MediaWikiPeople;
  /** The text of a page, and the number of its newest version; undefined where there is none. */
  page(title: string): Promise<{ id: string; body: string; version: number } | undefined>;
}

/** A `labTest` with a real MediaWiki as a target, once with a policy, and one more target that nobody answers for. */
export const wikiTest = labTest.extend<object, { wiki: Wiki }>({
  wiki: [
    // eslint-disable-next-line no-empty-pattern -- Playwright reads from the pattern which fixtures are needed
    async ({}, use) => {
      const server = await startMediaWiki();
      const people = mediaWikiPeople(server);
      await people.add('Analytics', 'What the data team found out.');
      await people.add('Analytics/Flights', 'Flights.');
      await people.add('Project:Plans', 'Plans.');
      await use({ server, people, page: title => page(server, title) });
      await server.stop();
    },
    { scope: 'worker', timeout: 300_000 }
  ],
  jupyterOptions: [
    async ({ wiki: { server } }, use) => {
      const home = mkdtempSync(join(tmpdir(), 'lakeside-config-'));
      mkdirSync(join(home, 'lakeside'));
      const lines = [
        'publicUrl: https://lab.example.org/lakeside',
        'targets:',
        '  data:',
        '    kind: mediawiki',
        '    label: Data wiki',
        '    description: What the data team tells the company.',
        `    api: ${server.api}`,
        `    user: ${server.bot.user}`,
        '    password: { env: WIKI_PASSWORD }',
        '  board:',
        '    kind: mediawiki',
        '    label: Board wiki',
        '    description: What the board reads.',
        `    api: ${server.api}`,
        `    user: ${server.bot.user}`,
        '    password: { env: WIKI_PASSWORD }',
        "    policy: { spaces: ['4'], secrets: block }",
        '  old:',
        '    kind: mediawiki',
        '    label: Old wiki',
        '    description: Kept until everything has moved.',
        '    api: http://127.0.0.1:9/api.php',
        '    user: Nbbot@share',
        '    password: { env: WIKI_PASSWORD }'
      ];
      writeFileSync(join(home, 'lakeside', 'config.yml'), `${lines.join('\n')}\n`);
      await use({ env: { XDG_CONFIG_HOME: home, WIKI_PASSWORD: server.bot.password } });
      rmSync(home, { recursive: true, force: true });
    },
    { scope: 'worker' }
  ]
});

async function page(server: MediaWikiServer, title: string): ReturnType<Wiki['page']> {
  const query = {
    action: 'query',
    prop: 'revisions',
    rvprop: 'ids|content',
    rvslots: 'main',
    titles: title,
    format: 'json',
    formatversion: '2'
  };
  const answer = await fetch(`${server.api}?${new URLSearchParams(query).toString()}`);
  interface Page {
    pageid?: number;
    revisions?: { revid: number; slots: { main: { content: string } } }[];
  }
  const found = ((await answer.json()) as { query: { pages: Page[] } }).query.pages[0];
  const newest = found?.revisions?.[0];
  if (found?.pageid === undefined || newest === undefined) return undefined;
  return { id: String(found.pageid), body: newest.slots.main.content, version: newest.revid };
}
