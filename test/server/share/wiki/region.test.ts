import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { WikiDialect } from '../../../../server/share/wiki/ports.js';
import { holdsMarker, putTogether, regionMarks, takeApart } from '../../../../server/share/wiki/region.js';

const A = '01K9ZZZZZZZZZZZZZZZZZZZZZA';
const B = '01K9ZZZZZZZZZZZZZZZZZZZZZB';
const dialects: WikiDialect[] = ['mediawiki', 'commonmark', 'dokuwiki', 'confluence'];

describe.each(dialects)('the managed region in %s', dialect => {
  const { begin, end } = regionMarks(dialect, A);
  const region = `${begin}\ninner\n${end}`;

  it('is found between any two texts of people, and everything around it stays', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (before, after) => {
        const body = `${before}\n${region}\n${after}`;
        const parts = takeApart(body, dialect, A);
        if (typeof parts === 'string') throw new Error(parts);
        expect(putTogether(parts, parts.region)).toBe(body);
        expect(parts.region).toBe(region);
        expect(putTogether(parts, 'NEW')).toBe(`${before}\nNEW\n${after}`);
      })
    );
  });

  it('is one of this notebook alone', () => {
    expect(takeApart(region, dialect, B)).toBe('absent');
    expect(holdsMarker(region, dialect, A)).toBe(true);
    const other = regionMarks(dialect, B);
    const both = `${other.begin}\nx\n${other.end}\n${region}`;
    expect(takeApart(both, dialect, A)).toMatchObject({ region });
  });

  it('is broken where a mark is missing, doubled or out of order', () => {
    for (const body of [begin, end, `${end}\n${begin}`, `${region}\n${region}`, `${begin}\n${region}`])
      expect(takeApart(body, dialect, A)).toBe('broken');
    expect(holdsMarker(begin, dialect, A)).toBe(true);
  });
});

it('knows the marks of Confluence as Confluence writes them anew', () => {
  const written = (which: string): string =>
    `<p><ac:structured-macro ac:name="anchor" ac:schema-version="1" ac:macro-id="7f"><ac:parameter ac:name="">lakeside-${which}-${A}</ac:parameter></ac:structured-macro></p>`;
  expect(takeApart(`${written('begin')}<p>x</p>${written('end')}`, 'confluence', A)).toMatchObject({
    before: '',
    after: ''
  });
});

it('knows the marks where somebody changed the words in them', () => {
  expect(
    takeApart(`<!--lakeside:begin ${A}-->\nx\n<!-- lakeside:end ${A} do not touch -->`, 'mediawiki', A)
  ).toMatchObject({ before: '', after: '' });
});
