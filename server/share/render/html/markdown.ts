import type { Token } from 'markdown-it';
import { inlineText, pictureAt, type Pictures } from '../build/markdown.js';
import { dataAddress } from '../build/picture.js';
import { highlightName } from '../build/languages.js';
import type { MarkdownBlock, Picture } from '../sharedoc.js';
import type { PageContext } from './context.js';
import { escapeHtml } from './escape.js';
import { placeHeadings } from './foreign.js';
import { inline, mayHoldMath, setTextMath } from './textmath.js';

/** Brackets a finished piece of ours in HTML that is sanitised: private characters, removed from foreign text first. */
const OPEN = '\u{f0000}';
const CLOSE = '\u{f0001}';

/** Writes prose. */
export async function markdownHtml(block: MarkdownBlock, page: PageContext, opens: boolean): Promise<string> {
  await loadFor(block.tokens, page);
  const writer = new ProseWriter(block.pictures, page, opens);
  if (!block.html) return writer.blocks(block.tokens);
  writer.pieces = [];
  const raw = writer.blocks(block.tokens);
  const { pieces } = writer;
  // Foreign text cannot hold a bare "<", so this mark is ours alone wherever it stands.
  const clean = (await page.clean())(raw, {
    pictures: block.pictures,
    text: (text, tag) =>
      setTextMath(text, tag, page.math, html => `<piece ${pieces.push(html) - 1}>`).replace(
        /\u{f0000}(\d+)\u{f0001}/gu,
        '<piece $1>'
      )
  });
  const placed = placeHeadings(clean, page, { listed: true, opens });
  return placed.replace(/<piece (\d+)>/g, (_, number: string) => pieces[Number(number)] ?? '');
}

/** The inline parts of a heading. */
export async function inlineHtml(tokens: Token[], pictures: Pictures, page: PageContext): Promise<string> {
  await loadFor(tokens, page);
  return new ProseWriter(pictures, page, false).inline(tokens);
}

/** Loads KaTeX and highlighter languages where these tokens need them. */
async function loadFor(tokens: readonly Token[], page: PageContext): Promise<void> {
  for (const token of tokens) {
    if (token.type === 'html_block' && mayHoldMath(token.content)) await page.math.load();
    if (token.type === 'math_inline' || token.type === 'math_block') await page.math.load();
    else if (token.type === 'fence') await page.code.load(highlightName(token.info));
    if (token.children) await loadFor(token.children, page);
  }
}

class ProseWriter {
  /** Pieces that must not go through the sanitiser; undefined where nothing is sanitised. */
  pieces: string[] | undefined;
  /** Levels of the headings that are open. */
  private readonly open: number[] = [];

  constructor(
    private readonly pictures: Pictures,
    private readonly page: PageContext,
    private readonly opens: boolean
  ) {}

  blocks(tokens: readonly Token[]): string {
    let html = '';
    tokens.forEach((token, at) => {
      html += this.block(token, tokens, at);
    });
    return html;
  }

  inline(tokens: readonly Token[]): string {
    return tokens.map(token => this.inlineToken(token)).join('');
  }

  private block(token: Token, tokens: readonly Token[], at: number): string {
    switch (token.type) {
      case 'inline':
        return this.inline(token.children ?? []);
      case 'heading_open': {
        const wanted = Number(token.tag.slice(1));
        // In foreign HTML all headings are placed together afterwards.
        if (this.pieces) return `<h${wanted}>`;
        const text = inlineText(tokens[at + 1]?.children ?? []);
        const { id, level } = this.page.heading(text, wanted, this.opens && at === 0);
        this.open.push(level);
        return `<h${level} id="${id}" class="h${wanted}">`;
      }
      case 'heading_close':
        return `</h${this.pieces ? token.tag.slice(1) : (this.open.pop() ?? 1)}>\n`;
      case 'fence':
      case 'code_block':
        return this.finished(this.codeBlock(token));
      case 'math_block':
        return this.finished(this.page.math.html(token.content, true));
      case 'html_block':
        return this.foreign(token.content);
      case 'table_open':
        return `<div class="scroll" role="region" tabindex="0" aria-label="Table ${this.page.number('table')}"><table>`;
      case 'table_close':
        return '</table></div>\n';
      case 'hr':
        return '<hr>\n';
      default:
        return token.hidden ? '' : this.plainTag(token);
    }
  }

