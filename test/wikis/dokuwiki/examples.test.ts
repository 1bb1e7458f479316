import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createDokuWikiTarget } from '../../../server/adapters/wiki-dokuwiki/index.js';
import { startDokuWiki } from '../../support/wikis/dokuwiki.js';
import { dokuWikiPeople } from '../../support/wikis/dokuwikiPeople.js';
import { sha256, wikiExamplesSuite } from '../../support/wikis/examplesSuite.js';

wikiExamplesSuite('dokuwiki', async () => {
  const server = await startDokuWiki();
  const people = dokuWikiPeople(server);
  return {
    target: createDokuWikiTarget({
      settings: { url: server.base, user: server.robot.user, space: ':', figures: 'lakeside' },
      password: server.robot.password,
      label: 'Data wiki',
      clock: systemClock
    }),
    async look(page, url) {
      await page.goto(url, { waitUntil: 'load', timeout: 180_000 });
      // Pictures are loaded when somebody scrolls to them.
      await page.evaluate(() => {
        const images = [...document.querySelectorAll<HTMLImageElement>('#dokuwiki__content img')];
        for (const image of images) image.loading = 'eager';
        return Promise.allSettled(images.map(image => image.decode()));
      });
      const seen = await page.evaluate(() => {
        const content = document.querySelector('#dokuwiki__content .page')!;
        const texts = (selector: string) => [...content.querySelectorAll(selector)].map(each => each.textContent);
        const images = [...content.querySelectorAll('img')];
        const [title = '', ...headings] = texts(':is(h1, h2, h3, h4, h5):not(#dw__toc *)');
        return {
          title,
          headings,
          cells: texts('table.inline td, table.inline th'),
          pictures: images.map(image => image.src),
          formulas: texts('code, pre.code.latex'),
          broken: [
            ...images.filter(image => image.naturalWidth === 0).map(image => image.src),
            ...texts('.error, a.wikilink2')
          ]
        };
      });
      const pictures: string[] = [];
      for (const src of seen.pictures) {
        const bytes = await people.file(new URL(src).searchParams.get('media') ?? '');
        pictures.push(bytes === undefined ? src : sha256(bytes));
      }
      return { ...seen, pictures };
    },
    stop: () => server.stop()
  };
});
