import { parseDocument } from 'htmlparser2';
import { dataPicture, svgPicture } from '../build/picture.js';
import { anchorId } from '../sanitise/url.js';
import type { Picture } from '../sharedoc.js';
import { tidy, wordsOf } from './inline.js';
import type { Cell, Inline, Part, Style } from './parts.js';

type AnyNode = ReturnType<typeof parseDocument>['children'][number];
type Element = Extract<AnyNode, { name: string; attribs: object; children: unknown }>;
type Text = Extract<AnyNode, { nodeType: 3; data: string }>;
/** Kinds of nodes, by the numbers of the DOM. */
const ELEMENT = 1;
const TEXT = 3;

/** A finished piece that stands in the HTML as a number between private characters. */
export type Piece = Inline | { block: Part };

export const OPEN = '\u{f0000}';
export const CLOSE = '\u{f0001}';
const MARKED = /\u{f0000}(\d+)\u{f0001}/gu;

const STYLES: Record<string, Style> = {
  b: 'strong',
  strong: 'strong',
  i: 'emphasis',
  em: 'emphasis',
  cite: 'emphasis',
  dfn: 'emphasis',
  var: 'emphasis',
  s: 'strike',
  del: 'strike',
  strike: 'strike',
  u: 'underline',
  ins: 'underline',
  sub: 'sub',
  sup: 'sup'
};
const VERBATIM = new Set(['code', 'kbd', 'samp', 'tt']);
const BLOCKS = new Set(
  'p div section article header footer main aside center address blockquote ul ol li dl dt dd pre table hr h1 h2 h3 h4 h5 h6 figure figcaption details summary caption'.split(
    ' '
  )
);

/**
 * Reads HTML that is ours or was sanitised into the parts that it holds.
 *
 * @param pieces - what the marks in its texts stand for
 */
export function partsOfHtml(html: string, pieces: readonly Piece[] = []): Part[] {
  return new HtmlParts(pieces).blocks(parseDocument(html, { decodeEntities: true }).children);
}

/** The same for HTML that stands in one line. */
export function inlineOfHtml(html: string, pieces: readonly Piece[] = []): Inline[] {
  return tidy(new HtmlParts(pieces).inline(parseDocument(html, { decodeEntities: true }).children));
}

class HtmlParts {
  constructor(private readonly pieces: readonly Piece[]) {}

  blocks(nodes: readonly AnyNode[]): Part[] {
    const parts: Part[] = [];
    let line: Inline[] = [];
    const end = (): void => {
      const inner = tidy(line);
      line = [];
      const only = inner.length === 1 ? inner[0] : undefined;
      if (only?.kind === 'picture') parts.push({ kind: 'picture', picture: only.picture, alt: only.alt });
      else if (inner.length > 0) parts.push({ kind: 'paragraph', inner });
    };
    const visit = (node: AnyNode): void => {
      if (isText(node)) {
        for (const piece of this.textPieces(node.data)) {
          if (!('block' in piece)) line.push(piece);
          else {
            end();
            parts.push(piece.block);
          }
        }
      } else if (isElement(node)) {
        if (!this.holdsBlock(node)) line.push(...this.inline([node]));
        else if (BLOCKS.has(node.name)) {
          end();
          parts.push(...this.block(node));
        } else node.children.forEach(visit);
      }
    };
    nodes.forEach(visit);
    end();
    return parts;
  }

  inline(nodes: readonly AnyNode[]): Inline[] {
    return nodes.flatMap((node): Inline[] => {
      if (isText(node))
        return this.textPieces(node.data).flatMap(piece => ('block' in piece ? asInline(piece.block) : [piece]));
      if (!isElement(node)) return [];
      const inner = (): Inline[] => this.inline(node.children);
      const style = Object.hasOwn(STYLES, node.name) ? STYLES[node.name] : undefined;
      if (style !== undefined) return [{ kind: 'span', style, inner: inner() }];
      if (VERBATIM.has(node.name)) return [{ kind: 'code', text: words(inner()) }];
      if (node.name === 'br') return [{ kind: 'break' }];
      if (node.name === 'a') {
        const { href } = node.attribs;
        return href === undefined || href === '' ? inner() : [{ kind: 'link', href, inner: inner() }];
      }
      if (node.name === 'img') return image(node);
      if (node.name === 'svg') return drawing(node);
      const text = inner();
      return BLOCKS.has(node.name) && text.length > 0 ? [...text, { kind: 'break' }] : text;
    });
  }

  private block(node: Element): Part[] {
    const { name, children } = node;
    if (/^h[1-6]$/.test(name)) {
      const inner = tidy(this.inline(children));
      const id = node.attribs['id'] ?? anchorId(wordsOf(inner));
      return inner.length === 0 ? [] : [{ kind: 'heading', level: Number(name.slice(1)), id, inner }];
    }
    switch (name) {
      case 'hr':
        return [{ kind: 'rule' }];
      case 'pre':
        return [{ kind: 'code', text: verbatim(node, this.pieces).replace(/^\n|\n+$/g, ''), language: undefined }];
      case 'blockquote':
        return [{ kind: 'quote', parts: this.blocks(children) }];
      case 'ul':
      case 'ol':
      case 'dl':
        return this.list(node);
      case 'table':
        return this.table(node);
      case 'details':
        return this.fold(node);
      default:
        return this.blocks(children);
    }
  }

