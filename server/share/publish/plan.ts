import { Title } from '../../../contract/share/index.js';
import type { Audience, PublishRequest } from '../../../contract/share/index.js';
import type { CatalogueEntry } from '../archive/types.js';

/** What is said of a notebook beside its content. */
export interface Details {
  title: string;
  tags: string[];
  groups: string[];
  audience: Audience;
}

/** What a share has to do. */
export interface Plan {
  /** `version`: the content or its looks are new. `details`: only what is said of it. `unchanged`: nothing. */
  kind: 'version' | 'details' | 'unchanged';
  details: Details;
  /** Of `details`, what differs from the page; for a first version everything. */
  changed: Partial<Details>;
  hideCode: boolean;
  /** The page was taken out of the Library and comes back. */
  restores: boolean;
}

/** What of a request decides. What is left out stays as it was. */
export type Choice = Pick<PublishRequest, 'title' | 'tags' | 'groups' | 'audience' | 'hideCode'>;

/**
 * Decides what a share has to do.
 *
 * @param entry - the page as it is; undefined for a first share
 * @param file - what was read: hash of the content, first heading, file name
 */
export function planShare(
  entry: CatalogueEntry | undefined,
  choice: Choice,
  file: { contentHash: string; heading: string | undefined; name: string }
): Plan {
  const newest = entry?.versions[0];
  const hideCode = choice.hideCode ?? newest?.hideCode ?? false;
  const details = detailsOf(entry, choice, file);
  const before = entry && { ...entry.item };
  const changed = Object.fromEntries(
    Object.entries(details).filter(([key, value]) => !same(value, before?.[key as keyof Details]))
  );
  const restores = entry?.item.deletedAt !== undefined;
  const isSameVersion = newest?.contentHash === file.contentHash && newest.hideCode === hideCode;
  const kind = !isSameVersion ? 'version' : Object.keys(changed).length > 0 || restores ? 'details' : 'unchanged';
  return { kind, details, changed, hideCode, restores };
}

function detailsOf(
  entry: CatalogueEntry | undefined,
  choice: Choice,
  file: { heading: string | undefined; name: string }
): Details {
  return {
    title: choice.title ?? entry?.item.title ?? toTitle(file.heading) ?? toTitle(stem(file.name)) ?? 'Untitled',
    tags: choice.tags ?? entry?.item.tags ?? [],
    groups: choice.groups ?? entry?.item.groups ?? [],
    audience: choice.audience ?? entry?.item.audience ?? { kind: 'everyone' }
  };
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function stem(name: string): string {
  return (name.split('/').at(-1) ?? '').replace(/\.ipynb$/i, '');
}

// The same characters that a title may not hold.
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const refused = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g;

/** A text of a file as a title: what a title may not hold is taken out. Undefined where nothing is left. */
export function toTitle(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const clean = text.replace(refused, ' ').replace(/\s+/g, ' ').trim().slice(0, 200);
  const title = Title.safeParse(clean.replace(/[\ud800-\udbff]$/, '').toWellFormed());
  return title.success ? title.data : undefined;
}
