import { safeStyle } from '../sanitise/css.js';
import type { TableBlock, TableCell, TableRow } from '../sharedoc.js';
import { cutTable } from './tablecut.js';
import { decodeEntities, hasRareEntity } from './entities.js';
import { StylerRules } from './styler.js';

/**
 * Reads the HTML of a data frame (pandas, polars, R, Spark …) straight into a table: strict, in one pass, several times
 * faster than a general sanitiser. Anything it does not know makes it give up, and the sanitiser takes over.
 *
 * @returns undefined where this is more than a table of texts
 */
export function readTable(html: string): TableBlock | undefined {
  if (!html.includes('<table')) return undefined;
  return new TableReader(html).read();
}

/** The data frame inside scripted HTML (Colab, itables): its table alone says what it has to say. */
export function embeddedFrame(html: string): TableBlock | undefined {
  const start = html.search(/<table\b[^>]{0,500}\bclass="[^"]{0,200}\bdataframe\b/);
  const end = start < 0 ? -1 : html.indexOf('</table>', start);
  return end < 0 ? undefined : readTable(html.slice(start, end + 8));
}

const ATTRIBUTE = /\s+([A-Za-z][\w:-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>=`]+)))?/y;

class TableReader {
  private readonly head: TableRow[] = [];
  private readonly body: TableRow[] = [];
  private row: TableRow | undefined;
  private cell: TableCell | undefined;
  /** The plain text of the open cell, the caption or a note; undefined between them. */
  private text: string | undefined;
  private section: 'none' | 'head' | 'body' = 'none';
  private seen = false;
  private open = false;
  private caption: string | undefined;
  private footer: string | undefined;
  private rules: StylerRules | undefined;

  constructor(private readonly html: string) {}

  read(): TableBlock | undefined {
    const { html } = this;
    let at = 0;
    while (at < html.length) {
      const less = html.indexOf('<', at);
      const end = less < 0 ? html.length : less;
      if (end > at && !this.characters(at, end)) return undefined;
      if (less < 0) break;
      const greater = html.indexOf('>', less);
      if (greater < 0) return undefined;
      const tag = html.slice(less + 1, greater);
      at = greater + 1;
      if (tag.startsWith('style')) {
        const close = html.indexOf('</style>', at);
        if (close < 0) return undefined;
        this.rules ??= new StylerRules();
        this.rules.add(html.slice(at, close));
        at = close + 8;
      } else if (!this.tag(tag)) return undefined;
    }
    return this.finish();
  }

  private characters(start: number, end: number): boolean {
    if (this.text !== undefined) {
      this.text += this.html.slice(start, end);
      return true;
    }
    for (let at = start; at < end; at++) if (this.html.charCodeAt(at) > 32) return false;
    return true;
  }

  /** Handles one tag. False for one that is not part of a plain table. */
  private tag(tag: string): boolean {
    switch (tag) {
      case 'td':
      case 'th':
        return this.openCell(tag, '');
      case '/td':
      case '/th':
        return this.closeCell();
      case 'tr':
        return this.openRow();
      case '/tr':
        return this.closeRow();
      case 'br':
      case 'br/':
      case 'br /':
        if (this.text === undefined) return false;
        this.text += '\n';
        return true;
    }
    const match = /^\/?([a-z]+)/.exec(tag);
    if (!match) return false;
    const rest = tag.slice(match[0].length);
    return tag.startsWith('/') ? rest.trim() === '' && this.close(match[1]) : this.begin(match[1], rest);
  }

  private begin(name: string | undefined, attributes: string): boolean {
    switch (name) {
      case 'td':
      case 'th':
        return this.openCell(name, attributes);
      case 'tr':
        return this.openRow();
      case 'table':
        if (this.seen) return false;
        this.seen = this.open = true;
        return readAttributes(attributes) !== undefined;
      case 'thead':
      case 'tbody':
      case 'tfoot':
        this.section = name === 'thead' ? 'head' : 'body';
        return this.open && this.row === undefined;
      case 'div':
        return !this.open && this.text === undefined;
      case 'caption':
      case 'p':
      case 'small':
        if (this.text !== undefined || (name !== 'caption' && this.open)) return false;
        this.text = '';
        return true;
      case 'colgroup':
      case 'col':
        return this.open;
      default:
        return false;
    }
  }

  private close(name: string | undefined): boolean {
    switch (name) {
      case 'table':
        this.open = false;
        return this.row === undefined;
      case 'thead':
      case 'tbody':
      case 'tfoot':
        this.section = 'none';
        return this.row === undefined;
      case 'div':
        return !this.open;
      case 'caption':
        this.caption = plain(this.text ?? '');
        this.text = undefined;
        return true;
      case 'p':
      case 'small':
        this.footer = [this.footer, plain(this.text ?? '')].filter(Boolean).join(' · ');
        this.text = undefined;
        return true;
      case 'colgroup':
      case 'col':
        return true;
      default:
        return false;
    }
  }

  private openRow(): boolean {
    if (!this.open || this.row !== undefined) return false;
    this.row = [];
    return true;
  }

  private closeRow(): boolean {
    if (this.row === undefined || this.text !== undefined) return false;
    const header =
      this.section === 'head' || (this.section === 'none' && this.body.length === 0 && allHeaders(this.row));
    (header ? this.head : this.body).push(this.row);
    this.row = undefined;
    return true;
  }

  private openCell(name: 'td' | 'th', rest: string): boolean {
    if (this.row === undefined || this.text !== undefined) return false;
    this.text = '';
    this.cell = name === 'th' ? { text: '', header: true } : undefined;
    if (rest === '') return true;
    const attributes = readAttributes(rest);
    if (!attributes) return false;
    const cell = this.cell ?? { text: '' };
    const columns = span(attributes.get('colspan'));
    const rows = span(attributes.get('rowspan'));
    if (columns !== undefined) cell.columns = columns;
    if (rows !== undefined) cell.rows = rows;
    const style = safeStyle([attributes.get('style') ?? '', this.rules?.styleOf(attributes) ?? ''].join(';'), 'cell');
    const align = /(?:^|;)text-align:(left|center|right)/.exec(style)?.[1] ?? attributes.get('align');
    if (align === 'left' || align === 'center' || align === 'right') cell.align = align;
    const others = style.replace(/(?:^|(?<=;))text-align:[a-z]+;?/g, '');
    if (others !== '') cell.style = others;
    if (this.cell || Object.keys(cell).length > 1) this.cell = cell;
    return true;
  }

  private closeCell(): boolean {
    if (this.row === undefined || this.text === undefined || hasRareEntity(this.text)) return false;
    const text = plain(this.text);
    this.text = undefined;
    if (this.cell === undefined) this.row.push(text);
    else {
      this.cell.text = text;
      this.row.push(this.cell);
      this.cell = undefined;
    }
    return true;
  }

  private finish(): TableBlock | undefined {
    if (!this.seen || this.open || this.row !== undefined || this.text !== undefined) return undefined;
    if (this.head.length + this.body.length === 0) return undefined;
    return cutTable({
      kind: 'table',
      ...(this.caption && { caption: this.caption }),
      head: this.head,
      body: this.body,
      ...(this.footer && { footer: this.footer })
    });
  }
}

function allHeaders(row: TableRow): boolean {
  return row.length > 0 && row.every(cell => typeof cell !== 'string' && cell.header === true);
}

/** The attributes of a tag, or undefined where they do not end where the tag does. */
function readAttributes(text: string): Map<string, string> | undefined {
  const attributes = new Map<string, string>();
  ATTRIBUTE.lastIndex = 0;
  let end = 0;
  for (let match = ATTRIBUTE.exec(text); match; match = ATTRIBUTE.exec(text)) {
    attributes.set((match[1] as string).toLowerCase(), decodeEntities(match[2] ?? match[3] ?? match[4] ?? ''));
    end = ATTRIBUTE.lastIndex;
  }
  return text.slice(end).trim() === '' ? attributes : undefined;
}

function span(value: string | undefined): number | undefined {
  const number = value !== undefined && /^\d{1,5}$/.test(value) ? Number(value) : 1;
  return number > 1 ? Math.min(number, 1000) : undefined;
}

function plain(text: string): string {
  const decoded = decodeEntities(text);
  return decoded.length > 0 && (decoded.charCodeAt(0) <= 32 || decoded.charCodeAt(decoded.length - 1) <= 32)
    ? decoded.trim()
    : decoded;
}
