/** What names of pages have in common, whatever the make of the site. */

const PAGE = /\.(?:md|markdown|mdown|mkdn?)$/i;

/** True for a file that is a page: not a sidebar, footer or template of the site. */
export function isPage(path: string): boolean {
  return PAGE.test(path) && !path.split('/').some(part => part.startsWith('_') || part.startsWith('.'));
}

/** A path without the ending of a page. */
export function stem(path: string): string {
  return path.replace(PAGE, '');
}

/** The folder of a file; empty for the root. */
export function folderOf(path: string): string {
  const at = path.lastIndexOf('/');
  return at < 0 ? '' : path.slice(0, at);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A title as people may give it, in one line of well-formed text. */
export function tidyTitle(given: string): string {
  const title = given
    .normalize('NFC')
    .toWellFormed()
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    .replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufffd\ufeff]/g, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
    // A leading underscore is a sidebar or a footer, a leading dot a hidden file.
    .replace(/^_+/, run => '＿'.repeat(run.length))
    .replace(/^\.+/, run => '․'.repeat(run.length));
  return title === '' ? 'Untitled notebook' : title;
}

/** The address of the project, from that of the clone of its wiki. */
export function projectOf(url: string): string {
  return url.replace(/\/+$/, '').replace(/(?:\.wiki)?(?:\.git)?$/, '');
}

/** How much a text takes in UTF-8. */
export function bytesOf(text: string): number {
  return Buffer.byteLength(text);
}

/** As much of a text as fits, whole characters only, where `size` tells how much each takes. */
export function fitting(text: string, most: number, size: (char: string) => number): string {
  let used = 0;
  let kept = '';
  for (const char of text) {
    used += size(char);
    if (used > most) break;
    kept += char;
  }
  return kept.trim();
}
