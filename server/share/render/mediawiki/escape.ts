/** Text in wikitext: every character that the parser could take for markup becomes a numeric entity, which it never does. */

// Control characters are no text, DEL begins the parser's own marks, and lone surrogates cannot travel.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffe\uffff]/g;

/** What can be stored at all: well-formed text without control characters. */
export function storable(text: string): string {
  return text.replace(NO_TEXT, '').toWellFormed();
}

const entity = (char: string): string => `&#${char.codePointAt(0) ?? 0};`;

/** A text in a line. Line breaks become blanks. */
export function escapeText(text: string): string {
  return (
    storable(text)
      .replace(/\s*\n\s*/g, ' ')
      // The replacement character ends the words of a link.
      .replace(/[&<>[\]{}|\ufffd]/g, entity)
      // Bold and italics, magic words, signatures; header cells. One between letters is plain text.
      .replace(/(?<![\p{L}\p{N}])['_~]|['_~](?![\p{L}\p{N}])/gu, entity)
      .replace(/!(?=!|$)|(?<=!)!/g, entity)
      // Bare addresses.
      .replace(/(?<=[A-Za-z]):(?!\s)/g, entity)
      .replace(/\b(RF|PMI|ISB)([CDN])(?![A-Za-z])/g, (_, head: string, last: string) => head + entity(last))
  );
}

/** A line of finished wikitext that begins with no markup of its own. */
export function lineStart(wikitext: string): string {
  const text = wikitext.trimStart();
  return /^[*#:;=!|-]/.test(text) ? entity(text.charAt(0)) + text.slice(1) : text;
}

/** Text inside `<pre>` and `<code>`, where wikitext is not read in the former but entities are in both. */
export function escapeVerbatim(text: string): string {
  return storable(text).replace(/[&<>{]/g, entity);
}

/** An address inside a link. */
export function escapeAddress(href: string): string {
  return storable(href)
    .replace(/[\s"'<>[\]{}|\\^`]/g, char => encodeURIComponent(char).replace("'", '%27'))
    .replace(/_(?=_)|(?<=_)_/g, '%5F')
    .replace(/~(?=~)|(?<=~)~/g, '%7E')
    .replace(/&/g, '&amp;');
}
