import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  baseUrl,
  namespaceOf,
  namespaceOfPage,
  pageId,
  pageTitle,
  pageUrl,
  spaceOf
} from '../../../../server/adapters/wiki-dokuwiki/names.js';

describe('names of pages in DokuWiki', () => {
  it('stay in their namespace and short enough for a file, whatever the title', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), title => {
        const id = pageId('lab:reports', title);
        expect(namespaceOfPage(id)).toBe('lab:reports');
        const name = id.slice('lab:reports:'.length);
        expect(name).toMatch(/[\p{L}\p{N}]/u);
        expect(encodeURIComponent(name).length).toBeLessThan(230);
        expect(name).not.toMatch(/[\s/;:\\]/);
      })
    );
  });

  it('are never those of a start page or a sidebar, nor empty', () => {
    expect(pageId('', 'Start')).toBe('start_notebook');
    expect(pageId('lab', ' sidebar ')).toBe('lab:_sidebar__notebook');
    expect(pageId('', '!?')).toBe('untitled_notebook!?');
    expect(pageId('', 'Start of the year')).toBe('start_of_the_year');
  });

  it('are told from a first heading, and from the page where there is none', () => {
    expect(pageTitle('lab:in_the_lab', 'x\n===== In the lab =====\n')).toBe('In the lab');
    expect(pageTitle('lab:in_the_lab', '====== a = b ======')).toBe('a = b');
    expect(pageTitle('lab:in_the_lab', 'no heading == here')).toBe('in the lab');
  });

  it('take namespaces and addresses as people write them', () => {
    expect([':', '', ' :Lab:Reports: '].map(namespaceOf)).toEqual(['', '', 'lab:reports']);
    expect([spaceOf(''), spaceOf('lab')]).toEqual([':', 'lab']);
    for (const given of ['', '/', '/doku.php', '/doku.php?id=start', '/lib/exe/xmlrpc.php', '/index.php#x'])
      expect(baseUrl(`https://wiki.example.org/dw${given}`).href).toBe('https://wiki.example.org/dw/');
    expect(pageUrl(new URL('https://wiki.example.org/dw/'), 'lab:größe')).toBe(
      'https://wiki.example.org/dw/doku.php?id=lab:gr%C3%B6%C3%9Fe'
    );
  });
});
