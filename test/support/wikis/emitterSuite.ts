import fc from 'fast-check';
import { DomUtils, type parseDocument } from 'htmlparser2';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { tidy } from '../../../server/share/render/wiki/inline.js';
import type { Emitter, Inline, Part } from '../../../server/share/render/wiki/parts.js';
import { dose } from '../dose.js';
import { hostileText } from './hostileText.js';

export type Nodes = ReturnType<typeof parseDocument>['children'];
export type Element = ReturnType<typeof DomUtils.getElementsByTagName>[number];

const PLACES = [
  ...(['paragraph', 'strong', 'emphasis', 'code', 'link', 'heading', 'item', 'number', 'cell', 'header'] as const),
  ...(['caption', 'notice', 'below', 'quote', 'fold', 'output', 'python', 'plain'] as const)
];
type Place = (typeof PLACES)[number];

/** How a wiki shows what its emitter wrote. */
export interface EmitterFixture {
  emitter: Emitter;
  /** What of a text the emitter keeps. */
  storable: (text: string) => string;
  /** HTML as the wiki's own parser makes it. */
  render: (text: string) => Promise<string>;
  /** What stands one below the other on the page. */
  content: (html: string) => Nodes;
  /** Names of the elements that hold the text. */
  tags: Record<Place, string>;
  /** What of a storable text a place can show, where that is not all. */
  shown?: (place: Place, text: string) => string;
  /** Whether an element inside them is the emitter's or the wiki's own. */
  isOwn: (element: Element) => boolean;
  /** A part that holds no text where it stands below others in an item or a fold. */
  block: Part;
  stop(): Promise<void>;
}

/** One hostile text in one place of a page, and how the real parser must show it. */
interface Case {
  part: Part;
  text: string;
  /** Verbatim text keeps its blanks. */
  verbatim?: boolean;
}

const flat = (text: string): string =>
  text
    .normalize('NFC')
    .replace(/[\s\u00a0]+/gu, ' ')
    .trim();

const paragraph = (...inner: Inline[]): Part => ({ kind: 'paragraph', inner });

function caseOf(place: Place, text: string, { storable, block }: EmitterFixture): Case {
  const line = (given: string): Inline[] => tidy([{ kind: 'text', text: storable(given) }]);
  const list = (ordered: boolean, ...more: Part[]): Part => ({
    kind: 'list',
    ordered,
    start: 4,
    items: [[paragraph(...line(text)), ...more]]
  });
  switch (place) {
    case 'paragraph':
      return { part: paragraph(...line(text)), text };
    case 'strong':
      return { part: paragraph({ kind: 'span', style: 'strong', inner: line(text) }), text };
    case 'emphasis':
      return { part: paragraph(...line('x'), { kind: 'span', style: 'emphasis', inner: line(text) }), text };
    case 'code':
      return { part: paragraph({ kind: 'code', text: flat(storable(text)) }), text };
    case 'link':
      return { part: paragraph({ kind: 'link', href: 'https://example.org/?a=1&b=2', inner: line(text) }), text };
    case 'heading':
      return { part: { kind: 'heading', level: 2, id: 'nb-x', inner: line(text) }, text };
    case 'item':
      return { part: list(false), text };
    case 'number':
      return { part: list(true, block), text };
    case 'cell':
      return {
        part: { kind: 'table', caption: undefined, head: [], body: [[{ inner: line(text), columns: 2 }]] },
        text
      };
    case 'header':
      return {
        part: { kind: 'table', caption: undefined, head: [[{ inner: line(text), header: true }]], body: [] },
        text
      };
    case 'caption':
      return { part: { kind: 'table', caption: text, head: [], body: [[{ inner: line('x') }]] }, text };
    case 'notice':
      return { part: { kind: 'notice', inner: line(text) }, text };
    case 'below':
      return { part: { kind: 'below', text }, text };
    case 'quote':
      return { part: { kind: 'quote', parts: [paragraph(...line(text))] }, text };
    case 'fold':
      return { part: { kind: 'fold', summary: line(text), parts: [block] }, text };
    case 'output':
      return { part: { kind: 'text', text, long: false }, text, verbatim: true };
    case 'python':
      return { part: { kind: 'code', text: text.trim(), language: 'python' }, text: text.trim(), verbatim: true };
    case 'plain':
      return { part: { kind: 'code', text, language: undefined }, text, verbatim: true };
  }
}

