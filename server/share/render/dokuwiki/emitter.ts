import type { WikiFeatures } from '../../wiki/ports.js';
import { withoutLinks, wordsOf } from '../wiki/inline.js';
import type { Cell, Emitter, Inline, Part, Style, Surroundings } from '../wiki/parts.js';
import { asItStands, escapeAddress, escapeText, storable } from './escape.js';

const SIGNS: Record<Style, [string, string]> = {
  strong: ['**', '**'],
  emphasis: ['//', '//'],
  strike: ['<del>', '</del>'],
  underline: ['__', '__'],
  sub: ['<sub>', '</sub>'],
  sup: ['<sup>', '</sup>']
};
/** The namespace in which attachments lie, where the wiki says no other. */
const ATTACHMENTS = ':lakeside:';
/** DokuWiki has five levels of headings. */
const LEVELS = 5;

type Part$<K extends Part['kind']> = Extract<Part, { kind: K }>;

/** Writes DokuWiki's text. Items of lists and cells of tables are one line there, headings have no markup in them. */
export class DokuWikiEmitter implements Emitter {
  constructor(
    private readonly features: WikiFeatures,
    private readonly marker: string,
    private readonly around: Surroundings
  ) {}

  write(parts: readonly Part[]): string {
    return parts.map(part => this.part(part)).join('\n\n');
  }

  tags(): string {
    return '';
  }

  private part(part: Part): string {
    switch (part.kind) {
      case 'heading': {
        const signs = '='.repeat(LEVELS + 2 - Math.min(part.level, LEVELS));
        return `${signs} ${storable(wordsOf(part.inner))
          .replace(/\s+/g, ' ')
          .replace(/^[\s=]+|[\s=]+$/g, '')} ${signs}`;
      }
      case 'paragraph':
        return this.inline(part.inner);
      case 'list':
        return this.list(part, 1);
      case 'quote':
        return part.parts
          .map(each => (each.kind === 'paragraph' ? `> ${this.inline(each.inner)}` : this.part(each)))
          .join('\n');
      case 'code':
        return this.block(part.text, part.language);
      case 'text':
        return this.block(part.text, undefined);
      case 'math':
        return this.features.maths === 'native'
          ? `$$${storable(part.tex).trim()}$$`
          : this.block(part.tex.trim(), 'latex');
      case 'table':
        return this.table(part);
      case 'picture':
        return this.picture(part.picture, part.alt);
      case 'rule':
        return '----';
      case 'notice':
        return `> ${this.inline(part.inner)}`;
      case 'below':
        return `//${escapeText(part.text)}//`;
      case 'fold':
        return `${this.inline(part.summary)}\n\n${this.write(part.parts)}`;
    }
  }

  /** Code in the first of the tags that it does not close itself; line by line where it closes both. */
  private block(text: string, language: string | undefined): string {
    const raw = storable(text);
    const name = this.features.highlights && language !== undefined ? ` ${language.replace(/[^a-z0-9-]/gi, '')}` : '';
    const marked = raw.includes(this.marker);
    // GeSHi, the wiki's highlighter, breaks the whole page where a string's escape sign is the last of the code.
    const shown = name !== '' && raw.endsWith('\\') ? `${raw} ` : raw;
    if (!marked && !raw.includes('</code>')) return `<code${name}>\n${shown}\n</code>`;
    if (!marked && !raw.includes('</file>')) return `<file${name}>\n${shown}\n</file>`;
    const lines = raw.replaceAll(this.marker, `${this.marker.slice(0, 4)}%%%%${this.marker.slice(4)}`).split('\n');
    return lines.map(line => (line === '' ? '' : `''${asItStands(line)}''`)).join('\\\\\n');
  }

