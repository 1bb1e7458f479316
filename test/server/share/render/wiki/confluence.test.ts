import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfluenceEmitter } from '../../../../../server/share/render/confluence/emitter.js';
import { storable } from '../../../../../server/share/render/confluence/escape.js';
import type { Part } from '../../../../../server/share/render/wiki/parts.js';
import { canonicalStorage } from '../../../../../server/share/wiki/storage/canonical.js';
import { judge } from '../../../../support/confluenceTwin/rules.js';
import { elementsOf, readStrictly, wordsOf, type TwinElement } from '../../../../support/confluenceTwin/xml.js';
import { fullDose } from '../../../../support/dose.js';
import { arbitraryFile } from '../../../../support/notebooks.js';
import { featuresOf } from '../../../../support/wikis/features.js';
import { hostileText } from '../../../../support/wikis/hostileText.js';
import { MARKER, wikiPageOf } from '../../../../support/wikis/pages.js';

const emitter = new ConfluenceEmitter(featuresOf('confluence'), MARKER, { place: () => undefined });

/** Reads storage format as the twin of Confluence does: strictly, and by the rules of the site. */
function read(storage: string): TwinElement {
  const root = readStrictly(storage);
  judge(root, 'datacenter');
  return root;
}

function all(element: TwinElement, name: string): TwinElement[] {
  return elementsOf(element).flatMap(child => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

const flat = (given: string): string => storable(given).replace(/\s+/g, ' ').trim();
const codeIn = (storage: string): string[] => all(read(storage), 'ac:plain-text-body').map(wordsOf);

describe('storage format', () => {
  it('is taken and says the same, whatever the text tries to be, and also in the one way that is kept', () => {
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
            summary: [{ kind: 'text', text: other.slice(0, 200) }],
            parts: [{ kind: 'code', text, language: 'python' }]
          }
        ];
        const written = emitter.write(parts);
        for (const storage of [written, canonicalStorage(written, MARKER) ?? '']) {
          const root = read(storage);
          const words = (name: string): string => flat(wordsOf(all(root, name)[0]!));
          expect(words('p').replace(/\s/g, '')).toBe(flat(text + other).replace(/\s/g, ''));
          expect(words('th')).toBe(flat(text));
          const raw = storable(text).replace(/\r\n?/g, '\n');
          expect(codeIn(storage)).toEqual([raw, raw]);
        }
      }),
      { numRuns: fullDose ? 2000 : 300 }
    );
  });

  it('is taken for any notebook', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryFile(), async bytes => {
        const page = await wikiPageOf(bytes, { features: featuresOf('confluence') }).catch(() => undefined);
        if (page) read(page.text);
      }),
      { numRuns: fullDose ? 150 : 40 }
    );
  });

  it('names a language as the wiki calls it, and none that it does not know', () => {
    const code = (language: string, languages?: Record<string, string>): string =>
      new ConfluenceEmitter(featuresOf('confluence', languages ? { languages } : {}), MARKER, {
        place: () => undefined
      }).write([{ kind: 'code', text: 'x', language }]);
    expect(code('python')).toContain('<ac:parameter ac:name="language">py</ac:parameter>');
    expect(code('julia')).not.toContain('language');
    expect(code('julia', { julia: 'julia' })).toContain('<ac:parameter ac:name="language">julia</ac:parameter>');
    expect(code('python', { julia: 'julia' })).not.toContain('language');
  });
});
