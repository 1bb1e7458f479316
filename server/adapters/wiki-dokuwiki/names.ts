/** The names of pages in DokuWiki: `lab:reports:delays_in_new_york`. The last part is the page, the others its namespace. */

/** Files are named by the page with each byte of another script as `%e4`, and get endings of DokuWiki's own. */
const MAX_ENCODED = 200;
/** Pages that DokuWiki shows beside all others, or for a namespace itself. */
const SPECIAL = /^_*(?:start|sidebar|rightsidebar|topheader|header|footer|pageheader|pagefooter|playground)_*$/;
const UNTITLED = 'untitled notebook';

/** How the configuration and people write a namespace, as DokuWiki does; the uppermost one is empty. */
export function namespaceOf(given: string): string {
  return given
    .trim()
    .toLowerCase()
    .replace(/^:+|:+$/g, '');
}

/** The space of a namespace as people choose it: the uppermost one needs a name too. */
export function spaceOf(namespace: string): string {
  return namespace === '' ? ':' : namespace;
}

/** The namespace in which a page lies. */
export function namespaceOfPage(id: string): string {
  return id.slice(0, Math.max(0, id.lastIndexOf(':')));
}

/**
 * The name of a page for what a person calls it. DokuWiki makes it small and cuts signs out of it; what would lead into
 * another namespace is done here, and what would leave nothing of it.
 */
export function pageId(namespace: string, title: string): string {
  let name = '';
  for (const char of title
    .normalize('NFC')
    .toWellFormed()
    .toLowerCase()
    .replace(/[\s:;/\\]+/g, '_')) {
    if (encodeURIComponent(name + char).length > MAX_ENCODED) break;
    name += char;
  }
  if (!/[\p{L}\p{N}]/u.test(name)) name = UNTITLED.replace(' ', '_') + name;
  if (SPECIAL.test(name)) name += '_notebook';
  return namespace === '' ? name : `${namespace}:${name}`;
}

/** What people call a page: its first heading, else its name. */
export function pageTitle(id: string, body: string): string {
  const heading = /^[ \t]*={2,6}[ \t]*([^\n]*[^\s=])[ \t]*={2,}[ \t]*$/m.exec(body)?.[1];
  return heading ?? id.slice(id.lastIndexOf(':') + 1).replaceAll('_', ' ');
}

/** Where a person reads a page. This form of address works whatever other forms a wiki is set up for. */
export function pageUrl(base: URL, id: string): string {
  const url = new URL('doku.php', base);
  url.search = `id=${encodeURIComponent(id).replaceAll('%3A', ':')}`;
  return url.href;
}

/** The address of the wiki's folder, however much of it somebody gave. */
export function baseUrl(given: string): URL {
  const url = new URL(given);
  url.search = url.hash = '';
  url.pathname = url.pathname.replace(/(?:doku|index)\.php.*$|lib\/exe\/.*$/, '').replace(/\/*$/, '/');
  return url;
}
