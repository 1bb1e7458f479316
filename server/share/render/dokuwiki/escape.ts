/** Text in DokuWiki: words that could mean something are put between the signs that say "as it stands". */

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/g;

/** What can be stored at all: well-formed text without control characters. */
export function storable(text: string): string {
  return text.replace(NO_TEXT, '').toWellFormed();
}

/** Letters and numbers, one mark of a sentence behind them. Not what DokuWiki makes a picture, a sign or a link of. */
const PLAIN = /^[\p{L}\p{N}\p{M}]+[.,;?!]?$/u;
const MEANT = /(?:FIX|DELETE)ME|\d+x\d+|^\p{Lu}+\p{Ll}+\p{Lu}/u;

/** A text in a line. Line breaks become blanks. */
export function escapeText(text: string): string {
  return storable(text)
    .split(/(\s+)/)
    .map((word, at) =>
      at % 2 === 1 ? ' ' : word === '' || (PLAIN.test(word) && !MEANT.test(word)) ? word : asItStands(word)
    )
    .join('');
}

/** Any text without line breaks, of which nothing is read. */
export function asItStands(text: string): string {
  if (text === '') return '';
  if (!text.includes('%%')) return `%%${text}%%`;
  if (!text.includes('</nowiki>')) return `<nowiki>${text}</nowiki>`;
  return text
    .split(/(%%)/)
    .map(part => (part === '%%' ? '<nowiki>%%</nowiki>' : asItStands(part)))
    .join('');
}

/** An address inside the brackets of a link. */
export function escapeAddress(href: string): string {
  return storable(href).replace(/[\s<>"[\]{}|\\^`]/g, char => encodeURIComponent(char));
}
