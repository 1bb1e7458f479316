/** Titles are cut here, as the contract wants it. */
const MAX_TITLE = 200;

/** The first heading of a markdown cell as plain text, if there is one. */
export function headingOf(source: string): string | undefined {
  let fence: string | undefined;
  let previous = '';
  for (const line of source.slice(0, 64 * 1024).split(/\r\n|\r|\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]?.charAt(0);
    if (mark !== undefined) fence = fence === undefined ? mark : fence === mark ? undefined : fence;
    else if (fence === undefined) {
      const heading =
        /^ {0,3}#{1,6}[ \t]+(.*)$/.exec(line)?.[1] ?? /^\s*<h[1-6][^>]{0,200}>(.{1,500}?)<\/h[1-6]>/i.exec(line)?.[1];
      const underlined =
        /^ {0,3}(=+|-{2,})[ \t]*$/.test(line) && /^ {0,3}[^\s>|*+#-]/.test(previous) ? previous : undefined;
      const title = titleOf(heading ?? underlined ?? '');
      if (title !== undefined) return title;
    }
    previous = line;
  }
  return undefined;
}

/** A heading's text as a title: no marks, one line, nothing that deceives the eye. Undefined where nothing is left. */
export function titleOf(text: string): string | undefined {
  const plain = inlineText(text.replace(/[ \t]#+[ \t]*$/, ''))
    // eslint-disable-next-line no-control-regex -- control characters have no place in a title
    .replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ')
    .replace(/\s+/g, ' ')
    .toWellFormed()
    .trim();
  if (plain === '') return undefined;
  return plain
    .slice(0, MAX_TITLE)
    .replace(/[\ud800-\udbff]$/, '')
    .trim();
}

/** The words of a markdown text, without its marks, tags, addresses and embedded pictures. */
export function proseOf(source: string): string {
  const text = source
    .slice(0, 1024 * 1024)
    .replace(/data:[\w/+.-]{1,60};base64,[A-Za-z0-9+/=]+/g, '#')
    .replace(/^ {0,3}(?:#{1,6}|>|[-*+]|\d{1,9}[.)])[ \t]+/gm, '')
    .replace(/^ {0,3}(?:`{3,}|~{3,}).*$/gm, '')
    .replace(/^[ \t|:-]{3,}$/gm, '');
  return inlineText(text)
    .replace(/[ \t]+/g, ' ')
    .replace(/\s*\n\s*/g, '\n')
    .trim();
}

function inlineText(text: string): string {
  return withoutComments(text)
    .replace(/<\/?[A-Za-z][^<>]{0,2000}>/g, ' ')
    .replace(/!?\[([^[\]]{0,2000})\]\([^()\s]{0,2000}(?:\s"[^"\n]{0,500}")?\)/g, '$1')
    .replace(/\[([^[\]]{0,2000})\]\[[^[\]]{0,500}\]/g, '$1')
    .replace(/[*`~]+|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, '')
    .replace(/&(amp|lt|gt|quot|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .replace(/\\([\\`*_{}[\]()#+.!|-])/g, '$1');
}

/** By search instead of a pattern: many unclosed comments would take a pattern forever. */
function withoutComments(text: string): string {
  let start = text.indexOf('<!--');
  if (start < 0) return text;
  const parts: string[] = [];
  let from = 0;
  while (start >= 0) {
    const end = text.indexOf('-->', start + 4);
    if (end < 0) break;
    parts.push(text.slice(from, start));
    from = end + 3;
    start = text.indexOf('<!--', from);
  }
  return [...parts, text.slice(from)].join(' ');
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ', '#39': "'" };
