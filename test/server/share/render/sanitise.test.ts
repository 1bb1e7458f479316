import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { safeStyle } from '../../../../server/share/render/sanitise/css.js';
import { loadSanitiser } from '../../../../server/share/render/sanitise/html.js';
import { anchorId, safeLink } from '../../../../server/share/render/sanitise/url.js';
import { dangers } from '../../../support/harmless.js';
import { rawDocuments } from '../../../support/hostile.js';

const policy = '<meta http-equiv="Content-Security-Policy">';

describe('styles', () => {
  test.each([
    ['color: Red; text-align:CENTER', 'color:Red;text-align:CENTER'],
    ['color:red;color:blue', 'color:blue'],
    ['width: 100px !important', 'width:100px'],
    ['border: 1px solid #ccc', 'border:1px solid #ccc'],
    ['font-family: "Arial", sans-serif', "font-family:'Arial', sans-serif"],
    ['background: url(x)', ''],
    ['background: linear-gradient(90deg, red 5%, transparent 5%)', ''],
    ['position: fixed; z-index: 9; inset: 0', ''],
    ['color: r\\65 d', ''],
    ['color: red /* */', ''],
    ['margin: -500px', ''],
    ['width: 99999px', ''],
    ['opacity: 0.01', ''],
    ['font-size: 900px', ''],
    ['--x: red; color: var(--x)', ''],
    ['constructor: 1; __proto__: 2', ''],
    ['display: none', '']
  ])('%s → %s', (given, kept) => {
    expect(safeStyle(given, 'block')).toBe(kept);
  });

  test('cells may do less than blocks', () => {
    expect(safeStyle('display:flex;color:red', 'cell')).toBe('color:red');
  });

  test('no declaration that is let through can load, escape its value or its place', () => {
    const part = fc.constantFrom(
      'url(',
      ')',
      'red',
      '1px',
      ';',
      ':',
      '\\',
      '"',
      "'",
      '/*',
      '*/',
      '!important',
      '}',
      '<',
      'rgb(',
      ',',
      '0',
      '@import',
      'background',
      'color',
      'font-family',
      ' '
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 12 }).map(parts => `color:${parts.join('')}`),
        style => {
          expect(safeStyle(style, 'block')).not.toMatch(/url|\\|[<>{}"@]|\/\*/);
        }
      ),
      { numRuns: 2000 }
    );
  });
});

describe('links', () => {
  test.each([
    ['https://example.org/a b', 'https://example.org/a%20b'],
    ['HTTP://EXAMPLE.org', 'http://example.org/'],
    ['//example.org/x', 'https://example.org/x'],
    ['mailto:a@example.org', 'mailto:a@example.org'],
    ['#Part 1', '#nb-Part-1'],
    ['#', undefined],
    ['java\nscript:alert(1)', undefined],
    ['\u0001javascript:alert(1)', undefined],
    ['ht\u0000tps://example.org', 'https://example.org/'],
    ['data:text/html,x', undefined],
    ['file:///etc/passwd', undefined],
    ['other.ipynb', undefined],
    ['https://user:secret@example.org', undefined],
    ['https://', undefined]
  ])('%j → %s', (given, kept) => {
    expect(safeLink(given)).toBe(kept);
  });

  test('places and the links to them get the same name, whatever they are called', () => {
    expect(anchorId('Über%20uns')).toBe('nb-Über-uns');
    expect(anchorId('"><script>')).toBe('nb-script');
    fc.assert(
      fc.property(fc.string(), name => {
        expect(anchorId(name)).toMatch(/^nb-[^\s"'<>&=]*$/);
      })
    );
  });
});

describe('HTML', () => {
  test('every known payload is harmless afterwards', async () => {
    const clean = await loadSanitiser();
    for (const { name, html } of rawDocuments('http://127.0.0.1:1'))
      expect(dangers(policy + clean(html)), name).toEqual([]);
  });

  test('so is what is put together at random', async () => {
    const clean = await loadSanitiser();
    const names =
      'a img svg math style script title p table td iframe template noscript mtext use animate text details'.split(' ');
    const tag = fc
      .tuple(
        fc.constantFrom(...names, ...names.map(name => `/${name}`)),
        fc.constantFrom(
          '',
          ' onerror=x',
          ' href="javascript:x"',
          ' src=//x',
          ' style="a:url(x)"',
          ' id=location',
          ' xlink:href="#x"',
          ' "',
          " '",
          '/',
          '\u0000',
          ' title="</style><img src=x onerror=y>"'
        )
      )
      .map(([name, attribute]) => `<${name}${attribute}>`);
    const piece = fc.oneof(
      tag,
      fc.constantFrom('<!--', '-->', '<![CDATA[', ']]>', '&lt;', '<', '"', 'text', '<?', '--!>')
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }).map(parts => parts.join('')),
        html => {
          const once = clean(html);
          expect(dangers(policy + once)).toEqual([]);
          // What is clean stays as it is: nothing comes alive when it is read again.
          expect(dangers(policy + clean(once))).toEqual([]);
        }
      ),
      { numRuns: 3000 }
    );
  });

  test('what people write stays', async () => {
    const clean = await loadSanitiser();
    const html =
      '<h2 id="nb-x">T</h2><p style="color:red">a <b>b</b> <a href="#nb-x">c</a><br /></p><svg width="9" viewbox="0 0 9 9"><circle r="4" fill="red"></circle></svg>';
    expect(clean(html.replaceAll('nb-x', 'x'))).toBe(html);
  });
});
