import fc from 'fast-check';
import { DomUtils, parseDocument } from 'htmlparser2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { storable } from '../../../server/share/render/mediawiki/escape.js';
import { MediaWikiEmitter } from '../../../server/share/render/mediawiki/emitter.js';
import { tidy } from '../../../server/share/render/wiki/inline.js';
import type { Inline, Part } from '../../../server/share/render/wiki/parts.js';
import { dose } from '../../support/dose.js';
import { hostileText } from '../../support/wikis/hostileText.js';
import { startMediaWiki, type MediaWikiServer } from '../../support/wikis/mediawiki.js';
import { mediaWikiPeople, type MediaWikiPeople } from '../../support/wikis/mediawikiPeople.js';

let server: MediaWikiServer;
let people: MediaWikiPeople;

beforeAll(async () => {
  server = await startMediaWiki();
  people = mediaWikiPeople(server);
});
afterAll(() => server.stop());

const emitter = new MediaWikiEmitter(
  {
    dialect: 'mediawiki',
    maths: 'native',
    collapsible: true,
    highlights: true,
    pictures: ['image/png'],
    attachments: 'wiki',
    spaces: true,
    parents: true,
    tags: true,
    compareAndSet: 'merging',
    maxBodyBytes: 1e7,
    maxAttachmentBytes: 1e7
  },
  '01K9ZZZZZZZZZZZZZZZZZZZZZA',
  { place: () => ({ name: 'nb-none.png', width: undefined }) }
);

/** One hostile text in one place of a page, and how the real parser must show it. */
interface Case {
  part: Part;
  /** Selector of the element that holds it, and its text; verbatim text keeps its blanks. */
  tag: string;
  text: string;
  verbatim?: boolean;
}

const flat = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\u00a0]+/gu, ' ')
    .trim();
const line = (text: string): Inline[] => tidy([{ kind: 'text', text: storable(text) }]);

const makers: Record<string, (text: string) => Case> = {
  paragraph: text => ({ part: { kind: 'paragraph', inner: line(text) }, tag: 'p', text }),
  strong: text => ({
    part: { kind: 'paragraph', inner: [{ kind: 'span', style: 'strong', inner: line(text) }] },
    tag: 'strong',
    text
  }),
  emphasis: text => ({
    part: { kind: 'paragraph', inner: [...line('x'), { kind: 'span', style: 'emphasis', inner: line(text) }] },
    tag: 'em',
    text
  }),
  code: text => ({
    part: { kind: 'paragraph', inner: [{ kind: 'code', text: flat(storable(text)) }] },
    tag: 'code',
    text
  }),
  link: text => ({
    part: { kind: 'paragraph', inner: [{ kind: 'link', href: 'https://example.org/?a=1&b=2', inner: line(text) }] },
    tag: 'a',
    text
  }),
  heading: text => ({ part: { kind: 'heading', level: 2, id: 'nb-x', inner: line(text) }, tag: 'h3', text }),
  item: text => ({
    part: { kind: 'list', ordered: false, start: 1, items: [[{ kind: 'paragraph', inner: line(text) }]] },
    tag: 'li',
    text
  }),
  number: text => ({
    part: {
      kind: 'list',
      ordered: true,
      start: 4,
      items: [[{ kind: 'paragraph', inner: line(text) }, { kind: 'rule' }]]
    },
    tag: 'li',
    text
  }),
  cell: text => ({
    part: { kind: 'table', caption: undefined, head: [], body: [[{ inner: line(text), columns: 2 }]] },
    tag: 'td',
    text
  }),
  header: text => ({
    part: { kind: 'table', caption: undefined, head: [[{ inner: line(text), header: true }]], body: [] },
    tag: 'th',
    text
  }),
  caption: text => ({
    part: { kind: 'table', caption: text, head: [], body: [[{ inner: line('x') }]] },
    tag: 'caption',
    text
  }),
  notice: text => ({ part: { kind: 'notice', inner: line(text) }, tag: 'div', text }),
  below: text => ({ part: { kind: 'below', text }, tag: 'small', text }),
  quote: text => ({ part: { kind: 'quote', parts: [{ kind: 'paragraph', inner: line(text) }] }, tag: 'p', text }),
  fold: text => ({ part: { kind: 'fold', summary: line(text), parts: [{ kind: 'rule' }] }, tag: 'p', text }),
  output: text => ({ part: { kind: 'text', text, long: false }, tag: 'pre', text, verbatim: true }),
  python: text => ({
    part: { kind: 'code', text: text.trim(), language: 'python' },
    tag: 'pre',
    text: text.trim(),
    verbatim: true
  }),
  plain: text => ({ part: { kind: 'code', text, language: undefined }, tag: 'pre', text, verbatim: true })
};

