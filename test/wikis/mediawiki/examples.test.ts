import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findChromium } from '../../../scripts/setup/chromium.mjs';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { createMediaWikiTarget } from '../../../server/adapters/wiki-mediawiki/index.js';
import { createIds } from '../../../server/ids.js';
import type { WikiTarget } from '../../../server/share/wiki/ports.js';
import { pageOf } from '../../support/rendering.js';
import { mediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';
import { shareTo, withOtherFigure, type Shared } from '../../support/wikis/sharing.js';

const examples = globSync('examples/*.ipynb').sort();
const ids = createIds(systemClock);

let server: MediaWikiServer;
let target: WikiTarget;
let browser: Browser;
let work: string;

beforeAll(async () => {
  server = await startMediaWiki();
  target = createMediaWikiTarget({
    settings: { api: server.api, user: server.bot.user, space: '0' },
    password: server.bot.password,
    label: 'Data wiki',
    clock: systemClock
  });
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: ['--no-sandbox', '--disable-gpu'] });
  work = mkdtempSync(join(tmpdir(), 'lakeside-examples-'));
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  rmSync(work, { recursive: true, force: true });
});

const share = (notebook: unknown, shared: Shared) =>
  shareTo(target, notebook, shared, { tags: ['flights', 'R&D [lab]'] });

/** What a reader sees of a page. */
interface Seen {
  headings: string[];
  cells: string[];
  pictures: string[];
  formulas: string[];
}

const flat = (text: string): string => text.replace(/[\s\u00a0]+/gu, ' ').trim();
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The wiki's page in the browser: pictures as the hashes of the files that they show, scaled or not. */
async function wikiPage(page: Page, url: string): Promise<Seen & { title: string; broken: string[] }> {
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
  const people = mediaWikiPeople(server);
  const hashes: string[] = [];
  for (const src of seen.pictures) {
    const bytes = await people.file(/Nb-[0-9a-f]{16}\.\w+/.exec(src)?.[0] ?? '');
    hashes.push(bytes === undefined ? src : sha256(bytes));
  }
  return { ...seen, pictures: hashes };
}

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

describe.each(examples)('%s', file => {
  const shared: Shared = { marker: ids.next(), title: `Example ${basename(file, '.ipynb')}`, record: undefined };

  it('has on the wiki the headings, cells, pictures and formulas of the notebook', async () => {
    const notebook = readFileSync(file);
    const { outcome, rendering } = await share(notebook, shared);
    expect(outcome).toBe('created');
    expect(rendering.notes).toEqual([]);
    const page = await browser.newPage();
    const wanted = await libraryPage(page, (await pageOf(notebook)).html);
    const seen = await wikiPage(page, shared.record!.url);
    await page.screenshot({ path: join('test-results', `mediawiki-${basename(file, '.ipynb')}.png`), fullPage: true });
    await page.close();

    expect(seen.title).toBe(shared.title);
    expect(texts(seen.headings)).toEqual(texts(wanted.headings));
    expect(seen.headings.length).toBeGreaterThan(2);
    expect(texts(seen.cells)).toEqual(texts(wanted.cells));
    expect(tex(seen.formulas)).toEqual(tex(wanted.formulas));
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
    const { outcome, uploads, edits } = await share(after, shared);
    expect({ outcome, uploads, edits }).toEqual({ outcome: 'updated', uploads: 1, edits: 1 });
  });
});
