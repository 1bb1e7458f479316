import type { NotebookCore } from '../ports.js';
import { fold, indexText } from './words.js';

/** What of a notebook is searched, as the index holds it. A hit further up counts more. */
export interface Searchable {
  title: string;
  /** Tags and groups. */
  tags: string;
  /** Modules imported and tables read. */
  names: string;
  text: string;
}

/** How much a hit counts, in the order of `Searchable`. */
export const WEIGHTS = [10, 5, 3, 1] as const;

/** Between two entries of a list, so that no term reaches from one into the next. */
const BREAK = '\ue002';

/** The searchable words of a notebook. */
export function searchableOf(core: NotebookCore, text: string): Searchable {
  const list = (values: readonly string[]): string => values.map(value => indexText(value)).join(` ${BREAK} `);
  return {
    title: indexText(core.title?.value ?? ''),
    tags: list([...(core.tags?.value ?? []), ...(core.groups?.value ?? [])]),
    names: list([...(core.facts?.value.tables ?? []), ...(core.facts?.value.imports ?? [])]),
    text: indexText(text)
  };
}

/** The texts a snippet is taken from. The title comes last: lists show it anyway. */
export function snippetSources(core: NotebookCore, text: string): string[] {
  const facts = core.facts?.value;
  const lists = [facts?.tables, facts?.imports, core.tags?.value, core.groups?.value];
  return [text, ...lists.map(list => (list ?? []).join(', ')), core.title?.value ?? ''];
}

/** What tags, groups and tables are compared by: `Sales` and `sales` are one. Owners are compared as they are. */
export function facetKey(kind: FacetKind, name: string): string {
  return kind === 'owner' ? name : fold(name.trim());
}

export const facetKinds = ['tag', 'group', 'owner', 'table'] as const;
export type FacetKind = (typeof facetKinds)[number];

/** The names by which a notebook is counted and filtered, each once. */
export function facetsOf(core: NotebookCore, owner: string): { kind: FacetKind; key: string; name: string }[] {
  const named: [FacetKind, readonly string[]][] = [
    ['tag', core.tags?.value ?? []],
    ['group', core.groups?.value ?? []],
    ['owner', [owner]],
    ['table', core.facts?.value.tables ?? []]
  ];
  const all = new Map<string, { kind: FacetKind; key: string; name: string }>();
  for (const [kind, names] of named) {
    for (const name of names) {
      const key = facetKey(kind, name);
      all.set(`${kind} ${key}`, { kind, key, name });
    }
  }
  return [...all.values()];
}

/** Titles that begin with so many same characters are sorted by id, so that a cursor stays short. */
const TITLE_KEY = 80;

/** What titles are sorted by. */
export function titleKey(title: string): string {
  return fold(title).trim().slice(0, TITLE_KEY).toWellFormed();
}