  /** Paragraphs, lists, quotes and tables: markdown-it made them, with attributes of its own. */
  private plainTag(token: Token): string {
    if (token.tag === '') return '';
    if (token.nesting < 0) return `</${token.tag}>\n`;
    const task = token.attrGet('class') === 'task' ? ' class="task"' : '';
    const start = token.attrGet('start');
    const align = /text-align:(left|center|right)/.exec(token.attrGet('style') ?? '')?.[1];
    return `<${token.tag}${task}${start === null ? '' : ` start="${escapeHtml(start)}"`}${align === undefined ? '' : ` style="text-align:${align}"`}>`;
  }

  private inlineToken(token: Token): string {
    switch (token.type) {
      case 'text':
        return this.text(token.content);
      case 'code_inline':
        return `<code>${this.text(token.content)}</code>`;
      case 'softbreak':
        return '\n';
      case 'hardbreak':
        return '<br>\n';
      case 'math_inline':
        return this.finished(inline(this.page.math.html(token.content, token.markup === '$$')));
      case 'html_inline':
        return this.foreign(token.content);
      case 'image':
        return this.finished(this.image(token));
      case 'link_open':
        return linkTag(token.attrGet('href'));
      case 'link_close':
        return '</a>';
      default:
        return token.tag === '' ? this.text(token.content) : `<${token.nesting < 0 ? '/' : ''}${token.tag}>`;
    }
  }

  private text(text: string): string {
    if (!this.pieces) return escapeHtml(text);
    // Markdown has seen this dollar and did not take it for a formula.
    return escapeHtml(withoutBrackets(text)).replaceAll('$', () => this.finished('$'));
  }

  private foreign(html: string): string {
    return this.pieces ? withoutBrackets(html) : '';
  }

  private finished(html: string): string {
    if (!this.pieces) return html;
    this.pieces.push(html);
    return `${OPEN}${this.pieces.length - 1}${CLOSE}`;
  }

  private codeBlock(token: Token): string {
    const language = token.type === 'fence' ? highlightName(token.info) : undefined;
    return `<pre class="code" tabindex="0"><code>${this.page.code.html(token.content.replace(/\n$/, ''), language)}</code></pre>\n`;
  }

  private image(token: Token): string {
    const address = token.attrGet('src') ?? '';
    const alt = inlineText(token.children ?? []);
    const picture = pictureAt(this.pictures, address);
    return picture ? pictureTag(picture, alt) : missingPicture(address, alt);
  }
}

/** A picture of the page. Those drawn for white paper get it, so that they can be read in the dark. */
export function pictureTag(picture: Picture, alt: string): string {
  const width = picture.width === undefined ? '' : ` width="${picture.width}"`;
  const height = picture.height === undefined ? '' : ` height="${picture.height}"`;
  return `<img${picture.paper ? ' class="paper"' : ''} alt="${escapeHtml(alt)}"${width}${height} src="${dataAddress(picture)}">`;
}

function missingPicture(address: string, alt: string): string {
  const name = address.startsWith('lakeside-picture:') ? '' : decoded(address).slice(0, 200);
  const words = alt === '' ? 'A picture' : `Picture “${alt.slice(0, 200)}”`;
  return `<span class="absent">${escapeHtml(`${words} is not part of the notebook${name === '' ? '' : ` (${name})`}`)}</span>`;
}

function decoded(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

function linkTag(href: string | null): string {
  if (href === null) return '<a>';
  return href.startsWith('#')
    ? `<a href="${escapeHtml(href)}">`
    : `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer nofollow">`;
}

function withoutBrackets(text: string): string {
  return text.replace(/[\u{f0000}\u{f0001}]/gu, '\ufffd');
}
