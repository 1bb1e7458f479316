import type { Renderer, Token } from 'markdown-it';
import { decodeEntities } from '../build/entities.js';
import { highlightName } from '../build/languages.js';
import { inlineText, pictureAt, type Pictures } from '../build/markdown.js';
import { mathIn } from '../build/math.js';
import { escapeHtml } from '../html/escape.js';
import { loadSanitiser, type Sanitiser } from '../sanitise/html.js';
import { ID_PREFIX } from '../sanitise/url.js';
import type { MarkdownBlock } from '../sharedoc.js';
import { CLOSE, inlineOfHtml, OPEN, partsOfHtml, type Piece } from './foreign.js';
import type { Inline, Part } from './parts.js';

type Rules = Renderer['rules'];
interface Markdown {
  renderer: { rules: Rules; render(tokens: Token[], options: object, env: object): string };
  options: object;
}

/** Reads prose into parts. What markdown-it and the sanitiser need is loaded at the first use. */
export class ProseReader {
  private markdown: Promise<Markdown> | undefined;
  private sanitiser: Promise<Sanitiser> | undefined;

  async parts(block: MarkdownBlock): Promise<Part[]> {
    const { html, pieces } = await this.html(block.tokens, block.pictures, block.html);
    return partsOfHtml(html, pieces);
  }

  async inline(tokens: Token[], pictures: Pictures): Promise<Inline[]> {
    const { html, pieces } = await this.html(tokens, pictures, false);
    return inlineOfHtml(html, pieces);
  }

  /** HTML in which formulas, code and pictures are marks. Foreign HTML in it is sanitised. */
  private async html(
    tokens: Token[],
    pictures: Pictures,
    foreign: boolean
  ): Promise<{ html: string; pieces: Piece[] }> {
    const pieces: Piece[] = [];
    const mark = (piece: Piece): string => `${OPEN}${pieces.push(piece) - 1}${CLOSE}`;
    const markdown = await (this.markdown ??= load());
    const rules = markdown.renderer.rules;
    Object.assign(rules, marking(pictures, foreign, mark));
    const isInline = tokens.every(token => token.type !== 'inline' && !token.block);
    const all = isInline ? [inlineToken(tokens)] : tokens;
    const html = markdown.renderer.render(all, markdown.options, {});
    if (!foreign) return { html, pieces };
    const clean = await (this.sanitiser ??= loadSanitiser());
    return { html: clean(html, { pictures, text: (text, tag) => withMath(text, tag, mark) }), pieces };
  }
}

async function load(): Promise<Markdown> {
  const { default: MarkdownIt } = await import('markdown-it');
  return new MarkdownIt({ html: true });
}

function inlineToken(children: Token[]): Token {
  return { type: 'inline', children, content: '' } as unknown as Token;
}

/** How the tokens are written: what is no text becomes a mark. */
function marking(pictures: Pictures, foreign: boolean, mark: (piece: Piece) => string): Rules {
  const at = (tokens: Token[], index: number): Token => tokens[index] as Token;
  // Markdown has seen this dollar and did not take it for a formula.
  const text = (content: string): string => {
    const escaped = escapeHtml(content.replace(/[\u{f0000}\u{f0001}]/gu, '\ufffd'));
    return foreign ? escaped.replaceAll('$', () => mark({ kind: 'text', text: '$' })) : escaped;
  };
  const code = (tokens: Token[], index: number): string => {
    const { type, info, content } = at(tokens, index);
    const language = type === 'fence' ? highlightName(info) : undefined;
    return mark({ block: { kind: 'code', text: content.replace(/\n$/, ''), language } });
  };
  const html = (tokens: Token[], index: number): string =>
    foreign ? at(tokens, index).content.replace(/[\u{f0000}\u{f0001}]/gu, '\ufffd') : '';
  return {
    text: (tokens, index) => text(at(tokens, index).content),
    code_inline: (tokens, index) => `<code>${text(at(tokens, index).content)}</code>`,
    fence: code,
    code_block: code,
    html_block: html,
    html_inline: html,
    math_inline: (tokens, index) => {
      const { content, markup } = at(tokens, index);
      return mark({ kind: 'math', tex: content, display: markup === '$$' });
    },
    math_block: (tokens, index) => mark({ block: { kind: 'math', tex: at(tokens, index).content } }),
    image: (tokens, index) => mark(image(at(tokens, index), pictures)),
    link_open: (tokens, index) => linkTag(at(tokens, index).attrGet('href'), foreign)
  };
}

function image(token: Token, pictures: Pictures): Inline {
  const picture = pictureAt(pictures, token.attrGet('src') ?? '');
  const alt = inlineText(token.children ?? []);
  if (picture) return { kind: 'picture', picture, alt };
  const name = alt === '' ? 'A picture' : `Picture “${alt.slice(0, 200)}”`;
  return { kind: 'text', text: `${name} is not part of the notebook.` };
}

/** The sanitiser puts our prefix before the names of places, so it must not be there twice. */
function linkTag(href: string | null, foreign: boolean): string {
  if (href === null) return '<a>';
  const place = foreign && href.startsWith(`#${ID_PREFIX}`) ? `#${href.slice(1 + ID_PREFIX.length)}` : href;
  return `<a href="${escapeHtml(place)}">`;
}

const VERBATIM = new Set(['code', 'pre', 'kbd', 'samp', 'tt']);

/** Formulas in the texts of foreign HTML, as MathJax finds them on Jupyter's pages. */
function withMath(escaped: string, tag: string, mark: (piece: Piece) => string): string {
  if (VERBATIM.has(tag) || !/[$\\]/.test(escaped)) return escaped;
  return mathIn(escaped)
    .map(part =>
      typeof part === 'string' ? part : mark({ kind: 'math', tex: decodeEntities(part.tex), display: part.display })
    )
    .join('');
}
