import type { LibraryItem } from '../../../contract/share/index.js';
import { facetsOf, titleKey } from '../../share/library/searchable.js';
import type { NotebookCore } from '../../share/ports.js';
import type { Sql } from './database.js';
import { EVERYONE } from './schema.js';

/** Puts a notebook where lists, filters and counts find it. */
export function putOnShelf(sql: Sql, doc: number, core: NotebookCore, item: LibraryItem): void {
  const owner = personNumber(sql, item.owner);
  const reader = item.audience.kind === 'everyone' ? EVERYONE : owner;
  const deleted = item.deletedAt === undefined ? 0 : 1;
  sql('INSERT INTO shelf VALUES (?, ?, ?, ?, ?, ?, ?)').run(
    doc,
    reader,
    owner,
    deleted,
    item.notebookId,
    item.updatedAt,
    titleKey(item.title)
  );
  for (const { kind, key, name } of facetsOf(core, item.owner)) {
    const facet = facetNumber(sql, kind, key, name);
    sql('INSERT INTO facet_docs VALUES (?, ?)').run(facet, doc);
    if (deleted === 0) count(sql, { facet, kind }, reader, 1);
  }
}

/** The word that stands for a facet in the word index. What people write and ask never holds its first character. */
export function facetWord(facet: number): string {
  return `\ue003${facet}`;
}

/** The words of the facets that a notebook on the shelf has. */
export function facetWords(sql: Sql, doc: number): string {
  const facets = sql('SELECT facet FROM facet_docs WHERE doc = ?').all(doc);
  return facets.map(({ facet }) => facetWord(Number(facet))).join(' ');
}

/** Takes a notebook out of lists, filters and counts; nothing happens where it is not there. */
export function takeFromShelf(sql: Sql, doc: number): void {
  const row = sql('SELECT reader, deleted FROM shelf WHERE doc = ?').get(doc);
  if (row === undefined) return;
  if (row['deleted'] === 0) {
    const facets = sql('SELECT facet, kind FROM facet_docs JOIN facets USING (facet) WHERE doc = ?').all(doc);
    for (const { facet, kind } of facets) {
      count(sql, { facet: Number(facet), kind: String(kind) }, Number(row['reader']), -1);
    }
  }
  sql('DELETE FROM facet_docs WHERE doc = ?').run(doc);
  sql('DELETE FROM shelf WHERE doc = ?').run(doc);
}

interface CountedFacet {
  facet: number;
  kind: string;
}

function count(sql: Sql, { facet, kind }: CountedFacet, reader: number, by: 1 | -1): void {
  sql(
    `INSERT INTO facet_counts (facet, reader, kind, count) VALUES (?1, ?2, ?3, ?4)
     ON CONFLICT (facet, reader) DO UPDATE SET count = count + ?4`
  ).run(facet, reader, kind, by);
  if (by < 0) sql('DELETE FROM facet_counts WHERE facet = ? AND reader = ? AND count <= 0').run(facet, reader);
}

/** The number of a facet. Its name is spelled as the last one who used it did. */
function facetNumber(sql: Sql, kind: string, key: string, name: string): number {
  const row = sql('SELECT facet, name FROM facets WHERE kind = ? AND key = ?').get(kind, key);
  if (row === undefined) {
    return Number(sql('INSERT INTO facets (kind, key, name) VALUES (?, ?, ?)').run(kind, key, name).lastInsertRowid);
  }
  if (row['name'] !== name) sql('UPDATE facets SET name = ? WHERE facet = ?').run(name, row['facet'] ?? null);
  return Number(row['facet']);
}

/** The number that stands for a person in the tables. */
export function personNumber(sql: Sql, name: string): number {
  const known = knownPerson(sql, name);
  if (known !== undefined) return known;
  return Number(sql('INSERT INTO people (name) VALUES (?)').run(name).lastInsertRowid);
}

/** The number of a person who owns something; undefined for anybody else. */
export function knownPerson(sql: Sql, name: string): number | undefined {
  const person = sql('SELECT person FROM people WHERE name = ?').get(name)?.['person'];
  return person === undefined ? undefined : Number(person);
}
