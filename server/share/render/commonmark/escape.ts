/** Text in Markdown of the kind that GitLab, Gitea, Forgejo and GitHub read. */

// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufeff\ufffe\uffff]/g;

/** What can be stored at all: well-formed text without control characters. */
export function storable(text: string): string {
  return text.replace(NO_TEXT, '').toWellFormed();
}

/**
 * Signs that these sites look for in finished text, however it was escaped: names, issues, addresses, emoji, formulas. An
 * element around them keeps their meaning away; the words stay the same.
 */
const MEANT = /[$@^~]|[#!%](?=[\w"])|:(?=[\w/+-])|(?<=\b(?:www|ftp))\./gi;

/** A text in a line of Markdown. Line breaks become blanks. */
export function escapeText(text: string): string {
  return storable(text)
    .replace(/\s*\n\s*/g, ' ')
    .split(/([\\`*_{}[\]|&<>]|!$)/)
    .map((part, at) =>
      at % 2 === 1 ? sign(part) : part.replace(MEANT, char => `<span>${char === '~' ? '\\~' : char}</span>`)
    )
    .join('');
}

function sign(char: string): string {
  return /[&<>]/.test(char) ? escapeTag(char) : `\\${char}`;
}

/** A text between tags, where Markdown is not read. */
export function escapeHtmlText(text: string): string {
  return storable(text)
    .split(/([&<>"])/)
    .map((part, at) => (at % 2 === 1 ? escapeTag(part) : part.replace(MEANT, '<span>$&</span>')))
    .join('');
}

/** A text in an attribute, or inside `<pre>`. */
export function escapeTag(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}

/** A line of finished Markdown that begins with no markup of its own. */
export function lineStart(markdown: string): string {
  const text = markdown.trimStart();
  const number = /^(\d+)([.)])/.exec(text);
  if (number) return `${number[1] ?? ''}\\${text.slice((number[1] ?? '').length)}`;
  return /^[-+=#]/.test(text) ? `\\${text}` : text;
}

/** A heading of finished Markdown whose last signs are no closing ones. */
export function lineEnd(markdown: string): string {
  return markdown.trimEnd().replace(/#+$/, run => '\\#'.repeat(run.length));
}

/** An address inside the brackets of a link or picture. */
export function escapeAddress(href: string): string {
  return storable(href)
    .replace(/[\s<>\\"`|{}^]/g, char => encodeURIComponent(char))
    .replace(/&/g, '&amp;');
}
