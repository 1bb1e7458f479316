import type { Page } from '@playwright/test';
import { describe } from 'vitest';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import { fullDose, startValue } from '../../support/dose.js';
import { sha256, wikiExamplesSuite, type Seen } from '../../support/wikis/examplesSuite.js';
import { startGitWiki } from '../../support/wikis/gitServer.js';
import { showPages } from '../../support/wikis/gitSite.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';

/** A page of the site in the browser: pictures as the hashes of the bytes that it was given. */
async function look(page: Page, url: string): Promise<Seen & { title: string; broken: string[] }> {
  await page.goto(url, { waitUntil: 'load', timeout: 180_000 });
  const seen = await page.evaluate(() => {
    const content = document.querySelector('article')!;
    const texts = (selector: string) => [...content.querySelectorAll(selector)].map(each => each.textContent);
    const images = [...content.querySelectorAll('img')];
    const isFormula = (code: Element): boolean =>
      code.className === 'language-math' ||
      (code.previousSibling?.textContent?.endsWith('$') === true &&
        code.nextSibling?.textContent?.startsWith('$') === true);
    return {
      title: document.querySelector('#title')?.textContent ?? '',
      headings: texts('h1, h2, h3, h4, h5, h6'),
      cells: texts('td, th'),
      pictures: images.map(image => image.src),
      formulas: [...content.querySelectorAll('code')].filter(isFormula).map(each => each.textContent),
      broken: images.filter(image => image.naturalWidth === 0).map(image => image.src)
    };
  });
  const hashes: string[] = [];
  for (const src of seen.pictures) hashes.push(sha256(await (await page.request.get(src)).body()));
  return { ...seen, pictures: hashes };
}

const forges: [ForgeName, string, (address: string) => string, string?][] = [
  ['gitlab', '/team/lab/-/wikis', decodeURIComponent, 'notebooks/examples'],
  ['gitea', '/team/lab/wiki', address => address.replaceAll('+', ' ')]
];

// They differ in places and names alone: one of them in CI, another for each state of the sources.
const chosen = fullDose ? forges : [forges[startValue('forge') % forges.length]!];

describe.each(chosen)('a git wiki with the ways of %s', (forge, place, fileOf, folder) => {
  wikiExamplesSuite(`git-${forge}`, async () => {
    const server = await startGitWiki();
    showPages(server, { forge, place, fileOf });
    const target = gitTarget(server, forge, { more: { ...(folder !== undefined && { folder }) } });
    return { target, look, stop: () => server.stop() };
  });
});
