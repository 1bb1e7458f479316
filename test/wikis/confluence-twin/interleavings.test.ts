import { describe, it } from 'vitest';
import { startConfluenceTwin, type ConfluenceTwin } from '../../support/confluenceTwin/index.js';
import { EDITIONS, targetOf } from '../../support/confluenceTwin/targets.js';
import type { Edition } from '../../support/confluenceTwin/rules.js';
import { dose } from '../../support/dose.js';
import { assertNothingLost, MARKER, type ConflictSite, type Deed } from '../../support/wikis/conflictWorld.js';

/** A twin of its own for each run, in which people write into Confluence's own words and often in its editor. */
async function siteOf(edition: Edition): Promise<ConflictSite> {
  const twin = await startConfluenceTwin(edition);
  const before = new Set(twin.store.pages.keys());
  const pages = (): { id: string; body: string }[] =>
    [...twin.store.pages.values()]
      .filter(page => page.status === 'current' && !before.has(page.id))
      .map(({ id, versions }) => ({ id, body: versions.at(-1)!.body }));
  return {
    target: targetOf(twin),
    dialect: 'confluence',
    pages,
    write: (page, word, deed, at) => write(twin, page, { word, deed, at }),
    rename: (id, title) => twin.people.rename(id, title),
    remove: id => twin.people.remove(id),
    restore: id => twin.people.restore(id),
    close: () => twin.close()
  };
}

function write(
  { people }: ConfluenceTwin,
  { id, body }: { id: string; body: string },
  { word, deed, at }: { word: string; deed: Deed; at: number }
): 'inside' | 'outside' | undefined {
  const [begin, end] = ['begin', 'end'].map(which => markAt(body, which));
  if (!begin || !end) return undefined;
  const edit = (place: number, text: string): void =>
    people.edit(id, given => given.slice(0, place) + text + given.slice(place), { byEditor: at % 2 === 0 });
  const paragraph = `<p>${word}</p>`;
  switch (deed) {
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
    default:
      return undefined;
  }
}

/** Where the anchor of a mark stands in a source, and the paragraph around it. */
function markAt(body: string, which: string) {
  const pattern = new RegExp(
    `<ac:structured-macro[^>]*>(?:(?!</ac:structured-macro>).)*>lakeside-${which}-${MARKER}<(?:(?!</ac:structured-macro>).)*</ac:structured-macro>`,
    's'
  );
  const match = pattern.exec(body);
  if (!match) return undefined;
  const [start, end] = [match.index, match.index + match[0].length];
  return { start, end, paragraph: { start: body.lastIndexOf('<p', start), end: body.indexOf('</p>', end) + 4 } };
}

describe.each(EDITIONS)('%s', (edition, name) => {
  it('loses nothing a person wrote, and never has a second page', async () => {
    await assertNothingLost([() => siteOf(edition)], dose(`${name}: conflicts`, { ci: 40, full: 500 }));
  });
});