/** What the emitter writes says the same in the wiki's own parser, in every place, whatever the text tries to be. */
export function wikiEmitterSuite(name: string, start: () => Promise<EmitterFixture>): void {
  let wiki: EmitterFixture;
  beforeAll(async () => {
    wiki = await start();
  });
  afterAll(() => wiki.stop());

  const verbatim = (text: string): string =>
    wiki
      .storable(text)
      .normalize('NFC')
      .replace(/\r\n?/g, '\n')
      .replace(/\u00a0/g, ' ')
      .replace(/[ \t]+$/gm, '')
      .replace(/^\n+|\n+$/g, '');

  /** What the wiki shows between two rules. */
  function sectionsOf(html: string): Nodes[] {
    const sections: Nodes[] = [[]];
    for (const node of wiki.content(html)) {
      if ('name' in node && node.name === 'hr' && DomUtils.getSiblings(node).length > 0) sections.push([]);
      else sections.at(-1)?.push(node);
    }
    return sections;
  }

  /** Elements inside the one that holds the text which are not the emitter's. */
  function strangers(part: Part, element: Element): string[] {
    if (part.kind === 'code') return [];
    const inside = DomUtils.getElementsByTagName('*', DomUtils.getChildren(element));
    return inside.filter(each => !wiki.isOwn(each)).map(each => `<${each.name}>`);
  }

  /** The texts go to the wiki many at once, with a rule between them. */
  async function wrong(given: readonly (readonly [Place, string])[]): Promise<string[]> {
    const cases = given.map(([place, text]) => ({ ...caseOf(place, text, wiki), place, tag: wiki.tags[place] }));
    const page = cases.map(({ part }) => wiki.emitter.write([part])).join('\n\n----\n\n');
    const sections = sectionsOf(await wiki.render(`x\n\n----\n\n${page}\n\n----\n\nx`)).slice(1, -1);
    if (sections.length !== cases.length) return [`${sections.length} sections for ${cases.length} texts`];
    return cases.flatMap((each, at) => {
      const nodes = sections[at] ?? [];
      const found = DomUtils.getElementsByTagName(each.tag, nodes)[0];
      const shown = found === undefined ? '(nothing)' : DomUtils.textContent(found);
      const text = wiki.shown?.(each.place, each.text) ?? each.text;
      const wanted = each.verbatim === true ? verbatim(text) : flat(wiki.storable(text));
      const seen = each.verbatim === true ? verbatim(shown) : flat(shown);
      const strange = found === undefined ? [] : strangers(each.part, found);
      // Nothing is left of a heading that holds only the sign of headings.
      if (wanted === '' && found === undefined) return [];
      if (seen === wanted && strange.length === 0) return [];
      const words = JSON.stringify(DomUtils.textContent(nodes));
      return [`${each.tag} ${JSON.stringify(wanted)} became ${JSON.stringify(seen)} ${strange.join(' ')} in ${words}`];
    });
  }

  it('says the same in the real parser, whatever the text tries to be', async () => {
    const { runs, seed } = dose(`hostile texts in ${name}`, { ci: 24, full: 600 });
    const one = fc
      .tuple(fc.constantFrom(...PLACES), hostileText())
      .filter(([, text]) => flat(wiki.storable(text)) !== '');
    await fc.assert(
      fc.asyncProperty(fc.array(one, { minLength: 1, maxLength: 60, size: 'max' }), async given => {
        expect(await wrong(given)).toEqual([]);
      }),
      {
        numRuns: runs,
        seed,
        // What broke a wiki once.
        examples: [[[['python', "'\\"] as const]]],
        interruptAfterTimeLimit: 500_000,
        markInterruptAsFailure: true
      }
    );
  });
}
