import type { WikiFeatures } from '../../wiki/ports.js';
import { withoutLinks, wordsOf } from '../wiki/inline.js';
import type { Cell, Emitter, Inline, Part, Style, Surroundings } from '../wiki/parts.js';
import { cdata, escapeXml } from './escape.js';

const TAGS: Record<Style, string> = {
  strong: 'strong',
  emphasis: 'em',
  strike: 's',
  underline: 'u',
  sub: 'sub',
  sup: 'sup'
};

/** Languages that the code macro of Data Center knows, by the name that highlighters use. It shows an error for others. */
const LANGUAGES: Readonly<Record<string, string>> = {
  python: 'py',
  scala: 'scala',
  java: 'java',
  groovy: 'groovy',
  javascript: 'js',
  bash: 'bash',
  sql: 'sql',
  yaml: 'yml',
  xml: 'xml',
  css: 'css',
  cpp: 'cpp',
  csharp: 'c#',
  ruby: 'ruby',
  perl: 'perl',
  php: 'php',
  erlang: 'erl',
  powershell: 'powershell',
  diff: 'diff'
};

type Part$<K extends Part['kind']> = Extract<Part, { kind: K }>;

/** Writes Confluence's storage format: well-formed XHTML with macros that Cloud and Data Center both know. */
export class ConfluenceEmitter implements Emitter {
  constructor(
    private readonly features: WikiFeatures,
    private readonly marker: string,
    private readonly around: Surroundings
  ) {}

  write(parts: readonly Part[]): string {
    return parts.map(part => this.part(part)).join('\n');
  }

  tags(): string {
    return '';
  }

  private part(part: Part): string {
    switch (part.kind) {
      case 'heading':
        return `<h${part.level}>${macro('anchor', { '': part.id })}${this.inline(part.inner)}</h${part.level}>`;
      case 'paragraph':
        return `<p>${this.inline(part.inner)}</p>`;
      case 'list':
        return this.list(part);
      case 'quote':
        return `<blockquote>${this.write(part.parts)}</blockquote>`;
      case 'code':
        return this.code(part.text, part.language);
      case 'text':
        return part.long && this.features.collapsible
          ? expand('Output', this.code(part.text, undefined))
          : this.code(part.text, undefined);
      case 'math':
        return this.code(part.tex.trim(), undefined);
      case 'table':
        return this.table(part);
      case 'picture':
        return `<p>${this.picture(part.picture, part.alt)}</p>`;
      case 'rule':
        return '<hr/>';
      case 'notice':
        return macro(
          'info',
          { icon: 'false' },
          `<ac:rich-text-body><p>${this.inline(part.inner)}</p></ac:rich-text-body>`
        );
      case 'below':
        return `<p><em>${escapeXml(part.text)}</em></p>`;
      case 'fold':
        return this.fold(part);
    }
  }

  private fold({ summary, parts }: Part$<'fold'>): string {
    const body = this.write(parts);
    return this.features.collapsible ? expand(wordsOf(summary), body) : `<p>${this.inline(summary)}</p>\n${body}`;
  }

  private code(text: string, language: string | undefined): string {
    const { highlights, languages = LANGUAGES } = this.features;
    const name = language !== undefined && Object.hasOwn(languages, language) ? languages[language] : undefined;
    const parameters: Record<string, string> = name === undefined || !highlights ? {} : { language: name };
    return macro('code', parameters, `<ac:plain-text-body>${cdata(text, this.marker)}</ac:plain-text-body>`);
  }

  private list({ ordered, start, items }: Part$<'list'>): string {
    const tag = ordered ? 'ol' : 'ul';
    const open = ordered && start !== 1 ? `<ol start="${start}">` : `<${tag}>`;
    return `${open}${items.map(item => `<li>${this.write(item)}</li>`).join('')}</${tag}>`;
  }

  private table({ caption, head, body }: Part$<'table'>): string {
    const title =
      caption === undefined || caption.trim() === '' ? '' : `<p><strong>${escapeXml(caption)}</strong></p>\n`;
    const rows = [...head, ...body].map(row => `<tr>${row.map(cell => this.cell(cell)).join('')}</tr>`);
    return `${title}<table><tbody>${rows.join('\n')}</tbody></table>`;
  }

  private cell(cell: Cell): string {
    const tag = cell.header === true ? 'th' : 'td';
    const attributes = [
      cell.columns === undefined ? '' : ` colspan="${cell.columns}"`,
      cell.rows === undefined ? '' : ` rowspan="${cell.rows}"`
    ];
    const align = cell.align === undefined || cell.align === 'left' ? '' : ` style="text-align: ${cell.align};"`;
    return `<${tag}${attributes.join('')}><p${align}>${this.inline(cell.inner)}</p></${tag}>`;
  }

  private inline(nodes: readonly Inline[]): string {
    return nodes.map(node => this.node(node)).join('');
  }

  private node(node: Inline): string {
    switch (node.kind) {
      case 'text':
        return escapeXml(node.text.replace(/\s*\n\s*/g, ' '));
      case 'break':
        return '<br/>';
      case 'span':
        return `<${TAGS[node.style]}>${this.inline(node.inner)}</${TAGS[node.style]}>`;
      case 'code':
        return `<code>${escapeXml(node.text)}</code>`;
      case 'math':
        return `<code>${escapeXml(node.tex.trim().replace(/\s*\n\s*/g, ' '))}</code>`;
      case 'picture':
        return this.picture(node.picture, node.alt);
      case 'link':
        return this.link(node.href, node.inner);
    }
  }

  private link(href: string, inner: readonly Inline[]): string {
    const label = this.inline(withoutLinks(inner));
    const words = label.trim() === '' ? escapeXml(href) : label;
    if (!href.startsWith('#')) return `<a href="${escapeXml(href)}">${words}</a>`;
    return `<ac:link ac:anchor="${escapeXml(href.slice(1))}"><ac:link-body>${words}</ac:link-body></ac:link>`;
  }

  private picture(picture: Parameters<Surroundings['place']>[0], alt: string): string {
    const placed = this.around.place(picture);
    const words = alt.replace(/\s+/g, ' ').trim();
    if (!placed) return `<em>${escapeXml(`A picture is not shown here${words === '' ? '' : `: ${words}`}`)}</em>`;
    const width = placed.width === undefined ? '' : ` ac:width="${placed.width}"`;
    return `<ac:image ac:alt="${escapeXml(words)}"${width}><ri:attachment ri:filename="${placed.name}"/></ac:image>`;
  }
}

function macro(name: string, parameters: Record<string, string>, body = ''): string {
  const given = Object.entries(parameters).map(
    ([key, value]) => `<ac:parameter ac:name="${key}">${escapeXml(value)}</ac:parameter>`
  );
  return `<ac:structured-macro ac:name="${name}">${given.join('')}${body}</ac:structured-macro>`;
}

function expand(title: string, body: string): string {
  return macro('expand', { title: title.slice(0, 250) }, `<ac:rich-text-body>${body}</ac:rich-text-body>`);
}
