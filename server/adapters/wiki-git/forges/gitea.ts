import type { Forge } from './forge.js';
import { fitting, projectOf, stem, tidyTitle } from './names.js';

const MAX_BYTES = 200;
/** Addresses of the wiki's own pages. */
const TAKEN = new Set(['_pages', '_new', '_edit', 'raw', 'unnamed']);
/** An ending that says: hyphens in this name are hyphens, not blanks. */
const MARK = '.-';

/** Gitea, and Forgejo which names files in the same way: a reversible escape of the title, all pages in one row. */
export function gitea(label: string): Forge {
  return {
    label,
    user: 'lakeside',
    branch: 'main',
    attachments: 'attachments',
    folders: false,
    maxBodyBytes: 1024 * 1024,
    missing: `${label} makes the repository of a wiki with its first page: make that page by hand, and check the address and the rights of the token.`,
    place(given) {
      let title = tidyTitle(given);
      if (TAKEN.has(title.toLowerCase())) title = `${title} (notebook)`;
      title = fitting(title, MAX_BYTES, char => (char === ' ' ? 1 : escaped(char).length));
      return { path: `${written(title).replaceAll('+', ' ')}.md`, head: '' };
    },
    title: path => readable(stem(path)),
    address: path => written(readable(stem(path)), stem(path).endsWith(MARK)),
    pages: url => `${projectOf(url)}/wiki`
  };
}

/** A title as it stands in an address; in a file's name blanks are not escaped. */
function written(title: string, isMarked = false): string {
  return isMarked || title.includes('-') || title.endsWith('.md')
    ? escaped(title + MARK)
    : escaped(title.replaceAll(' ', '-'));
}

function readable(name: string): string {
  const text = name.endsWith(MARK) ? name.slice(0, -MARK.length) : name.replaceAll('-', ' ');
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    // A file that a person named by hand.
    return text;
  }
}

/** The escape of query strings as Go has it. */
function escaped(text: string): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}
