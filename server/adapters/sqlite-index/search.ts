import type { LibraryItem, LibraryPage, LibraryQuery } from '../../../contract/share/index.js';
import { MAX_RANKED, MAX_TOTAL } from '../../share/library/access.js';
import { decodeCursor, encodeCursor, sortOf } from '../../share/library/cursor.js';
import type { Cursor } from '../../share/library/cursor.js';
import { parseQuery } from '../../share/library/query.js';
import type { Term } from '../../share/library/query.js';
import { snippetSources, WEIGHTS } from '../../share/library/searchable.js';
import { createSnippets } from '../../share/library/snippet.js';
import type { NotebookCore, Reader } from '../../share/ports.js';
import type { Sql } from './database.js';
import { itemFrom } from './merge.js';
import { facetWord } from './shelf.js';
import { allOf, having, scopeOf } from './scope.js';
import type { Condition, Scope } from './scope.js';

/** What is asked for. */
interface Question {
  /** In the language of FTS5; undefined where no words are searched. */
  match: string | undefined;
  /** The same in titles and tags only. */
  matchInTitle: string | undefined;
  scope: Scope;
  limit: number;
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
  const scope = scopeOf(sql, reader, query);
  const found =
    terms?.length === 0 || !scope ? nothing : find(sql, toQuestion(terms, scope, query.limit), sort, cursor);
  const snippetOf = terms && createSnippets(terms);
  return {
    items: found.docs.map(doc => hitOf(sql, doc, snippetOf)),
    total: Math.min(found.total, MAX_TOTAL),
    more: found.total > MAX_TOTAL,
    ...(found.next && { next: encodeCursor(found.next) })
  };
}

const nothing: Found = { docs: [], total: 0 };

function toQuestion(terms: readonly Term[] | undefined, scope: Scope, limit: number): Question {
  if (terms === undefined) return { match: undefined, matchInTitle: undefined, scope, limit };
  const words = expressionOf(terms);
  // Facets are words too, so that a frequent word with a rare tag is found as fast as the tag.
  const facets = scope.facets.map(facet => ` AND "${facetWord(facet)}"`).join('');
  return {
    match: `(${words})${facets}`,
    matchInTitle: `({title tags} : (${words}))${facets}`,
    scope,
    limit
  };
}

/** Terms in the language of FTS5. Words hold letters and digits only, so nothing in them has a meaning there. */
function expressionOf(terms: readonly Term[]): string {
  const phrase = ({ words, prefix }: Term): string => `"${words.join(' ')}"${prefix ? '*' : ''}`;
  const needed = terms.filter(term => !term.optional).map(phrase);
  const raised = terms.filter(term => term.optional).map(term => `(${phrase(term)} OR ${needed[0] ?? phrase(term)})`);
  return [...needed, ...raised].join(' AND ');
}

function find(sql: Sql, question: Question, sort: Cursor['sort'], cursor: Cursor | undefined): Found {
  const total = countOf(sql, question);
  if (total === 0) return nothing;
  if (sort === 'relevance') return ranked(sql, question, total, cursor);
  return sorted(sql, question, total, sort, cursor);
}

/** How many there are; one more than `MAX_TOTAL` stands for all that are more. */
function countOf(sql: Sql, question: Question): number {
  const { from, where } = rowsOf(question);
  const row = sql(
    `SELECT count(*) AS total FROM (SELECT 1 FROM ${from} WHERE ${where.sql} LIMIT ${MAX_TOTAL + 1})`
  ).get(...where.values);
  return Number(row?.['total'] ?? 0);
}

/** The rows `s` in question, beginning where the fewest are: with the words, else with a facet. */
function rowsOf({ match, scope }: Question): { from: string; where: Condition } {
  const { readable, facets } = scope;
  if (match !== undefined) {
    const matches = { sql: 'words MATCH ?', values: [match] };
    return { from: 'words CROSS JOIN shelf s ON s.doc = words.rowid', where: allOf(matches, readable) };
  }
  const [first, ...others] = facets;
  if (first === undefined) return { from: 'shelf s', where: readable };
  const begin = { sql: 'd.facet = ?', values: [first] };
  return {
    from: 'facet_docs d CROSS JOIN shelf s ON s.doc = d.doc',
    where: allOf(begin, readable, having(others))
  };
}

/**
 * The best matches first. Of more than can be ranked, those with the words in title or tags come before all others,
 * then the best of the newest, then the rest; what is not ranked comes newest first. So the time for a word that stands
 * everywhere is bounded, and a page of such a word's titles costs next to nothing.
 */
