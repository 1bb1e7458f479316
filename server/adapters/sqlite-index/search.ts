import type { LibraryItem, LibraryPage, LibraryQuery } from '../../../contract/share/index.js';
import { MAX_TOTAL } from '../../share/library/access.js';
import { decodeCursor, encodeCursor, sortOf } from '../../share/library/cursor.js';
import type { Cursor, Sort } from '../../share/library/cursor.js';
import { parseQuery } from '../../share/library/query.js';
import type { Term } from '../../share/library/query.js';
import { facetKey, facetKinds, snippetSources, WEIGHTS } from '../../share/library/searchable.js';
import { snippetOf } from '../../share/library/snippet.js';
import type { NotebookCore, Reader } from '../../share/ports.js';
import type { Sql } from './database.js';
import { EVERYONE } from './schema.js';
import { knownPerson } from './shelf.js';

type Value = string | number;

/** A condition on `s`, the row of the shelf, with its values. */
interface Filter {
  sql: string;
  values: Value[];
}

interface Found {
  docs: number[];
  total: number;
  next?: Cursor;
}

/** Searches or lists. Whoever may not read a notebook meets it neither in the list nor in the total. */
export function search(sql: Sql, reader: Reader, query: LibraryQuery): Omit<LibraryPage, 'asOf'> {
  const terms = parseQuery(query.q);
  const sort = sortOf(query, terms !== undefined);
  const cursor = decodeCursor(query.cursor, sort);
  const filter = filterOf(sql, reader, query);
  const found =
    terms?.length === 0 || filter === undefined
      ? { docs: [], total: 0 }
      : sort === 'relevance'
        ? ranked(sql, expressionOf(terms ?? []), filter, query.limit, cursor)
        : sorted(sql, terms && expressionOf(terms), filter, sort, query.limit, cursor);
  return {
    items: found.docs.map(doc => itemOf(sql, doc, terms)),
    total: Math.min(found.total, MAX_TOTAL),
    more: found.total > MAX_TOTAL,
    ...(found.next && { next: encodeCursor(found.next) })
  };
}

/** Who may see it and what is asked of it; undefined where nothing can match. */
function filterOf(sql: Sql, reader: Reader, query: LibraryQuery): Filter | undefined {
  const person = knownPerson(sql, reader.name) ?? -1;
  const parts: Filter[] = [
    query.deleted
      ? { sql: 's.deleted = 1 AND s.owner = ?', values: [person] }
      : { sql: 's.deleted = 0 AND s.reader IN (?, ?)', values: [EVERYONE, person] }
  ];
  for (const kind of facetKinds) {
    const name = query[kind];
    if (name === undefined) continue;
    const facet = sql('SELECT facet FROM facets WHERE kind = ? AND key = ?').get(kind, facetKey(kind, name));
    if (facet === undefined) return undefined;
    parts.push({
      sql: 'EXISTS (SELECT 1 FROM facet_docs f WHERE f.facet = ? AND f.doc = s.doc)',
      values: [Number(facet['facet'])]
    });
  }
  return { sql: parts.map(part => part.sql).join(' AND '), values: parts.flatMap(part => part.values) };
}

/** Terms in the language of FTS5. Words hold letters and digits only, so nothing in them has a meaning there. */
function expressionOf(terms: readonly Term[]): string {
  const phrase = ({ words, prefix }: Term): string => `"${words.join(' ')}"${prefix ? '*' : ''}`;
  const needed = terms.filter(term => !term.optional).map(phrase);
  const raised = terms.filter(term => term.optional).map(term => `(${phrase(term)} OR ${needed[0] ?? phrase(term)})`);
  return [...needed, ...raised].join(' AND ');
}

/**
 * The best matches first. Of more than can be counted, the newest are ranked and those that match in title or tags,
 * so that the time for a word that stands everywhere is bounded.
 */
