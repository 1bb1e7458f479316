import type { LibraryQuery } from '../../../contract/share/index.js';
import { facetKey, facetKinds } from '../../share/library/searchable.js';
import type { Reader } from '../../share/ports.js';
import type { Sql } from './database.js';
import { EVERYONE } from './schema.js';
import { knownPerson } from './shelf.js';

/** A piece of SQL with its values. */
export interface Condition {
  sql: string;
  values: (string | number)[];
}

/** Which notebooks a question is about, whatever its words. */
export interface Scope {
  /** Rows `s` of the shelf that the reader may see. */
  readable: Condition;
  /** The same in parts, each of which an index gives in order. */
  shelves: Condition[];
  /** The numbers of the facets they all must have. */
  facets: number[];
}

/** Reads the scope of a question; undefined where nothing can be in it. */
export function scopeOf(sql: Sql, reader: Reader, query: LibraryQuery): Scope | undefined {
  const person = knownPerson(sql, reader.name) ?? -1;
  const facets: number[] = [];
  for (const kind of facetKinds) {
    const name = query[kind];
    if (name === undefined) continue;
    const facet = sql('SELECT facet FROM facets WHERE kind = ? AND key = ?').get(kind, facetKey(kind, name));
    if (facet === undefined) return undefined;
    facets.push(Number(facet['facet']));
  }
  const shelf = (of: number): Condition =>
    query.deleted
      ? { sql: 's.deleted = 1 AND s.reader = ? AND s.owner = ?', values: [of, person] }
      : { sql: 's.deleted = 0 AND s.reader = ?', values: [of] };
  const readable = query.deleted
    ? { sql: 's.deleted = 1 AND s.owner = ?', values: [person] }
    : { sql: 's.deleted = 0 AND s.reader IN (?, ?)', values: [EVERYONE, person] };
  return { readable, shelves: [shelf(EVERYONE), shelf(person)], facets };
}

/** Conditions that all must hold. */
export function allOf(...conditions: (Condition | undefined)[]): Condition {
  const given = conditions.filter(condition => condition !== undefined);
  return { sql: given.map(each => each.sql).join(' AND '), values: given.flatMap(each => each.values) };
}

/** Rows `s` that have each of these facets. */
export function having(facets: readonly number[]): Condition | undefined {
  if (facets.length === 0) return undefined;
  const one = 'EXISTS (SELECT 1 FROM facet_docs f WHERE f.facet = ? AND f.doc = s.doc)';
  return { sql: facets.map(() => one).join(' AND '), values: [...facets] };
}
