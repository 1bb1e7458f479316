import { readFileSync } from 'node:fs';
import type { WikiPageOptions, WikiRendering } from '../../../server/share/wiki/ports.js';
import { localRenderer, withNotebook } from '../rendering.js';
import { featuresOf } from './features.js';

export const MARKER = '01K9ZZZZZZZZZZZZZZZZZZZZZA';

/** The managed region of a notebook in a dialect, with what the renderer says about it. */
export function wikiPageOf(
  notebook: unknown,
  options: Partial<WikiPageOptions> = {}
): Promise<WikiRendering & { text: string; files: Map<string, Buffer> }> {
  return withNotebook(notebook, async (source, workDirectory) => {
    const given = {
      features: featuresOf('mediawiki'),
      marker: MARKER,
      hideCode: false,
      tags: [],
      links: {},
      ...options
    };
    const page = await localRenderer().wiki(source, given, { workDirectory });
    const files = new Map(page.attachments.map(({ name, file }) => [name, readFileSync(file)]));
    return { ...page, text: readFileSync(page.file, 'utf8'), files };
  });
}