  private list(node: Element): Part[] {
    if (node.name === 'dl') return this.blocks(node.children);
    const items = node.children.filter(isElement).map(item => this.blocks(item.name === 'li' ? item.children : [item]));
    const start = Number(node.attribs['start'] ?? '1');
    const ordered = node.name === 'ol';
    return items.length === 0 ? [] : [{ kind: 'list', ordered, start: Number.isSafeInteger(start) ? start : 1, items }];
  }

  private fold(node: Element): Part[] {
    const summary = node.children.filter(isElement).find(child => child.name === 'summary');
    const parts = this.blocks(node.children.filter(child => child !== summary));
    const words = summary ? tidy(this.inline(summary.children)) : [];
    return [{ kind: 'fold', summary: words.length > 0 ? words : [{ kind: 'text', text: 'Details' }], parts }];
  }

  private table(node: Element): Part[] {
    const head: Cell[][] = [];
    const body: Cell[][] = [];
    let caption: string | undefined;
    const walk = (element: Element, into: Cell[][]): void => {
      for (const child of element.children.filter(isElement)) {
        if (child.name === 'caption') caption = wordsOf(tidy(this.inline(child.children)));
        else if (child.name === 'tr') into.push(child.children.filter(isElement).map(cell => this.cell(cell)));
        else walk(child, child.name === 'thead' ? head : body);
      }
    };
    walk(node, body);
    return head.length + body.length === 0 ? [] : [{ kind: 'table', caption, head, body }];
  }

  private cell(node: Element): Cell {
    const given = /text-align:\s*(left|center|right)/.exec(node.attribs['style'] ?? '')?.[1] ?? node.attribs['align'];
    const align = given === 'left' || given === 'center' || given === 'right' ? given : undefined;
    const columns = span(node.attribs['colspan']);
    const rows = span(node.attribs['rowspan']);
    return {
      inner: tidy(this.inline(node.children)),
      ...(node.name === 'th' && { header: true }),
      ...(align !== undefined && { align }),
      ...(columns !== undefined && { columns }),
      ...(rows !== undefined && { rows })
    };
  }

  private holdsBlock(node: Element): boolean {
    if (BLOCKS.has(node.name)) return true;
    if (node.name === 'svg') return false;
    return node.children.some(child =>
      isElement(child)
        ? this.holdsBlock(child)
        : isText(child) && this.textPieces(child.data).some(piece => 'block' in piece)
    );
  }

  private textPieces(text: string): Piece[] {
    const pieces: Piece[] = [];
    text.split(MARKED).forEach((part, at) => {
      const piece = at % 2 === 1 ? this.pieces[Number(part)] : undefined;
      if (piece) pieces.push(piece);
      else if (at % 2 === 0 && part !== '') pieces.push({ kind: 'text', text: part });
    });
    return pieces;
  }
}

function isElement(node: AnyNode): node is Element {
  return node.nodeType === ELEMENT;
}

function isText(node: AnyNode): node is Text {
  return node.nodeType === TEXT;
}

function words(nodes: Inline[]): string {
  return wordsOf(nodes).replace(/\s+/g, ' ');
}

/** The text of preformatted HTML, with its line breaks. */
function verbatim(node: AnyNode, pieces: readonly Piece[]): string {
  if (isText(node))
    return node.data.replace(MARKED, (_, number: string) => {
      const piece = pieces[Number(number)];
      return piece === undefined ? '' : wordsOf('block' in piece ? asInline(piece.block) : [piece]);
    });
  if (!isElement(node)) return '';
  return node.name === 'br' ? '\n' : node.children.map(child => verbatim(child, pieces)).join('');
}

/** A part that got into a line. */
function asInline(part: Part): Inline[] {
  if (part.kind === 'math') return [{ kind: 'math', tex: part.tex, display: true }];
  if (part.kind === 'code' || part.kind === 'text') return [{ kind: 'code', text: part.text.replace(/\s+/g, ' ') }];
  return [];
}

function image(node: Element): Inline[] {
  const picture = dataPictureOf(node.attribs['src'] ?? '');
  const alt = node.attribs['alt'] ?? '';
  const width = Number(node.attribs['width']);
  if (picture) return [{ kind: 'picture', picture: { ...picture, ...(width > 0 && { width }) }, alt }];
  return alt === '' ? [] : [{ kind: 'text', text: alt }];
}

/** Pictures in sanitised HTML are `data:` addresses, an SVG among them where a notebook attached one. */
function dataPictureOf(address: string): Picture | undefined {
  const svg = /^data:image\/svg\+xml;base64,/i.exec(address);
  return svg ? svgPicture(Buffer.from(address.slice(svg[0].length), 'base64').toString('utf8')) : dataPicture(address);
}

/** A drawing made of tags: its words, which is what a wiki can hold of it. */
function drawing(node: Element): Inline[] {
  const text = verbatim(node, []).replace(/\s+/g, ' ').trim();
  return text === '' ? [] : [{ kind: 'text', text }];
}

function span(value: string | undefined): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 1 && number <= 1000 ? number : undefined;
}
