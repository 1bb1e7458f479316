import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/setup/chromium.mjs';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { pageOf } from '../rendering.js';
import { shareTo, withOtherFigure, type Shared } from './sharing.js';

/** What a reader sees of a page. */
export interface Seen {
  headings: string[];
  cells: string[];
  /** Hashes of the files that the pictures show, scaled or not. */
  pictures: string[];
  /** LaTeX of the formulas; of wikis that show it as code, all code there is. */
  formulas: string[];
}

export interface ExamplesFixture {
  target: WikiTarget;
  /** What a reader sees of a page; what is `broken` there is empty at its best. */
  look(page: Page, url: string): Promise<Seen & { title: string; broken: string[] }>;
  stop(): Promise<void>;
}

const ids = createIds(systemClock);
const flat = (text: string): string => text.replace(/[\s\u00a0]+/gu, ' ').trim();
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The same of the Library's page, which another emitter wrote. */
async function libraryPage(page: Page, html: string): Promise<Seen & { drawings: number }> {
  await page.setContent(html);
  const seen = await page.evaluate(() => {
    const texts = (selector: string) => [...document.querySelectorAll(selector)].map(each => each.textContent);
    return {
      headings: texts('main :is(h1, h2, h3, h4, h5, h6), article :is(h1, h2, h3, h4, h5, h6)'),
      cells: texts('table td, table th'),
      pictures: [...document.querySelectorAll('img')].map(image => image.src),
      formulas: texts('annotation')
    };
  });
  const raster = seen.pictures.filter(src => !src.startsWith('data:image/svg'));
  return {
    ...seen,
    pictures: raster.map(src => sha256(Buffer.from(src.slice(src.indexOf(',') + 1), 'base64'))),
    drawings: seen.pictures.length - raster.length
  };
}

const texts = (list: string[]): string[] => list.map(flat).filter(text => text !== '');
/** Formulas without their dollars and blanks, and without what MediaWiki puts around those on lines of their own. */
const tex = (list: string[]): string[] =>
  list.map(each =>
    flat(each)
      .replace(/^\$+|\$+$/g, '')
      .replace(/\s+/g, '')
      .replace(/^\{\\displaystyle(.*)\}$/, '$1')
  );

/** Every example notebook on a real wiki, looked at in real Chromium and compared with the Library's page. */
export function wikiExamplesSuite(name: string, start: () => Promise<ExamplesFixture>): void {
  const examples = globSync('examples/*.ipynb').sort();
  let wiki: ExamplesFixture;
  let browser: Browser;

  beforeAll(async () => {
    wiki = await start();
    browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser.close();
    await wiki.stop();
  });

  const share = (notebook: unknown, shared: Shared) =>
    shareTo(wiki.target, notebook, shared, { tags: ['flights', 'R&D [lab]'] });

  describe.each(examples)('%s', file => {
    const shared: Shared = { marker: ids.next(), title: `Example ${basename(file, '.ipynb')}`, record: undefined };

    it('has on the wiki the headings, cells, pictures and formulas of the notebook', async () => {
      const notebook = readFileSync(file);
      const { outcome, rendering } = await share(notebook, shared);
      expect(outcome).toBe('created');
      expect(rendering.notes).toEqual([]);
      const page = await browser.newPage();
      const wanted = await libraryPage(page, (await pageOf(notebook)).html);
      const seen = await wiki.look(page, shared.record!.url);
      await page.screenshot({ path: join('test-results', `${name}-${basename(file, '.ipynb')}.png`), fullPage: true });
      await page.close();

      expect(seen.title).toBe(shared.title);
      expect(texts(seen.headings)).toEqual(texts(wanted.headings));
      expect(seen.headings.length).toBeGreaterThan(2);
      expect(texts(seen.cells)).toEqual(texts(wanted.cells));
      const formulas = tex(wanted.formulas);
      const { maths } = (await wiki.target.check()).features;
      const shown = tex(seen.formulas);
      expect(maths === 'native' ? shown : shown.filter(each => formulas.includes(each))).toEqual(formulas);
      expect(seen.broken).toEqual([]);
      expect(seen.pictures.filter(each => wanted.pictures.includes(each))).toEqual(wanted.pictures);
      expect(seen.pictures).toHaveLength(wanted.pictures.length + wanted.drawings);
    });

    it('writes nothing when it is shared again unchanged', async () => {
      const { outcome, uploads, edits } = await share(readFileSync(file), shared);
      expect({ outcome, uploads, edits }).toEqual({ outcome: 'unchanged', uploads: 0, edits: 0 });
    });
  });

  describe('one changed figure', () => {
    it('is one upload and one edit', async () => {
      const { before, after } = withOtherFigure('examples/delays-in-new-york-2013.ipynb');
      const shared: Shared = { marker: ids.next(), title: 'One figure', record: undefined };
      const first = await share(before, shared);
      expect(first.rendering.attachments.length).toBeGreaterThan(3);
      const second = await share(after, shared);
      expect({ outcome: second.outcome, uploads: second.uploads, edits: second.edits }).toEqual({
        outcome: 'updated',
        uploads: 1,
        edits: 1
      });
    });
  });
}
