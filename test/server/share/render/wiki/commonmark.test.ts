import fc from 'fast-check';
import { DomUtils, parseDocument } from 'htmlparser2';
import MarkdownIt from 'markdown-it';
import { describe, expect, it } from 'vitest';
import { CommonMarkEmitter } from '../../../../../server/share/render/commonmark/emitter.js';
import { storable } from '../../../../../server/share/render/commonmark/escape.js';
import { tidy } from '../../../../../server/share/render/wiki/inline.js';
import type { Inline, Part } from '../../../../../server/share/render/wiki/parts.js';
import { featuresOf } from '../../../../support/wikis/features.js';
import { hostileText } from '../../../../support/wikis/hostileText.js';
import { MARKER } from '../../../../support/wikis/pages.js';

const emitter = new CommonMarkEmitter(featuresOf('commonmark'), MARKER, { place: () => undefined });
// Bare addresses become links as GFM has it: with a scheme or `www.`, and those of mail.
const markdown = new MarkdownIt({ html: true, linkify: true });
markdown.linkify.set({ fuzzyLink: false }).add('//', null).add('www.', 'http:');
const flat = (text: string): string => text.replace(/\s+/gu, ' ').trim();
const line = (text: string): Inline[] => tidy([{ kind: 'text', text: storable(text) }]);

/** Where a text stands, and the elements that may be around its words there. */
const places: Record<string, (text: string) => { part: Part; tag: string }> = {
  paragraph: text => ({ part: { kind: 'paragraph', inner: line(text) }, tag: 'p' }),
  strong: text => ({
    part: { kind: 'paragraph', inner: [{ kind: 'span', style: 'strong', inner: line(text) }] },
    tag: 'strong'
  }),
  code: text => ({ part: { kind: 'paragraph', inner: [{ kind: 'code', text: flat(storable(text)) }] }, tag: 'code' }),
  link: text => ({
    part: { kind: 'paragraph', inner: [{ kind: 'link', href: 'https://example.org/a_b?c=1&d=2', inner: line(text) }] },
    tag: 'a'
  }),
  heading: text => ({ part: { kind: 'heading', level: 2, id: 'nb-x', inner: line(text) }, tag: 'h2' }),
  item: text => ({
    part: { kind: 'list', ordered: false, start: 1, items: [[{ kind: 'paragraph', inner: line(text) }]] },
    tag: 'li'
  }),
  cell: text => ({ part: { kind: 'table', caption: undefined, head: [], body: [[{ inner: line(text) }]] }, tag: 'td' }),
  notice: text => ({ part: { kind: 'notice', inner: line(text) }, tag: 'p' }),
  fold: text => ({ part: { kind: 'fold', summary: line(text), parts: [] }, tag: 'summary' })
};

describe('Markdown', () => {
  it('says the same when it is read, whatever the text tries to be', () => {
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(places)), hostileText(), (name, text) => {
        const wanted = flat(storable(text));
        fc.pre(wanted !== '');
        const { part, tag } = places[name]!(text);
        const html = parseDocument(markdown.render(`before\n\n${emitter.write([part])}\n\nafter`)).children;
        const found = DomUtils.getElementsByTagName(tag, html);
        const element = found[tag === 'p' && name !== 'notice' ? 1 : name === 'notice' ? 1 : 0];
        expect(element && flat(DomUtils.textContent(element))).toBe(wanted);
        const strange = DomUtils.getElementsByTagName('*', element!.children).filter(
          each => each.name !== 'span' && each.attribs['id'] !== 'nb-x'
        );
        // Bare addresses that a reader of Markdown may make links of would be elements too.
        expect(strange.map(each => (name === 'item' && each.name === 'p' ? '' : each.name)).filter(Boolean)).toEqual(
          []
        );
        expect(flat(DomUtils.textContent(html))).toBe(`before ${wanted} after`);
      }),
      { numRuns: 3000 }
    );
  });

  it('keeps code and output as they are', () => {
    fc.assert(
      fc.property(hostileText(), fc.constantFrom('code', 'text'), (text, kind) => {
        const raw = storable(text).replace(/\r\n?/g, '\n');
        const part: Part =
          kind === 'code' ? { kind, text: raw, language: 'python' } : { kind: 'text', text: raw, long: false };
        const html = parseDocument(markdown.render(emitter.write([part]))).children;
        expect(DomUtils.textContent(DomUtils.getElementsByTagName('pre', html)).replace(/\n$/, '')).toBe(
          raw.replaceAll('\0', '\ufffd')
        );
      }),
      { numRuns: 1000 }
    );
  });

  it('refers to pictures where the wiki has them', () => {
    const picture = { type: 'image/png' as const, base64: '', paper: false };
    const around = { place: () => ({ name: 'nb-1.png', width: undefined }) };
    const part: Part = { kind: 'picture', picture, alt: 'A figure' };
    const write = (attachmentsAt?: string): string =>
      new CommonMarkEmitter(
        featuresOf('commonmark', { ...(attachmentsAt && { attachmentsAt }) }),
        MARKER,
        around
      ).write([part]);
    expect(write()).toBe('![A figure](attachments/nb-1.png)');
    expect(write('uploads/lakeside/')).toBe('![A figure](uploads/lakeside/nb-1.png)');
  });
});
