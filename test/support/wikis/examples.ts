import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import type { WikiRendering, WikiTarget } from '../../../server/share/wiki/ports.js';
import { publishToWiki, type WikiOutcome, type WikiRecord } from '../../../server/share/wiki/publish.js';
import { localRenderer, withNotebook } from '../rendering.js';

/** The notebooks that each wiki must show whole. */
export const examples = globSync('examples/*.ipynb').sort();

/** What is known of a notebook's page between two shares. */
export interface Shared {
  marker: string;
  title: string;
  record: WikiRecord | undefined;
}

/** Shares a notebook as the share job does: renders, then publishes. */
export async function shareNotebook(
  target: WikiTarget,
  notebook: unknown,
  shared: Shared
): Promise<WikiOutcome & { rendering: WikiRendering }> {
  const { features } = await target.check();
  return withNotebook(notebook, async (source, workDirectory) => {
    const rendering = await localRenderer().wiki(
      source,
      {
        features,
        marker: shared.marker,
        title: shared.title,
        hideCode: false,
        tags: ['flights', 'R&D [lab]'],
        links: { version: 'https://lakeside.example.org/library/notebooks/1' }
      },
      { workDirectory }
    );
    const outcome = await publishToWiki({
      target,
      dialect: features.dialect,
      marker: shared.marker,
      place: { title: shared.title },
      region: readFileSync(rendering.file, 'utf8'),
      renderedHash: rendering.sha256,
      attachments: rendering.attachments,
      record: shared.record,
      answer: undefined,
      save: record => {
        shared.record = record;
      },
      failPoint: () => undefined
    });
    return { ...outcome, rendering };
  });
}

/** What a reader sees of a page. */
export interface Seen {
  headings: string[];
  cells: string[];
  pictures: string[];
  formulas: string[];
}

const flat = (text: string): string => text.replace(/[\s\u00a0]+/gu, ' ').trim();
/** The hash by which pictures are compared. */
export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** What a reader sees of the Library's page, which another emitter wrote. */
export async function libraryPage(page: Page, html: string): Promise<Seen & { drawings: number }> {
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

/** Texts without the blanks that differ between wikis. */
export const texts = (list: string[]): string[] => list.map(flat).filter(text => text !== '');
/** Formulas without their dollars and blanks, and without what MediaWiki puts around those on lines of their own. */
export const tex = (list: string[]): string[] =>
  list.map(each =>
    flat(each)
      .replace(/^\$+|\$+$/g, '')
      .replace(/\s+/g, '')
      .replace(/^\{\\displaystyle(.*)\}$/, '$1')
  );

interface Notebook {
  cells: { outputs?: { data?: Record<string, string | string[]> }[] }[];
}

/** An example with several figures, and the same with other bytes in one of them. */
export function withOneFigureChanged(): { before: unknown; after: unknown } {
  const before = JSON.parse(readFileSync('examples/delays-in-new-york-2013.ipynb', 'utf8')) as Notebook;
  const after = structuredClone(before);
  const data = after.cells.flatMap(cell => cell.outputs ?? []).find(output => output.data?.['image/png'])!.data!;
  // Bytes after the end of a PNG change its hash and nothing that is seen.
  const bytes = Buffer.from([data['image/png'] ?? ''].flat().join(''), 'base64');
  data['image/png'] = Buffer.concat([bytes, Buffer.from('changed')]).toString('base64');
  return { before, after };
}
