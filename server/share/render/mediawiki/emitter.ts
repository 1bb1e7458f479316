import type { WikiFeatures } from '../../wiki/ports.js';
import { withoutLinks, wordsOf } from '../wiki/inline.js';
import type { Cell, Emitter, Inline, Part, Placed, Style, Surroundings } from '../wiki/parts.js';
import { escapeAddress, escapeText, escapeVerbatim, lineStart, storable } from './escape.js';

const TAGS: Record<Style, string> = {
  strong: 'strong',
  emphasis: 'em',
  strike: 's',
  underline: 'u',
  sub: 'sub',
  sup: 'sup'
};
/** Wider pictures are shown scaled down, and whole behind a click. */
const MAX_WIDTH = 1000;
const NOTICE = 'border-left: 3px solid #a2a9b1; padding: 0.2em 0.8em; margin: 0.5em 0; color: #54595d;';
const LONG = 'max-height: 30em; overflow: auto;';

type Part$<K extends Part['kind']> = Extract<Part, { kind: K }>;

/** Writes wikitext. Code, formulas and folds are written with what this wiki has; names of places are kept. */
export class MediaWikiEmitter implements Emitter {
  constructor(
    private readonly features: WikiFeatures,
    private readonly marker: string,
    private readonly around: Surroundings
  ) {}

  write(parts: readonly Part[]): string {
    return parts.map(part => this.part(part)).join('\n\n');
  }

  tags(tags: readonly string[]): string {
    return tags
      .map(tag => categoryName(tag))
      .filter(name => name !== '')
      .map(name => `[[Category:${name}]]`)
      .join('\n');
  }

  private part(part: Part): string {
    switch (part.kind) {
      case 'heading':
        return this.heading(part);
      case 'paragraph':
        return lineStart(this.inline(part.inner));
      case 'list':
        return this.list(part);
      case 'quote':
        return `<blockquote>\n${this.write(part.parts)}\n</blockquote>`;
      case 'code':
        return this.code(part);
      case 'text':
        return pre(part.text, part.long ? ` style="${LONG}"` : '');
      case 'math':
        return this.formula(part.tex, true) ?? pre(part.tex.trim(), '');
      case 'table':
        return this.table(part);
      case 'picture':
        return this.picture(part.picture, part.alt);
      case 'rule':
        return '----';
      case 'notice':
        return `<div style="${NOTICE}">${this.inline(part.inner)}</div>`;
      case 'below':
        return `<small>${escapeText(part.text)}</small>`;
      case 'fold':
        return this.fold(part);
    }
  }

  private heading({ level, id, inner }: Part$<'heading'>): string {
    // The page's own title is the first level.
    const signs = '='.repeat(Math.min(level + 1, 6));
    const text = this.inline(inner).replaceAll('=', '&#61;');
    return `${signs} <span id="${id.replaceAll('"', '')}"></span>${text} ${signs}`;
  }

  private fold({ summary, parts }: Part$<'fold'>): string {
    const title = this.inline(summary);
    if (!this.features.collapsible) return `${lineStart(title)}\n\n${this.write(parts)}`;
    return `<div class="mw-collapsible mw-collapsed">\n${lineStart(title)}\n<div class="mw-collapsible-content">\n${this.write(parts)}\n</div>\n</div>`;
  }

  private code({ text, language }: Part$<'code'>): string {
    const raw = storable(text);
    // Nothing can be escaped inside this tag, so what would end it, or look like our mark, goes another way.
    const fits = !/<\/?syntaxhighlight/i.test(raw) && !raw.includes(this.marker) && raw.trim() !== '';
    if (!this.features.highlights || language === undefined || !fits) return pre(raw, '');
    return `<syntaxhighlight lang="${language.replace(/[^a-z0-9+#-]/gi, '')}">\n${raw}\n</syntaxhighlight>`;
  }

  /** A formula that the wiki sets itself; undefined where it cannot. */
  private formula(tex: string, display: boolean): string | undefined {
    const raw = storable(tex).trim();
    const fits = !/<\/?math/i.test(raw) && !raw.includes(this.marker);
    if (this.features.maths !== 'native' || !fits) return undefined;
    return `<math${display ? ' display="block"' : ''}>${raw.replace(/\s*\n\s*/g, '\n')}</math>`;
  }

  /** Simple lists as wikitext has them; those with more than lines in their items as HTML, which wikitext takes too. */
  private list(list: Part$<'list'>): string {
    return isSimple(list) ? this.lines(list, '').join('\n') : this.tagList(list);
  }

  private lines(list: Part$<'list'>, prefix: string): string[] {
    const mark = prefix + (list.ordered ? '#' : '*');
    return list.items.flatMap(item =>
      item.flatMap(part => {
        if (part.kind === 'list') return this.lines(part, mark);
        return part.kind === 'paragraph' ? [`${mark} ${lineStart(this.inline(part.inner))}`] : [];
      })
    );
  }

