// @vitest-environment jsdom
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfluenceEmitter } from '../../../../../server/share/render/confluence/emitter.js';
import { storable } from '../../../../../server/share/render/confluence/escape.js';
import type { Part } from '../../../../../server/share/render/wiki/parts.js';
import { fullDose } from '../../../../support/dose.js';
import { arbitraryFile } from '../../../../support/notebooks.js';
import { featuresOf } from '../../../../support/wikis/features.js';
import { hostileText } from '../../../../support/wikis/hostileText.js';
import { MARKER, wikiPageOf } from '../../../../support/wikis/pages.js';

const parser = new DOMParser();
const emitter = new ConfluenceEmitter(featuresOf('confluence'), MARKER, { place: () => undefined });

/** Reads storage format with a strict XML parser. */
function read(storage: string): Element {
  const document = parser.parseFromString(`<x xmlns:ac="urn:ac" xmlns:ri="urn:ri">${storage}</x>`, 'application/xml');
  const error = document.querySelector('parsererror');
  if (error) throw new Error(`${error.textContent} in ${storage.slice(0, 2000)}`);
  return document.documentElement;
}

describe('storage format', () => {
  it('is well-formed and says the same, whatever the text tries to be', () => {
    fc.assert(
      fc.property(hostileText(), hostileText(), (text, other) => {
        const parts: Part[] = [
          {
            kind: 'paragraph',
            inner: [
              { kind: 'text', text },
              { kind: 'link', href: 'https://example.org/?a&b', inner: [{ kind: 'code', text: other }] }
            ]
          },
          { kind: 'text', text, long: false },
          { kind: 'table', caption: other, head: [[{ inner: [{ kind: 'text', text }], header: true }]], body: [] },
          {
            kind: 'fold',
            summary: [{ kind: 'text', text: other }],
            parts: [{ kind: 'code', text, language: 'python' }]
          }
        ];
        const root = read(emitter.write(parts));
        const flat = (given: string | null | undefined): string =>
          storable(given ?? '')
            .replace(/\s+/g, ' ')
            .trim();
        expect(flat(root.querySelector('p')?.textContent)).toBe(flat(`${text.replace(/\s*\n\s*/g, ' ')}${other}`));
        expect(flat(root.querySelector('th')?.textContent)).toBe(flat(text));
        const bodies = root.getElementsByTagName('ac:plain-text-body');
        const raw = storable(text).replace(/\r\n?/g, '\n');
        expect([...bodies].map(body => body.textContent)).toEqual([raw, raw]);
      }),
      { numRuns: fullDose ? 2000 : 300 }
    );
  });

  it('is well-formed for any notebook', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFile(), async bytes => {
        const page = await wikiPageOf(bytes, { features: featuresOf('confluence') }).catch(() => undefined);
        if (page) read(page.text);
      }),
      { numRuns: fullDose ? 150 : 40 }
    );
  });
});
