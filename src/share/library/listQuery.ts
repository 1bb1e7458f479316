import type { LibraryQuery } from '../../../contract/share/library.js';

/** Which notebooks a list shows. An absent filter does not filter. */
export interface IListQuery {
  /** Words to search. */
  readonly q: string;
  readonly tag?: string;
  readonly group?: string;
  readonly owner?: string;
  readonly table?: string;
  /** Deleted notebooks instead of the others. */
  readonly deleted: boolean;
  /** Absent: the best match first where there are words, else the newest. */
  readonly sort?: LibraryQuery['sort'];
}

/** The properties one can filter by. */
export const filterNames = ['tag', 'group', 'owner', 'table'] as const;
export type FilterName = (typeof filterNames)[number];

/** Everything, newest first. */
export const everything: IListQuery = { q: '', deleted: false };

/** True where something narrows the list. */
export function isNarrowed(query: IListQuery): boolean {
  return query.q.trim() !== '' || filterNames.some(name => query[name] !== undefined);
}

/** True where both ask for the same. */
export function sameQuery(one: IListQuery, other: IListQuery): boolean {
  return (
    one.q.trim() === other.q.trim() &&
    one.deleted === other.deleted &&
    one.sort === other.sort &&
    filterNames.every(name => one[name] === other[name])
  );
}

/** The query with some parts replaced; a part that is undefined is left out. */
export function changeQuery(query: IListQuery, change: Partial<IListQuery>): IListQuery {
  const merged: [string, unknown][] = Object.entries({ ...query, ...change });
  return Object.fromEntries(merged.filter(([, value]) => value !== undefined)) as unknown as IListQuery;
}

/** The query as the search part of an address, without `?`; what is usual is left out. */
export function toSearch(query: IListQuery, omit: readonly (keyof IListQuery)[] = []): string {
  const parts = new URLSearchParams();
  if (query.q.trim()) parts.set('q', query.q.trim());
  for (const name of [...filterNames, 'sort'] as const) {
    const value = query[name];
    if (value !== undefined && !omit.includes(name)) parts.set(name, value);
  }
  return parts.toString();
}

/** Reads the search part of an address. What makes no sense is left out. */
export function fromSearch(search: string): IListQuery {
  const parts = new URLSearchParams(search);
  const sort = parts.get('sort');
  return changeQuery(everything, {
    q: (parts.get('q') ?? '').slice(0, 500),
    ...Object.fromEntries(filterNames.flatMap(name => (parts.get(name) ? [[name, parts.get(name)]] : []))),
    ...(isSort(sort) && { sort })
  });
}

function isSort(value: string | null): value is NonNullable<LibraryQuery['sort']> {
  return value === 'relevance' || value === 'updated' || value === 'title';
}
