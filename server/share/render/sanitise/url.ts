/** What foreign addresses may point to. */

/** Prefix of every id that comes from a notebook, so that none can stand for one of ours. */
export const ID_PREFIX = 'nb-';

/** What browsers drop before they look at the scheme, or what only hides something. Blanks inside stay. */
const IGNORED = /[\p{C}\u2028\u2029]/gu;

/**
 * A foreign link as it may stand in a document: an absolute http(s) or mailto address, or a place in the same document.
 * Everything else (scripts, data, files beside the notebook) is undefined: it would lead nowhere or somewhere else.
 */
export function safeLink(address: string): string | undefined {
  const text = address.replace(IGNORED, '').trim();
  if (text.startsWith('#')) return text.length > 1 ? `#${anchorId(text.slice(1))}` : undefined;
  if (text.startsWith('//')) return parsed(`https:${text}`);
  if (/^https?:/i.test(text)) return parsed(text);
  return /^mailto:[^<>"'\s]{3,320}$/i.test(text) ? text : undefined;
}

/** The id a place in a notebook gets: the same for a heading and for links to it. */
export function anchorId(name: string): string {
  let text = name;
  try {
    text = decodeURIComponent(name);
  } catch {
    // A stray percent sign: the name is taken as it is.
  }
  return (
    ID_PREFIX +
    text
      .trim()
      .replace(/\s+/g, '-')
      .replace(/[^\p{L}\p{N}\p{M}_.:-]/gu, '')
      .slice(0, 120)
  );
}

function parsed(text: string): string | undefined {
  if (text.length > 4000 || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.hostname === '' || url.username !== '' || url.password !== '' ? undefined : url.href;
}