function ranked(sql: Sql, words: string, filter: Filter, limit: number, cursor: Cursor | undefined): Found {
  const start = cursor?.sort === 'relevance' ? cursor.offset : 0;
  const total = countOf(sql, words, filter);
  const newest = `
    SELECT words.rowid AS doc, bm25(words, ${WEIGHTS.join(', ')}) AS score
    FROM words JOIN shelf s ON s.doc = words.rowid
    WHERE words MATCH ? AND ${filter.sql} ORDER BY words.rowid DESC LIMIT ${MAX_TOTAL}`;
  const frequent = total > MAX_TOTAL;
  const candidates = frequent
    ? `SELECT doc, min(score) AS score FROM (SELECT * FROM (${newest}) UNION ALL SELECT * FROM (${newest})) GROUP BY doc`
    : newest;
  const values = [words, ...filter.values];
  if (frequent) values.push(`{title tags} : (${words})`, ...filter.values);
  const rows = sql(`SELECT doc FROM (${candidates}) ORDER BY score, doc DESC LIMIT ? OFFSET ?`).all(
    ...values,
    limit + 1,
    start
  );
  const docs = rows.slice(0, limit).map(row => Number(row['doc']));
  return { docs, total, ...(rows.length > limit && { next: { sort: 'relevance', offset: start + limit } }) };
}

const ORDERS = {
  updated: { order: 's.updated DESC, s.id DESC', after: '(s.updated, s.id) < (?, ?)', index: 'shelf_by_update' },
  title: { order: 's.title, s.id', after: '(s.title, s.id) > (?, ?)', index: 'shelf_by_title' }
};

/** By time or title. A rare word is looked up and sorted; for a frequent one the shelf is walked in its order. */
function sorted(
  sql: Sql,
  words: string | undefined,
  filter: Filter,
  sort: Exclude<Sort, 'relevance'>,
  limit: number,
  cursor: Cursor | undefined
): Found {
  const { order, after } = ORDERS[sort];
  const total = countOf(sql, words, filter);
  const rare = words !== undefined && total <= MAX_TOTAL;
  const from = rare ? 'words CROSS JOIN shelf s ON s.doc = words.rowid' : 'shelf s';
  const conditions: Filter[] = [filter];
  if (words !== undefined) {
    const match = rare ? 'words MATCH ?' : '+s.doc IN (SELECT rowid FROM words WHERE words MATCH ?)';
    conditions.unshift({ sql: match, values: [words] });
  }
  if (cursor && cursor.sort !== 'relevance') conditions.push({ sql: after, values: [cursor.value, cursor.id] });
  const rows = sql(
    `SELECT s.doc, s.id, s.updated, s.title FROM ${from}
     WHERE ${conditions.map(condition => condition.sql).join(' AND ')} ORDER BY ${order} LIMIT ?`
  ).all(...conditions.flatMap(condition => condition.values), limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    docs: page.map(row => Number(row['doc'])),
    total,
    ...(rows.length > limit && last && { next: { sort, value: String(last[sort]), id: String(last['id']) } })
  };
}

function countOf(sql: Sql, words: string | undefined, filter: Filter): number {
  const from = words === undefined ? 'shelf s' : 'words CROSS JOIN shelf s ON s.doc = words.rowid';
  const match = words === undefined ? '' : 'words MATCH ? AND';
  const row = sql(
    `SELECT count(*) AS total FROM (SELECT 1 FROM ${from} WHERE ${match} ${filter.sql} LIMIT ${MAX_TOTAL + 1})`
  ).get(...(words === undefined ? [] : [words]), ...filter.values);
  return Number(row?.['total'] ?? 0);
}

function itemOf(sql: Sql, doc: number, terms: readonly Term[] | undefined): LibraryItem {
  const row = sql(
    'SELECT item, core, text FROM notebooks LEFT JOIN texts ON texts.doc = notebooks.doc WHERE notebooks.doc = ?'
  ).get(doc);
  const item = JSON.parse(String(row?.['item'])) as LibraryItem;
  if (terms === undefined) return item;
  const text = row?.['text'];
  const core = JSON.parse(String(row?.['core'])) as NotebookCore;
  const snippet = snippetOf(snippetSources(core, typeof text === 'string' ? text : ''), terms);
  return snippet === undefined ? item : { ...item, snippet };
}
