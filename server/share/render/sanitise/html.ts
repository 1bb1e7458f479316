import type { IOptions } from 'sanitize-html';
import { pictureAt, type Pictures } from '../build/markdown.js';
import { dataAddress, dataPicture } from '../build/picture.js';
import { safeStyle } from './css.js';
import { ATTRIBUTES, CLASSES, DROPPED_WITH_TEXT, TAGS } from './allowed.js';
import { anchorId, safeLink } from './url.js';

export interface CleanOptions {
  /** The pictures that addresses in this HTML stand for. */
  pictures?: Pictures;
  /** Receives each escaped text between tags and gives what stands there instead. */
  text?: (escaped: string, tag: string) => string;
}

/** Makes foreign HTML harmless by allow-lists. Loads the sanitiser, which most notebooks do without. */
export async function loadSanitiser(): Promise<Sanitiser> {
  const { default: sanitize } = await import('sanitize-html');
  return (html, options = {}) => sanitize(html, rules(options));
}

export type Sanitiser = (html: string, options?: CleanOptions) => string;

/** Deeper nesting is cut off: browsers flatten it anyway, and emitters need not fear it. */
const MAX_NESTING = 100;

function rules(options: CleanOptions): IOptions {
  return {
    allowedTags: TAGS,
    allowedAttributes: ATTRIBUTES,
    allowedClasses: { '*': CLASSES },
    nonTextTags: DROPPED_WITH_TEXT,
    disallowedTagsMode: 'discard',
    allowVulnerableTags: false,
    // Addresses and styles are judged in `attributes` below, in one place for all of Lakeside.
    parseStyleAttributes: false,
    allowedSchemes: ['http', 'https', 'mailto', 'data'],
    allowProtocolRelative: false,
    enforceHtmlBoundary: false,
    nestingLimit: MAX_NESTING,
    transformTags: { '*': (tag, given) => attributes(tag, given, options) },
    exclusiveFilter: frame => frame.tag === 'img' && !frame.attribs['src'],
    ...(options.text && { textFilter: (text: string, tag: string) => options.text?.(text, tag) ?? text })
  };
}

function attributes(
  tag: string,
  given: Record<string, string>,
  options: CleanOptions
): { tagName: string; attribs: Record<string, string> } {
  const attribs: Record<string, string> = { ...given };
  const style = safeStyle(given['style'] ?? '', tag === 'td' || tag === 'th' ? 'cell' : 'block');
  if (style === '') delete attribs['style'];
  else attribs['style'] = style;
  for (const name of ['id', 'name', 'href', 'src']) Reflect.deleteProperty(attribs, name);
  if (tag in SVG) dropReferences(attribs);
  const id = given['id'] ?? (tag === 'a' ? given['name'] : undefined);
  if (id !== undefined && id.trim() !== '' && !(tag in SVG)) attribs['id'] = anchorId(id);
  if (tag === 'a') return { tagName: 'a', attribs: { ...attribs, ...link(given['href']) } };
  if (tag === 'img') return { tagName: 'img', attribs: { ...attribs, ...picture(given, options.pictures) } };
  return { tagName: tag, attribs };
}

const SVG = Object.fromEntries(TAGS.slice(TAGS.indexOf('svg')).map(tag => [tag, true]));

/** Plain values only: `url(…)` and whatever else may refer to something goes. */
function dropReferences(attribs: Record<string, string>): void {
  for (const [name, value] of Object.entries(attribs))
    if (name !== 'style' && !(name === 'transform' ? /^[a-z0-9\s(),.+-]*$/i : /^[^(:;\\]*$/).test(value))
      Reflect.deleteProperty(attribs, name);
}

function link(href: string | undefined): Record<string, string> {
  const address = href === undefined ? undefined : safeLink(href);
  if (address === undefined) return {};
  return address.startsWith('#')
    ? { href: address }
    : { href: address, target: '_blank', rel: 'noopener noreferrer nofollow' };
}

function picture(given: Record<string, string>, pictures: Pictures | undefined): Record<string, string> {
  const address = given['src'] ?? '';
  const found = (pictures && pictureAt(pictures, address)) ?? dataPicture(address.trim());
  return { alt: given['alt'] ?? '', ...(found && { src: dataAddress(found) }) };
}