const verbatim = (text: string): string =>
  storable(text)
    .normalize('NFC')
    .replace(/\r\n?/g, '\n')
    .replace(/\u00a0/g, ' ')
    .replace(/[ \t]+$/gm, '')
    .replace(/^\n+|\n+$/g, '');

/** What the wiki shows between two rules. */
function sectionsOf(html: string): ReturnType<typeof parseDocument>['children'][] {
  const root = DomUtils.getElementsByClassName('mw-parser-output', parseDocument(html))[0];
  const sections: ReturnType<typeof parseDocument>['children'][] = [[]];
  for (const node of root?.children ?? []) {
    if ('name' in node && node.name === 'hr' && DomUtils.getSiblings(node).length > 0) sections.push([]);
    else sections.at(-1)?.push(node);
  }
  return sections;
}

/** The texts go to the wiki many at once, with a rule between them. */
async function shown(cases: readonly Case[]): Promise<string[]> {
  const wikitext = cases.map(({ part }) => emitter.write([part])).join('\n\n----\n\n');
  const html = await people.render(`x\n\n----\n\n${wikitext}\n\n----\n\nx`);
  const sections = sectionsOf(html).slice(1, -1);
  if (sections.length !== cases.length) return [`${sections.length} sections for ${cases.length} texts`];
  return cases.flatMap((each, at) => {
    const nodes = sections[at] ?? [];
    const found = DomUtils.getElementsByTagName(each.tag, nodes)[0];
    const text = found === undefined ? '(nothing)' : DomUtils.textContent(found);
    const wanted = each.verbatim === true ? verbatim(each.text) : flat(storable(each.text));
    const seen = each.verbatim === true ? verbatim(text) : flat(text);
    const words = DomUtils.textContent(nodes);
    const strange = found === undefined ? [] : strangers(each, found);
    if (seen === wanted && strange.length === 0) return [];
    return [
      `${each.tag} ${JSON.stringify(wanted)} became ${JSON.stringify(seen)} ${strange.join(' ')} in ${JSON.stringify(words)}`
    ];
  });
}

/** Elements inside the one that holds the text which are not the emitter's. */
function strangers(each: Case, element: Parameters<typeof DomUtils.getChildren>[0]): string[] {
  if (each.part.kind === 'code') return [];
  const inside = DomUtils.getElementsByTagName('*', DomUtils.getChildren(element));
  // Headings hold empty elements with the names of places, ours and the wiki's.
  return inside
    .filter(
      ({ name, attribs, children }) =>
        name !== 'hr' && attribs['class'] !== 'mw-headline' && !('id' in attribs && children.length === 0)
    )
    .map(({ name }) => `<${name}>`);
}

describe('wikitext', () => {
  it('says the same in the real parser, whatever the text tries to be', async () => {
    const { runs, seed } = dose('wikitext fuzz', { ci: 60, full: 600 });
    const names = Object.keys(makers);
    const one = fc.tuple(fc.constantFrom(...names), hostileText()).filter(([, text]) => flat(storable(text)) !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 60, size: 'max' }), async given => {
        expect(await shown(given.map(([name, text]) => makers[name]!(text)))).toEqual([]);
      }),
      { numRuns: runs, seed, interruptAfterTimeLimit: 500_000, markInterruptAsFailure: true }
    );
  });
});
