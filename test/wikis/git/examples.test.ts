import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/setup/chromium.mjs';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { ForgeName } from '../../../server/adapters/wiki-git/settings.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { pageOf } from '../../support/rendering.js';
import {
  examples,
  libraryPage,
  sha256,
  shareNotebook,
  tex,
  texts,
  withOneFigureChanged,
  type Seen,
  type Shared
} from '../../support/wikis/examples.js';
import { startGitWiki, type GitWikiServer } from '../../support/wikis/gitServer.js';
import { showPages } from '../../support/wikis/gitSite.js';
import { gitTarget } from '../../support/wikis/gitTarget.js';

const ids = createIds(systemClock);
const forges: [ForgeName, string, (address: string) => string][] = [
  ['gitlab', '/team/lab/-/wikis', decodeURIComponent],
  ['gitea', '/team/lab/wiki', address => address.replaceAll('+', ' ')]
];

let browser: Browser;
beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox', '--disable-gpu'] });
});
afterAll(() => browser.close());

/** A page of the site in the browser: pictures as the hashes of the bytes that it was given. */
async function sitePage(page: Page, url: string): Promise<Seen & { broken: string[] }> {
  await page.goto(url, { waitUntil: 'load' });
  const seen = await page.evaluate(() => {
    const content = document.querySelector('article')!;
    const texts = (selector: string) => [...content.querySelectorAll(selector)].map(each => each.textContent);
    const images = [...content.querySelectorAll('img')];
    const isFormula = (code: Element): boolean =>
      code.className === 'language-math' ||
      (code.previousSibling?.textContent?.endsWith('$') === true &&
        code.nextSibling?.textContent?.startsWith('$') === true);
    return {
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

describe.each(forges)('%s', (forge, place, fileOf) => {
  let server: GitWikiServer;
  let target: WikiTarget;

  beforeAll(async () => {
    server = await startGitWiki();
    showPages(server, place, fileOf);
    target = gitTarget(server, forge, forge === 'gitlab' ? { more: { folder: 'notebooks/examples' } } : {});
  });
  afterAll(() => server.stop());

  describe.each(examples)('%s', file => {
    const shared: Shared = { marker: ids.next(), title: `Example ${basename(file, '.ipynb')}`, record: undefined };

    it('has on the wiki the headings, cells, pictures and formulas of the notebook', async () => {
      const notebook = readFileSync(file);
      const before = server.commits();
      const { outcome, rendering } = await shareNotebook(target, notebook, shared);
      expect(outcome).toBe('created');
      expect(rendering.notes).toEqual([]);
      expect(server.commits()).toBe(before + 2);
      const page = await browser.newPage();
      const wanted = await libraryPage(page, (await pageOf(notebook)).html);
      const seen = await sitePage(page, shared.record!.url);
      const name = `git-${forge}-${basename(file, '.ipynb')}.png`;
      await page.screenshot({ path: join('test-results', name), fullPage: true });
      await page.close();

      expect(texts(seen.headings)).toEqual(texts(wanted.headings));
      expect(seen.headings.length).toBeGreaterThan(2);
      expect(texts(seen.cells)).toEqual(texts(wanted.cells));
      expect(tex(seen.formulas)).toEqual(tex(wanted.formulas));
      expect(seen.broken).toEqual([]);
      expect(seen.pictures.filter(each => wanted.pictures.includes(each))).toEqual(wanted.pictures);
      expect(seen.pictures).toHaveLength(wanted.pictures.length + wanted.drawings);
    });

    it('makes no commit when it is shared again unchanged', async () => {
      const before = server.commits();
      const { outcome, uploads, edits } = await shareNotebook(target, readFileSync(file), shared);
      expect({ outcome, uploads, edits }).toEqual({ outcome: 'unchanged', uploads: 0, edits: 0 });
      expect(server.commits()).toBe(before);
    });
  });

  it('makes one commit of one changed figure, and brings back a figure that somebody deleted', async () => {
    const { before, after } = withOneFigureChanged();
    const shared: Shared = { marker: ids.next(), title: 'One figure', record: undefined };
    const first = await shareNotebook(target, before, shared);
    expect(first.rendering.attachments.length).toBeGreaterThan(3);
    const commits = server.commits();
    const second = await shareNotebook(target, after, shared);
    expect({ outcome: second.outcome, uploads: second.uploads, edits: second.edits }).toEqual({
      outcome: 'updated',
      uploads: 1,
      edits: 1
    });
    expect(server.commits()).toBe(commits + 1);

    const { name } = second.rendering.attachments[0]!;
    const path = server
      .git('ls-tree', '-r', '--name-only', 'main')
      .split('\n')
      .find(each => each.endsWith(name))!;
    server.remove(path);
    const third = await shareNotebook(target, after, shared);
    expect({ outcome: third.outcome, uploads: third.uploads, edits: third.edits }).toEqual({
      outcome: 'updated',
      uploads: 1,
      edits: 0
    });
    expect(sha256(server.bytes(path))).toBe(second.rendering.attachments[0]!.sha256);
  });
});
