import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { forgeOf } from '../../../../server/adapters/wiki-git/forges/forge.js';
import { isPage } from '../../../../server/adapters/wiki-git/forges/names.js';
import { ForgeName } from '../../../../server/adapters/wiki-git/settings.js';
import { hostileText } from '../../../support/wikis/hostileText.js';

const names = ForgeName.options;

describe.each(names)('names of pages in %s', name => {
  const forge = forgeOf(name);

  it('hold any title, as one file that every machine can check out', () => {
    fc.assert(
      fc.property(fc.oneof(hostileText(), fc.string({ unit: 'grapheme', maxLength: 400 })), title => {
        const { path, head } = forge.place(title, '');
        // eslint-disable-next-line no-control-regex -- asks whether there is none of them
        expect(path).toMatch(/^[^/\\:*?"<>|\u0000-\u001f\ud800-\udfff]+\.md$/u);
        expect(path).not.toMatch(/^[.\s]|\s$/);
        expect(Buffer.byteLength(path)).toBeLessThanOrEqual(255);
        expect(path.isWellFormed()).toBe(true);
        expect(isPage(path)).toBe(true);
        expect(forge.title(path, head).trim()).not.toBe('');
        expect(new URL(forge.address(path), 'https://x.example/wiki/').href).toMatch(
          /^https:\/\/x\.example\/wiki\/[^/?#]+$/
        );
      }),
      { numRuns: 1000 }
    );
  });

  it('give the same file for the title that they show', () => {
    fc.assert(
      fc.property(hostileText(), given => {
        const place = forge.place(given, '');
        const shown = forge.title(place.path, place.head);
        const again = forge.place(shown, '');
        expect(again.path).toBe(place.path);
        expect(forge.title(again.path, again.head)).toBe(shown);
      }),
      { numRuns: 1000 }
    );
  });
});

/** Taken from what the sites themselves write and document; none of them runs here. */
const known: [ForgeName, string, string, string][] = [
  ['gitea', 'Home Page', 'Home-Page.md', 'Home-Page'],
  ['gitea', '100% Free', '100%25-Free.md', '100%25-Free'],
  ['gitea', '2000-01-02 meeting', '2000-01-02 meeting.-.md', '2000-01-02+meeting.-'],
  ['gitea', 'a/b', 'a%2Fb.md', 'a%2Fb'],
  ['gitea', '中', '%E4%B8%AD.md', '%E4%B8%AD'],
  ['forgejo', 'readme.md', 'readme.md.-.md', 'readme.md.-'],
  ['github', 'Home Page', 'Home-Page.md', 'Home-Page'],
  ['github', 'Casio MX-10', 'Casio-MX\u201010.md', 'Casio-MX%E2%80%9010'],
  ['github', 'TI-99/4A', 'TI\u201099\u22154A.md', 'TI%E2%80%9099%E2%88%954A'],
  ['gitlab', 'Home Page', 'Home-Page.md', 'Home-Page'],
  ['gitlab', 'Delays (2013)', 'Delays-2013.md', 'Delays-2013']
];

describe('the ways of each site', () => {
  it.each(known)('%s: %s', (name, title, path, address) => {
    const forge = forgeOf(name);
    expect(forge.place(title, '').path).toBe(path);
    expect(forge.address(path)).toBe(address);
    expect(forge.title(path, forge.place(title, '').head)).toBe(
      name === 'github' ? title.replaceAll('-', '\u2010').replace('/', '\u2215') : title
    );
  });

  it('names pages that a person made by hand', () => {
    expect(forgeOf('gitea').title('50%.md', '')).toBe('50%');
    expect(forgeOf('github').title('docs/Some-Page.md', '')).toBe('Some Page');
    expect(forgeOf('gitlab').title('a/some--page.markdown', '')).toBe('some page');
    expect(forgeOf('gitlab').title('a.md', "---\r\ntitle: 'It''s'\r\n---\r\ntext")).toBe("It's");
    expect(forgeOf('gitlab').title('a.md', '---\ntitle: [1\n---\ntext')).toBe('a');
    expect(forgeOf('gitlab').title('a.md', '---\nnot front matter')).toBe('a');
  });

  it('keeps sidebars, footers and templates out', () => {
    for (const path of ['_Sidebar.md', '_footer.md', 'a/_Header.md', '.gitlab/redirects.yml', 'a.png'])
      expect(isPage(path)).toBe(false);
    for (const path of ['Home.md', 'a/b.MD', 'c.markdown']) expect(isPage(path)).toBe(true);
  });

  it('is read beside the project', () => {
    const url = 'https://git.example.org/team/lab.wiki.git';
    expect(forgeOf('gitlab').pages(url)).toBe('https://git.example.org/team/lab/-/wikis');
    expect(forgeOf('forgejo').pages(url)).toBe('https://git.example.org/team/lab/wiki');
    expect(forgeOf('github').pages('https://github.com/team/lab.wiki.git/')).toBe('https://github.com/team/lab/wiki');
  });
});