function ranked(sql: Sql, question: Question, total: number, cursor: Cursor | undefined): Found {
  const { match = '', matchInTitle = '', scope, limit } = question;
  const { readable } = scope;
  const start = cursor?.sort === 'relevance' ? cursor.offset : 0;
  const end = start + limit + 1;
  const newest = (words: string, score: string, most: number): Condition => ({
    sql: `SELECT words.rowid AS doc, ${score} AS score FROM words CROSS JOIN shelf s ON s.doc = words.rowid
      WHERE words MATCH ? AND ${readable.sql} ORDER BY words.rowid DESC LIMIT ?`,
    values: [words, ...readable.values, most]
  });
  const rows = ({ sql: text, values }: Condition): number[] =>
    sql(text)
      .all(...values)
      .map(row => Number(row['doc']));
  const page = (docs: number[]): Found => ({
    docs: docs.slice(0, limit),
    total,
    ...(docs.length > limit && { next: { sort: 'relevance', offset: start + limit } })
  });

  const parts = [newest(match, `bm25(words, ${WEIGHTS.join(', ')}, 0)`, MAX_RANKED)];
  if (total > MAX_RANKED) {
    const inTitle = rows(newest(matchInTitle, '0', Math.max(end, MAX_RANKED)));
    if (inTitle.length >= end) return page(inTitle.slice(start, end));
    // Before every score: those are negative, and as near to nothing as the words are frequent.
    parts.push({ sql: 'SELECT value AS doc, -1e9 AS score FROM json_each(?)', values: [JSON.stringify(inTitle)] });
    if (end > MAX_RANKED) parts.push(newest(match, '0', MAX_TOTAL));
  }
  const candidates = parts.map(part => `SELECT * FROM (${part.sql})`).join(' UNION ALL ');
  const best = `SELECT doc FROM (${candidates}) GROUP BY doc ORDER BY min(score), doc DESC LIMIT ? OFFSET ?`;
  return page(rows({ sql: best, values: [...parts.flatMap(part => part.values), limit + 1, start] }));
}

const ORDERS = {
  updated: { order: 'updated DESC, id DESC', after: '(s.updated, s.id) < (?, ?)', index: 'shelf_by_update' },
  title: { order: 'title, id', after: '(s.title, s.id) > (?, ?)', index: 'shelf_by_title' }
};

/** By time or title. A few are looked up and sorted; of many the first ones are met soon on a walk in that order. */
function sorted(
  sql: Sql,
  question: Question,
  total: number,
  sort: keyof typeof ORDERS,
  cursor: Cursor | undefined
): Found {
  const { order, after, index } = ORDERS[sort];
  const { match, scope, limit } = question;
  const rest = cursor && cursor.sort !== 'relevance' ? { sql: after, values: [cursor.value, cursor.id] } : undefined;
  const columns = 's.doc, s.id AS id, s.updated AS updated, s.title AS title';
  const isWalk = total > MAX_TOTAL || (match === undefined && scope.facets.length === 0);
  let selects: Condition[];
  if (!isWalk) {
    const { from, where } = rowsOf(question);
    const all = allOf(where, rest);
    selects = [{ sql: `SELECT ${columns} FROM ${from} WHERE ${all.sql}`, values: all.values }];
  } else {
    // One walk per shelf: SQLite merges them in their order, where `reader IN` would make it sort everything.
    selects = scope.shelves.map(shelf => {
      const all = allOf(shelf, match === undefined ? having(scope.facets) : undefined, rest);
      return { sql: `SELECT ${columns} FROM shelf s INDEXED BY ${index} WHERE ${all.sql}`, values: all.values };
    });
  }
  const isMatch = isWalk && match !== undefined ? matching(sql, match) : () => true;
  const found: Record<string, unknown>[] = [];
  const rows = sql(`${selects.map(select => select.sql).join(' UNION ALL ')} ORDER BY ${order}`);
  for (const row of rows.iterate(...selects.flatMap(select => select.values))) {
    if (isMatch(Number(row['doc'])) && found.push(row) > limit) break;
  }
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    docs: page.map(row => Number(row['doc'])),
    total,
    ...(found.length > limit && last && { next: { sort, value: String(last[sort]), id: String(last['id']) } })
  };
}

/** Tells whether a document matches. As one long text the numbers come over five times as fast as row by row. */
function matching(sql: Sql, match: string): (doc: number) => boolean {
  const row = sql('SELECT group_concat(rowid) AS docs, max(rowid) AS last FROM words WHERE words MATCH ?').get(match);
  const isMatch = new Uint8Array(Number(row?.['last'] ?? 0) + 1);
  for (const doc of String(row?.['docs'] ?? '').split(',')) isMatch[Number(doc)] = 1;
  return doc => isMatch[doc] === 1;
}

function hitOf(sql: Sql, doc: number, snippetOf: ReturnType<typeof createSnippets> | undefined): LibraryItem {
  const row = sql('SELECT core, summary FROM notebooks WHERE doc = ?').get(doc);
  const core = JSON.parse(String(row?.['core'])) as NotebookCore;
  const item = itemFrom(core, row?.['summary']);
  if (item === undefined) throw new Error(`Document ${doc} is on the shelf, but cannot be shown.`);
  if (snippetOf === undefined) return item;
  const text = sql('SELECT text FROM texts WHERE doc = ?').get(doc)?.['text'];
  const snippet = snippetOf(snippetSources(core, typeof text === 'string' ? text : ''));
  return snippet === undefined ? item : { ...item, snippet };
}