  private tagList({ ordered, start, items }: Part$<'list'>): string {
    const tag = ordered ? 'ol' : 'ul';
    const open = ordered && start !== 1 ? `<ol start="${start}">` : `<${tag}>`;
    return `${open}\n${items.map(item => `<li>\n${this.write(item)}\n</li>`).join('\n')}\n</${tag}>`;
  }

  private table({ caption, head, body }: Part$<'table'>): string {
    const lines = ['{| class="wikitable"'];
    if (caption !== undefined && caption.trim() !== '') lines.push(`|+ ${escapeText(caption)}`);
    for (const row of [...head, ...body]) lines.push('|-', ...row.map(cell => this.cell(cell)));
    return `${lines.join('\n')}\n|}`;
  }

  private cell(cell: Cell): string {
    const style = [cell.align && `text-align: ${cell.align}`, cell.style].filter(Boolean).join('; ');
    const attributes = [
      cell.columns === undefined ? '' : `colspan="${cell.columns}"`,
      cell.rows === undefined ? '' : `rowspan="${cell.rows}"`,
      style === '' ? '' : `style="${escapeVerbatim(style).replaceAll('"', '&quot;').replaceAll('|', '&#124;')}"`
    ].filter(part => part !== '');
    const mark = cell.header === true ? '!' : '|';
    return `${mark} ${attributes.length > 0 ? `${attributes.join(' ')} | ` : ''}${this.inline(cell.inner)}`.trimEnd();
  }

  private inline(nodes: readonly Inline[]): string {
    return nodes.map(node => this.node(node)).join('');
  }

  private node(node: Inline): string {
    switch (node.kind) {
      case 'text':
        return escapeText(node.text);
      case 'break':
        return '<br>';
      case 'span':
        return `<${TAGS[node.style]}>${this.inline(node.inner)}</${TAGS[node.style]}>`;
      case 'code':
        return `<code>${escapeCode(node.text)}</code>`;
      case 'math':
        return this.formula(node.tex, node.display) ?? `<code>${escapeCode(node.tex.trim())}</code>`;
      case 'picture':
        return this.picture(node.picture, node.alt);
      case 'link':
        return this.link(node.href, node.inner);
    }
  }

  private link(href: string, inner: readonly Inline[]): string {
    const label = this.inline(withoutLinks(inner));
    if (inner.some(node => node.kind === 'picture')) return label;
    if (href.startsWith('#')) {
      const place = href.slice(1).replace(/[^\p{L}\p{N}\p{M}_.:-]/gu, '');
      return place === '' ? label : `[[#${place}|${label === '' ? place : label}]]`;
    }
    return `[${escapeAddress(href)} ${wordsOf(inner).trim() === '' ? escapeText(href) : label}]`;
  }

  private picture(picture: Parameters<Surroundings['place']>[0], alt: string): string {
    const placed = this.around.place(picture);
    const words = alt.trim();
    if (!placed) return `<em>${escapeText(`A picture is not shown here${words === '' ? '' : `: ${words}`}`)}</em>`;
    return `[[File:${placed.name}${size(placed, picture.width)}|alt=${escapeText(words).replaceAll('=', '&#61;')}]]`;
  }
}

function size({ width }: Placed, natural: number | undefined): string {
  const wanted = Math.min(width ?? natural ?? 0, MAX_WIDTH);
  return width === undefined && (natural ?? 0) <= MAX_WIDTH ? '' : `|${wanted}px`;
}

/** A list whose items are single lines, each with lists of such lines below it at most. */
function isSimple(list: Part$<'list'>): boolean {
  if (list.ordered && list.start !== 1) return false;
  return list.items.every(([first, ...rest]) => {
    const opens = first?.kind === 'paragraph' && !first.inner.some(holdsBlock);
    return opens && rest.every(part => part.kind === 'list' && isSimple(part));
  });
}

function holdsBlock(node: Inline): boolean {
  return node.kind === 'math' && node.display;
}

function pre(text: string, attributes: string): string {
  return `<pre${attributes}>\n${escapeVerbatim(text)}\n</pre>`;
}

/** Text inside `<code>`, in which wikitext would be read. */
function escapeCode(text: string): string {
  return escapeText(text).replace(/=/g, '&#61;');
}

/** A tag as the name of a category. */
export function categoryName(tag: string): string {
  const name = storable(tag)
    .replace(/[#<>[\]{}|\u200e\u200f]/g, ' ')
    .replace(/~{3,}/g, ' ')
    .replace(/%(?=[0-9A-Fa-f]{2})/g, '% ')
    .replace(/[\s_]+/g, ' ')
    .trim();
  return /^[:/.]+$/.test(name) || name.startsWith(':') ? name.replace(/^[:/.\s]+/, '') : name;
}
