import { describe, expect, test } from 'vitest';
import { dangers } from '../../../support/harmless.js';
import { markdownCell, notebookOf, PICTURE } from '../../../support/notebooks.js';
import { pageOf } from '../../../support/rendering.js';

/** The HTML of the cells made from markdown. */
async function proseOf(source: string, more = {}): Promise<string> {
  const { html } = await pageOf(notebookOf([markdownCell('Before.'), markdownCell(source, more)]), { title: 'T' });
  expect(dangers(html)).toEqual([]);
  return (html.split('<div class="cell prose" id="cell-2">')[1] ?? '').split('</main>')[0]?.trim() ?? '';
}

describe('markdown', () => {
  test('of every kind becomes HTML', async () => {
    const html = await proseOf(
      'A *b* **c** `d` ~~e~~\n\n1. x\n2. y\n\n> q\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |\n\n- [x] done\n- [ ] open\n\n---\n'
    );
    for (const part of [
      '<p>A <em>b</em> <strong>c</strong> <code>d</code> <s>e</s></p>',
      '<ol><li>',
      '<blockquote><p>q</p>',
      '<th style="text-align:center">a</th>',
      '<td style="text-align:right">2</td>',
      '<li class="task">☑ done',
      '<li class="task">☐ open',
      '<hr>'
    ])
      expect(html.replaceAll('>\n', '>')).toContain(part);
  });

  test('code in it is coloured in its language', async () => {
    expect(await proseOf('```python\nimport os\n```')).toContain('<span class="hljs-keyword">import</span> os');
    expect(await proseOf('```nosuch\n<b>\n```')).toContain('<code>&lt;b&gt;</code>');
  });

  test('links open beside the page and tell nothing; places in the page stay in it', async () => {
    expect(await proseOf('[x](https://example.org/a?b=1&c)')).toContain(
      '<a href="https://example.org/a?b=1&amp;c" target="_blank" rel="noopener noreferrer nofollow">x</a>'
    );
    expect(await proseOf('[x](#My-Part)\n\n## My Part')).toMatch(/<a href="#nb-My-Part">x<\/a>[^]*<h2 id="nb-My-Part"/);
    expect(await proseOf('[x](javascript:alert(1)) [y](data.csv) [z](https://a:b@c.de)')).toContain(
      '<a>x</a> <a>y</a> <a>z</a>'
    );
  });

  test('pictures come from the notebook; others are named as missing', async () => {
    const attachments = { 'a b.png': { 'image/png': PICTURE } };
    expect(await proseOf('![A plot](<attachment:a b.png>)', { attachments })).toContain(
      `<img class="paper" alt="A plot" width="2" height="1" src="data:image/png;base64,${PICTURE}">`
    );
    expect(await proseOf(`![x](data:image/png;base64,${PICTURE})`)).toContain('width="2"');
    expect(await proseOf('![Map](https://example.org/map.png)')).toContain(
      'Picture “Map” is not part of the notebook (https://example.org/map.png)'
    );
  });

  test('harmless HTML in it stays, the rest goes', async () => {
    const html = await proseOf(
      '<details><summary>More</summary>\n\n*yes*\n\n</details>\n\n<div class="alert alert-info other" onclick="x()" style="color:red;position:fixed">note</div>\n\n<script>x()</script><iframe src="https://x"></iframe>'
    );
    expect(html).toContain('<summary>More</summary>');
    expect(html).toContain('<em>yes</em>');
    expect(html).toContain('<div class="alert alert-info" style="color:red">note</div>');
    expect(html).not.toMatch(/script|iframe|onclick|position|other/);
  });
});

describe('mathematics', () => {
  test.each([
    ['inline', '$a^2$'],
    ['displayed', '$$\\int_0^1 x\\,dx$$'],
    ['in two backslashes', 'So \\\\(x\\\\) is'],
    ['an environment alone', '\\begin{align}a &= b\\\\c &= d\\end{align}'],
    ['in HTML', '<div>$x^2$</div>'],
    ['MathJax’s own', '$$\\begin{eqnarray}a &=& b \\nonumber\\end{eqnarray}$$']
  ])('%s is set', async (_, source) => {
    expect(await proseOf(source)).toMatch(/class="katex"/);
  });

  test.each([
    ['prices', 'It costs $5 and $6.', 'It costs $5 and $6.'],
    ['code', '`$x$`', '<code>$x$</code>'],
    ['an escaped dollar', 'a \\$b\\$ c', 'a $b$ c'],
    ['what KaTeX does not know', '$\\nosuch{x}$', '<code class="tex">\\nosuch{x}</code>'],
    ['a link in a formula', '$\\href{javascript:alert(1)}{x}$', '']
  ])('%s stay as written', async (_, source, expected) => {
    const html = await proseOf(source);
    expect(html).toContain(expected);
    expect(html).not.toContain('href=');
  });

  test('macros hold in later cells; the page carries only fonts that it uses', async () => {
    const { html } = await pageOf(notebookOf([markdownCell('$\\def\\R{\\mathbb{R}}$'), markdownCell('$x \\in \\R$')]));
    expect(html).toContain('<span class="mord mathbb">R</span>');
    expect(html.includes('@font-face{font-family:KaTeX_AMS')).toBe(true);
    expect(html.includes('@font-face{font-family:KaTeX_Fraktur')).toBe(false);
    expect((await pageOf(notebookOf([markdownCell('no formula')]))).html.includes('KaTeX')).toBe(false);
  });

  test('thousands of unclosed delimiters do not stall', async () => {
    expect(await proseOf(`${'$a \\\\[ $$ '.repeat(20_000)}\n\n<p>${'$a '.repeat(50_000)}</p>`)).not.toBe('');
  });
});
