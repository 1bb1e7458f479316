/** In UTF-16 units, as Java counts. */
const MAX_LENGTH = 255;

/** The title of a page for what a person calls it: without control characters, not too long for Confluence. */
export function pageTitle(given: string): string {
  const title = given
    .normalize('NFC')
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd-\uffff\ufeff]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  let kept = '';
  for (const char of title === '' ? 'Untitled notebook' : title) {
    if (kept.length + char.length > MAX_LENGTH) break;
    kept += char;
  }
  return kept.trim();
}