  private list({ ordered, items }: Part$<'list'>, depth: number): string {
    const mark = `${'  '.repeat(depth)}${ordered ? '-' : '*'} `;
    const after: string[] = [];
    const lines = items.flatMap(item => {
      const [first, ...rest] = item;
      const words = first?.kind === 'paragraph' ? this.inline(first.inner) : '';
      const others = first?.kind === 'paragraph' ? rest : item;
      return [
        `${mark}${words}`,
        ...others.flatMap(part => {
          if (part.kind === 'list') return [this.list(part, depth + 1)];
          if (part.kind === 'paragraph') return [`${mark}${this.inline(part.inner)}`];
          after.push(this.part(part));
          return [];
        })
      ];
    });
    return [lines.join('\n'), ...after].join('\n\n');
  }

  private table({ caption, head, body }: Part$<'table'>): string {
    const title = caption === undefined || caption.trim() === '' ? '' : `**${escapeText(caption)}**\n\n`;
    const spans: number[] = [];
    return title + [...head, ...body].map(row => this.row(row, spans)).join('\n');
  }

  /** @param spans - for each column how many rows the cell above still takes */
  private row(cells: readonly Cell[], spans: number[]): string {
    let line = '';
    let column = 0;
    let last = '|';
    const covered = (): void => {
      while ((spans[column] ?? 0) > 0) {
        line += '| ::: ';
        spans[column] = (spans[column] ?? 1) - 1;
        column++;
      }
    };
    for (const cell of cells) {
      covered();
      const sign = cell.header === true ? '^' : '|';
      const text = this.inline(cell.inner);
      const [left, right] = [
        cell.align === 'right' || cell.align === 'center' ? '  ' : ' ',
        cell.align === 'center' ? '  ' : ' '
      ];
      const width = cell.columns ?? 1;
      line += `${sign}${left}${text}${right}${sign.repeat(width - 1)}`;
      for (let at = 0; at < width; at++) spans[column + at] = (cell.rows ?? 1) - 1;
      column += width;
      last = sign;
    }
    covered();
    return `${line}${last}`;
  }

  private inline(nodes: readonly Inline[]): string {
    return nodes.map(node => this.node(node)).join('');
  }

  private node(node: Inline): string {
    switch (node.kind) {
      case 'text':
        return escapeText(node.text);
      case 'break':
        return '\\\\ ';
      case 'span': {
        const [open, close] = SIGNS[node.style];
        const inner = this.inline(node.inner);
        return inner.trim() === '' ? inner : `${open}${inner}${close}`;
      }
      case 'code':
        // Our own mark is such code: what looks like it is written as text.
        if (node.text.includes(this.marker)) return escapeText(node.text);
        return `''${asItStands(storable(node.text).replace(/\s+/g, ' '))}''`;
      case 'math': {
        const tex = storable(node.tex).trim().replace(/\s+/g, ' ');
        return this.features.maths === 'native' ? `$${tex}$` : `''${asItStands(tex)}''`;
      }
      case 'picture':
        return this.picture(node.picture, node.alt);
      case 'link':
        return this.link(node.href, node.inner);
    }
  }

  /** The words of a link are plain text there, and nothing can keep their closing signs from closing it. */
  private link(href: string, inner: readonly Inline[]): string {
    const words = storable(wordsOf(inner)).replace(/\s+/g, ' ').trim();
    if (href.startsWith('#') || /\]\]|\{\{|\|/.test(words)) return this.inline(withoutLinks(inner));
    return `[[${escapeAddress(href)}|${words === '' ? href : words}]]`;
  }

  private picture(picture: Parameters<Surroundings['place']>[0], alt: string): string {
    const placed = this.around.place(picture);
    const words = storable(alt).replace(/\s+/g, ' ').trim();
    if (!placed) return `//${escapeText(`A picture is not shown here${words === '' ? '' : `: ${words}`}`)}//`;
    const width = placed.width === undefined ? '' : `?${placed.width}`;
    return `{{${this.features.attachmentsAt ?? ATTACHMENTS}${placed.name}${width}|${words.replace(/[{}|]/g, ' ')}}}`;
  }
}
