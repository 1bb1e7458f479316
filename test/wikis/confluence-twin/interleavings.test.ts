import fc from 'fast-check';
import { describe, it } from 'vitest';
import { startConfluenceTwin, type ConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import { dose } from '../../support/dose.js';
import {
  interleaving,
  playThrough,
  type WorldPage,
  type WorldWiki,
  type WritingDeed
} from '../../support/wikis/interleavings.js';

/** A twin of its own for each run, in which people write into Confluence's own words and often in its editor. */
function worldOf(twin: ConfluenceTwin): WorldWiki {
  const before = new Set(twin.store.pages.keys());
  return {
    target: targetOf(twin),
    dialect: 'confluence',
    place: { title: 'Delays' },
    pages: async () =>
      [...twin.store.pages.values()]
        .filter(page => page.status === 'current' && !before.has(page.id))
        .map(({ id, versions }) => ({ id, body: versions.at(-1)!.body })),
    edit: async (id, change) => twin.people.edit(id, change),
    write: async (page, deed) => write(twin, page, deed),
    rename: async (id, title) => twin.people.rename(id, title),
    remove: async id => twin.people.remove(id),
    restore: async id => twin.people.restore(id)
  };
}

function write(
  { people }: ConfluenceTwin,
  { id, body }: WorldPage,
  { word, act, at, marker }: WritingDeed
): 'inside' | 'outside' | undefined {
  const [begin, end] = ['begin', 'end'].map(which => markAt(body, `lakeside-${which}-${marker}`));
  if (!begin || !end) return undefined;
  const edit = (place: number, text: string): void =>
    people.edit(id, given => given.slice(0, place) + text + given.slice(place), { byEditor: at % 2 === 0 });
  const paragraph = `<p>${word}</p>`;
  switch (act) {
    case 'before':
      edit(0, paragraph);
      return 'outside';
    case 'after':
      edit(body.length, paragraph);
      return 'outside';
    case 'inside': {
      const ends = [...body.matchAll(/<\/p>/g)].map(match => match.index + 4);
      const places = ends.filter(place => place >= begin.paragraph.end && place <= end.paragraph.start);
      if (places.length === 0) return undefined;
      edit(places[at % places.length]!, paragraph);
      return 'inside';
    }
    case 'beside': {
      // Into the paragraph of a mark, where a cursor easily gets: in front of the first, or behind the last.
      const isFirst = at % 4 < 2;
      edit(isFirst ? begin.start : end.end, `${word} `);
      return 'outside';
    }
  }
}

/** Where the anchor of a mark stands in a source, and the paragraph around it. */
function markAt(body: string, name: string) {
  const pattern = new RegExp(
    `<ac:structured-macro[^>]*>(?:(?!</ac:structured-macro>).)*>${name}<(?:(?!</ac:structured-macro>).)*</ac:structured-macro>`,
    's'
  );
  const match = pattern.exec(body);
  if (!match) return undefined;
  const [start, end] = [match.index, match.index + match[0].length];
  return { start, end, paragraph: { start: body.lastIndexOf('<p', start), end: body.indexOf('</p>', end) + 4 } };
}

describe.each(EDITIONS)('%s', (edition, name) => {
  it('loses nothing a person wrote, and never has a second page', async () => {
    const { runs, seed } = dose(`${name}: conflicts`, { ci: 20, full: 500 });
    await fc.assert(
      fc.asyncProperty(interleaving(25, { atOnce: true, beside: true }), async steps => {
        const twin = await startConfluenceTwin(edition);
        await playThrough(worldOf(twin), steps).finally(() => twin.close());
      }),
      { numRuns: runs, seed }
    );
  });
});
