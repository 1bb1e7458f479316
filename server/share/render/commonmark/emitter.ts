import type { WikiFeatures } from '../../wiki/ports.js';
import { withoutLinks } from '../wiki/inline.js';
import type { Cell, Emitter, Inline, Part, Style, Surroundings } from '../wiki/parts.js';
import { escapeAddress, escapeHtmlText, escapeTag, escapeText, lineEnd, lineStart, storable } from './escape.js';

const TAGS: Record<Style, string> = {
  strong: 'strong',
  emphasis: 'em',
  strike: 'del',
  underline: 'ins',
  sub: 'sub',
  sup: 'sup'
};
/** The folder in which attachments lie, where the wiki names no other. */
const ATTACHMENTS = 'attachments/';

type Part$<K extends Part['kind']> = Extract<Part, { kind: K }>;

/** Writes Markdown for git wikis. Tables are HTML, which all of them read: cells may span and hold line breaks. */
export class CommonMarkEmitter implements Emitter {
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
      case 'heading':
        return `${'#'.repeat(part.level)} <a id="${escapeTag(part.id)}"></a>${lineEnd(this.inline(part.inner))}`;
      case 'paragraph':
        return lineStart(this.inline(part.inner));
      case 'list':
        return this.list(part);
      case 'quote':
        return indent(this.write(part.parts), '> ', '> ');
      case 'code':
        return this.fence(part.text, part.language ?? '');
      case 'text':
        return this.fence(part.text, '');
      case 'math':
        return this.fence(part.tex.trim(), this.features.maths === 'native' ? 'math' : 'latex');
      case 'table':
        return this.table(part);
      case 'picture':
        return this.picture(part.picture, part.alt);
      case 'rule':
        return '---';
      case 'notice':
        return `> ${lineStart(this.inline(part.inner))}`;
      case 'below':
        return `<em>${escapeText(part.text)}</em>`;
      case 'fold':
        return this.fold(part);
    }
  }

  private fold({ summary, parts }: Part$<'fold'>): string {
    if (!this.features.collapsible) return `${lineStart(this.inline(summary))}\n\n${this.write(parts)}`;
    return `<details><summary>${this.html(withoutLinks(summary))}</summary>\n\n${this.write(parts)}\n\n</details>`;
  }

  /** Code between fences that are longer than any in it. Nothing is read inside, so what looks like our mark is HTML. */
  private fence(text: string, language: string): string {
    const raw = storable(text);
    if (raw.includes(this.marker)) return `<pre><code>${escapeTag(raw).replace(/\n/g, '&#10;')}</code></pre>`;
    const longest = Math.max(2, ...[...raw.matchAll(/`+/g)].map(([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    return `${fence}${language.replace(/[^a-z0-9+#-]/gi, '')}\n${raw}\n${fence}`;
  }

  private list({ ordered, start, items }: Part$<'list'>): string {
    const loose = items.some(item => item.some(part => part.kind !== 'paragraph' && part.kind !== 'list'));
    const written = items.map((item, at) => {
      const mark = ordered ? `${Math.max(0, start) + at}. ` : '- ';
      const body = item.map(part => this.part(part)).join(loose ? '\n\n' : '\n');
      return indent(body, mark, ' '.repeat(mark.length));
    });
    return written.join(loose ? '\n\n' : '\n');
  }

  private table({ caption, head, body }: Part$<'table'>): string {
    const rows = (cells: Cell[][]): string =>
      cells.map(row => `<tr>${row.map(cell => this.cell(cell)).join('')}</tr>`).join('\n');
    return [
      '<table>',
      ...(caption === undefined || caption.trim() === '' ? [] : [`<caption>${escapeHtmlText(caption)}</caption>`]),
      ...(head.length === 0 ? [] : ['<thead>', rows(head), '</thead>']),
      ...(body.length === 0 ? [] : ['<tbody>', rows(body), '</tbody>']),
      '</table>'
    ].join('\n');
  }

  private cell(cell: Cell): string {
    const tag = cell.header === true ? 'th' : 'td';
    const attributes = [
      cell.columns === undefined ? '' : ` colspan="${cell.columns}"`,
      cell.rows === undefined ? '' : ` rowspan="${cell.rows}"`,
      cell.align === undefined ? '' : ` align="${cell.align}"`
    ];
    return `<${tag}${attributes.join('')}>${this.html(cell.inner)}</${tag}>`;
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
        return code(node.text);
      case 'math':
        return this.math(node.tex);
      case 'picture':
        return this.picture(node.picture, node.alt);
      case 'link': {
        const label = this.inline(withoutLinks(node.inner));
        return `[${label.trim() === '' ? escapeText(node.href) : label}](<${escapeAddress(node.href)}>)`;
      }
    }
  }

  /** The same inside tags of HTML. */
  private html(nodes: readonly Inline[]): string {
    return nodes
      .map(node => {
        switch (node.kind) {
          case 'text':
            return escapeHtmlText(node.text.replace(/\s*\n\s*/g, ' '));
          case 'break':
            return '<br>';
          case 'span':
            return `<${TAGS[node.style]}>${this.html(node.inner)}</${TAGS[node.style]}>`;
          case 'code':
            return `<code>${escapeHtmlText(node.text)}</code>`;
          case 'math':
            return `<code>${escapeHtmlText(node.tex.trim().replace(/\s*\n\s*/g, ' '))}</code>`;
          case 'picture':
            return this.picture(node.picture, node.alt, true);
          case 'link': {
            const label = this.html(withoutLinks(node.inner));
            return `<a href="${escapeTag(storable(node.href))}">${label.trim() === '' ? escapeHtmlText(node.href) : label}</a>`;
          }
        }
      })
      .join('');
  }

  private math(tex: string): string {
    const raw = storable(tex)
      .trim()
      .replace(/\s*\n\s*/g, ' ');
    return this.features.maths === 'native' && !raw.includes('`') ? `$\`${raw}\`$` : code(raw);
  }

  private picture(picture: Parameters<Surroundings['place']>[0], alt: string, inHtml = false): string {
    const placed = this.around.place(picture);
    const words = storable(alt).replace(/\s+/g, ' ').trim();
    if (!placed) {
      const missing = `A picture is not shown here${words === '' ? '' : `: ${words}`}`;
      return `<em>${inHtml ? escapeHtmlText(missing) : escapeText(missing)}</em>`;
    }
    const address = `${this.features.attachmentsAt ?? ATTACHMENTS}${placed.name}`;
    if (!inHtml && placed.width === undefined) return `![${escapeText(words)}](${address})`;
    const width = placed.width === undefined ? '' : ` width="${placed.width}"`;
    return `<img src="${address}" alt="${escapeTag(words)}"${width}>`;
  }
}

/** Code in a line: between backticks where it can, for they are what people write. */
function code(text: string): string {
  const raw = storable(text).replace(/\s*\n\s*/g, ' ');
  if (raw === '' || /^\s|\s$|`/.test(raw)) return `<code>${escapeText(raw)}</code>`;
  return `\`${raw}\``;
}

function indent(text: string, first: string, rest: string): string {
  return text
    .split('\n')
    .map((line, at) => (at === 0 ? first + line : line === '' ? rest.trimEnd() : rest + line))
    .join('\n');
}
