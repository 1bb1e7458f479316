import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { holdsMarker, regionMarks, takeApart } from '../../../../../server/share/wiki/region.js';
import { canonicalStorage, sameStorage } from '../../../../../server/share/wiki/storage/canonical.js';
import { settled } from '../../../../../server/share/wiki/storage/settle.js';
import { readStorage } from '../../../../../server/share/wiki/storage/tree.js';
import { hostileText } from '../../../../support/wikis/hostileText.js';
import { MARKER } from '../../../../support/wikis/pages.js';

const { begin, end } = regionMarks('confluence', MARKER);
const canonical = (storage: string): string | undefined => canonicalStorage(storage, MARKER);
const anchor = (which: string, more = ''): string =>
  `<ac:structured-macro ac:name="anchor" ac:schema-version="1" ac:macro-id="1-2"${more}><ac:parameter ac:name="">lakeside-${which}-${MARKER}</ac:parameter><ac:parameter ac:name="legacyAnchorId">LEGACY_x</ac:parameter></ac:structured-macro>`;

describe('reading storage format', () => {
  it.each(['<p>x', '<p>x</b></p>', '</p>', 'a < b', '<p a=b>x</p>', '<![CDATA[x', '<p'])('refuses %s', storage => {
    expect(readStorage(storage)).toBeUndefined();
  });

  it('reads any text without failing, and in time', () => {
    fc.assert(
      fc.property(hostileText(), text => {
        const nodes = readStorage(text);
        expect(nodes === undefined || Array.isArray(nodes)).toBe(true);
      }),
      { numRuns: 2000 }
    );
    for (const text of [
      '<'.repeat(200_000),
      '<p '.repeat(100_000),
      '<![CDATA['.repeat(50_000),
      `<p ${'a="b" '.repeat(50_000)}`
    ])
      expect(readStorage(text)).toBeUndefined();
    // Too deep for whoever reads it.
    expect(readStorage('<p>'.repeat(100_000) + '</p>'.repeat(100_000))).toBeUndefined();
  });
});

describe('one way of writing', () => {
  it.each([
    [
      'ids of our macros',
      '<ac:structured-macro ac:name="code" ac:macro-id="1" ac:schema-version="1"><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:structured-macro>',
      '<ac:structured-macro ac:name="code"><ac:plain-text-body><![CDATA[x]]></ac:plain-text-body></ac:structured-macro>'
    ],
    ['names of characters', '<p>Gr&uuml;&szlig;e&nbsp;&ndash; &#8364; &quot;</p>', '<p>Grüße\u00a0– € &quot;</p>'],
    ['blanks between blocks', '<p>a</p>\n\n  <p>b\n  c</p>', '<p>a</p>\n<p>b c</p>'],
    ['empty elements', '<p>a<br />b</p><hr></hr>', '<p>a<br/>b</p>\n<hr/>'],
    ['room for a cursor', '<p>a</p><p class="auto-cursor-target"><br /></p><p />', '<p>a</p>'],
    [
      'widths of tables',
      '<table class="wrapped" data-layout="default"><colgroup><col /><col /></colgroup><tbody><tr><td colspan="1"><p local-id="x">1</p></td></tr></tbody></table>',
      '<table><tbody><tr><td><p>1</p></td></tr></tbody></table>'
    ],
    [
      'what editors add to a picture',
      '<ac:image ac:layout="center" ac:alt="a" ac:align="center" ac:original-width="9"><ri:attachment ri:version-at-save="1" ri:filename="x.png" /></ac:image>',
      '<p><ac:image ac:alt="a"><ri:attachment ri:filename="x.png"/></ac:image></p>'
    ],
    [
      'plain words of a link',
      '<p><ac:link ac:anchor="x"><ac:plain-text-link-body><![CDATA[a & b]]></ac:plain-text-link-body></ac:link></p>',
      '<p><ac:link ac:anchor="x"><ac:link-body>a &amp; b</ac:link-body></ac:link></p>'
    ]
  ])('takes away %s', (_name, given, wanted) => {
    expect(canonical(given)).toBe(wanted);
    expect(canonical(wanted)).toBe(wanted);
  });

  it.each([
    '<ac:structured-macro ac:macro-id="1" ac:name="jira"><ac:parameter ac:name="key">A-1</ac:parameter></ac:structured-macro>',
    '<p>a <ac:inline-comment-marker ac:ref="1">b</ac:inline-comment-marker></p>',
    '<p style="text-align: right;">x</p>',
    '<table><tbody><tr><td class="highlight-red" colspan="2">x</td></tr></tbody></table>',
    '<p><ac:image ac:align="right"><ri:attachment ri:filename="x.png"/></ac:image></p>'
  ])('keeps what a person chose: %s', storage => {
    expect(canonical(storage)).toBe(storage);
  });

  it('tells different texts apart', () => {
    expect(sameStorage('<p>a</p>\n<p>b</p>', '<p>a</p><p>b </p>')).toBe(true);
    for (const other of ['<p>ab</p>', '<p>a</p><p>c</p>', '<p>a</p><h1>b</h1>', '<p>a</p>', '<p>a'])
      expect(sameStorage('<p>a</p><p>b</p>', other)).toBe(false);
  });
});

describe('managed regions in a page', () => {
  it('are written in one way, and all around them stays byte for byte', () => {
    const before =
      '<p local-id="1">Gr&uuml;&szlig;e</p>\n\n<table class="wrapped"><tbody><tr><td>1</td></tr></tbody></table>';
    const after = '<p />  <ac:structured-macro ac:name="toc" ac:macro-id="3" />';
    const page = `${before}<p local-id="2">${anchor('begin')}</p><p local-id="3">x&uuml;</p><hr /><p>${anchor('end', ' ac:local-id="9"')}</p>${after}`;
    expect(settled(page)).toBe(`${before}${begin}\n<p>xü</p>\n<hr/>\n${end}${after}`);
    expect(settled(settled(page))).toBe(settled(page));
  });

  it('let go of words that a person wrote into the paragraph of a mark', () => {
    const page = `<p class="x">Mine <em>1</em> ${anchor('begin')} inside</p><p>a</p><p>end ${anchor('end')} Yours<br /></p>`;
    const parts = takeApart(settled(page), 'confluence', MARKER);
    expect(parts).toEqual({
      before: '<p class="x">Mine <em>1</em> </p>\n',
      region: `${begin}\n<p class="x">inside</p>\n<p>a</p>\n<p>end</p>\n${end}`,
      after: '\n<p> Yours<br /></p>'
    });
  });

  it('are broken where a mark was moved into something, so that nothing is torn apart', () => {
    const page = `${begin}<table><tbody><tr><td><p>a</p>${end}</td></tr></tbody></table>`;
    expect(settled(page)).toBe(page);
    expect(takeApart(page, 'confluence', MARKER)).toBe('broken');
    expect(holdsMarker(page, 'confluence', MARKER)).toBe(true);
  });

  it('are left alone where a page holds them twice, or is no storage format', () => {
    for (const page of [`${begin}<p>a</p>${end}${begin}<p>b</p>${end}`, `${begin}<p>a${end}`, `${end}<p/>${begin}`])
      expect(settled(page)).toBe(page);
  });

  it('of two notebooks on one page are both seen', () => {
    const other = regionMarks('confluence', '01K9ZZZZZZZZZZZZZZZZZZZZZB');
    const page = `${begin}<p>a</p>${end}<p>between</p>${other.begin}<p>b</p>${other.end}`;
    expect(settled(page)).toBe(`${begin}\n<p>a</p>\n${end}<p>between</p>${other.begin}\n<p>b</p>\n${other.end}`);
  });
});
