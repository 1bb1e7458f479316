const MAX_BYTES = 255;
/** What a title of MediaWiki may not hold, and characters that look the same. */
const WIDE: Record<string, string> = {
  '#': '＃',
  '<': '＜',
  '>': '＞',
  '[': '［',
  ']': '］',
  '{': '｛',
  '}': '｝',
  '|': '｜'
};

/**
 * The title of a page for what a person calls it: characters that MediaWiki refuses become ones that look like them.
 *
 * @param options.prefix - namespace or parent in front of it, with its colon or slash
 * @param options.prefixes - words that mean something else before a colon; lower case
 */
export function pageTitle(given: string, options: { prefix: string; prefixes: ReadonlySet<string> }): string {
  let title = given
    .normalize('NFC')
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd\ufeff]/g, ' ')
    .replace(/[#<>[\]{}|]/g, char => WIDE[char] ?? ' ')
    .replace(/~{3,}/g, run => '～'.repeat(run.length))
    .replace(/%(?=[0-9A-Fa-f]{2})/g, '％')
    .replace(/&(?=[A-Za-z0-9#]+;)/g, '＆')
    .replace(/[\s_\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/g, ' ')
    .replace(/^[\s:]+/, '')
    .trim();
  const colon = title.indexOf(':');
  if (colon > 0 && options.prefixes.has(title.slice(0, colon).trim().toLowerCase()))
    title = `${title.slice(0, colon)}：${title.slice(colon + 1)}`;
  title = title
    .split('/')
    .map(part => (/^\s*\.{1,2}\s*$/.test(part) ? part.replaceAll('.', '․') : part))
    .join('/')
    .replace(/^\/+/, '');
  const room = MAX_BYTES - Buffer.byteLength(options.prefix.slice(options.prefix.indexOf(':') + 1));
  return cut(title === '' ? 'Untitled notebook' : title, room);
}

/** As much of a text as fits into so many bytes of UTF-8, whole characters only. */
function cut(text: string, bytes: number): string {
  let size = 0;
  let kept = '';
  for (const char of text) {
    size += Buffer.byteLength(char);
    if (size > bytes) break;
    kept += char;
  }
  return kept.trim();
}
