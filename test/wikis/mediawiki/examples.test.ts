import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { sha256, wikiExamplesSuite } from '../../support/wikis/examplesSuite.js';
import { mediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';
import { startMediaWiki } from '../../support/wikis/mediawiki.js';

wikiExamplesSuite('mediawiki', async () => {
  const server = await startMediaWiki();
  const people = mediaWikiPeople(server);
  return {
    target: createMediaWikiTarget({
      settings: { api: server.api, user: server.bot.user, space: '0' },
      password: server.bot.password,
      label: 'Data wiki',
      clock: systemClock
    }),
    async look(page, url) {
      // The wiki colours code with a program of its own for each cell.
      await page.goto(url, { waitUntil: 'load', timeout: 180_000 });
      const seen = await page.evaluate(() => {
        const content = document.querySelector('.mw-parser-output')!;
        const texts = (selector: string) => [...content.querySelectorAll(selector)].map(each => each.textContent);
        return {
          title: document.querySelector('h1')?.textContent ?? '',
          headings: texts('.mw-headline'),
          cells: texts('table.wikitable td, table.wikitable th'),
          pictures: [...content.querySelectorAll('img')].map(image => image.src),
          formulas: texts('.tex'),
          broken: [
            ...[...content.querySelectorAll('img')].filter(image => image.naturalWidth === 0).map(image => image.src),
            ...texts('.error, .new, .MediaTransformError')
          ]
        };
      });
      const pictures: string[] = [];
      for (const src of seen.pictures) {
        const bytes = await people.file(/Nb-[0-9a-f]{16}\.\w+/.exec(src)?.[0] ?? '');
        pictures.push(bytes === undefined ? src : sha256(bytes));
      }
      return { ...seen, pictures };
    },
    stop: () => server.stop()
  };
});
