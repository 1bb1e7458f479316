import type { LibraryItem } from '../../../contract/share/index.js';
import { itemOf } from '../../share/archive/projection.js';
import type { VersionSummary } from '../../share/archive/projection.js';
import { isPurged, mergeCores } from '../../share/archive/record.js';
import { searchableOf } from '../../share/library/searchable.js';
import type { NotebookCore, NotebookRecord, VersionFact } from '../../share/ports.js';
import type { Sql } from './database.js';
import { facetWords, putOnShelf, takeFromShelf } from './shelf.js';

/**
 * Merges what is known of a notebook into the tables. Within a transaction.
 *
 * @returns whether the word index has grown
 */
export function mergeRecord(sql: Sql, record: NotebookRecord): boolean {
  for (const [hash, value] of Object.entries(record.provenances ?? {})) {
    sql('INSERT OR IGNORE INTO provenances VALUES (?, ?)').run(hash, JSON.stringify(value));
  }
  const row = sql('SELECT doc, core, summary FROM notebooks WHERE id = ?').get(record.core.notebookId);
  const known = row && (JSON.parse(String(row['core'])) as NotebookCore);
  // Merging with itself drops what its own purge forgets.
  const core = mergeCores(known ?? record.core, record.core);
  const json = JSON.stringify(core);
  const doc = row ? Number(row['doc']) : insertNotebook(sql, core.notebookId, json);
  const versionsChanged = mergeVersions(sql, doc, record.versions, core.purged);
  const textChanged = mergeText(sql, doc, record, core.purged);
  const coreChanged = json !== row?.['core'];
  if (!versionsChanged && !textChanged && !coreChanged) return false;
  const before = known && itemFrom(known, row['summary']);
  const summary = summaryOf(sql, doc);
  const after = itemOf(core, summary);
  sql('UPDATE notebooks SET core = ?, summary = ? WHERE doc = ?').run(
    json,
    after ? JSON.stringify(summary) : null,
    doc
  );
  if (before) takeFromShelf(sql, doc);
  if (after) putOnShelf(sql, doc, core, after);
  const wordsChanged =
    textChanged || !before || !after || before.owner !== after.owner || wordsOf(known) !== wordsOf(core);
  if (before && wordsChanged) sql('DELETE FROM words WHERE rowid = ?').run(doc);
  if (after && wordsChanged) indexWords(sql, doc, core);
  return wordsChanged && Boolean(before ?? after);
}

/** A notebook as lists show it, from the columns `core` and `summary`; undefined where it cannot be shown. */
export function itemFrom(core: NotebookCore, summary: unknown): LibraryItem | undefined {
  return typeof summary === 'string' ? itemOf(core, JSON.parse(summary) as VersionSummary) : undefined;
}

function insertNotebook(sql: Sql, id: string, core: string): number {
  return Number(sql('INSERT INTO notebooks (id, core) VALUES (?, ?)').run(id, core).lastInsertRowid);
}

function mergeVersions(sql: Sql, doc: number, versions: readonly VersionFact[], purged: string | undefined): boolean {
  let changes = 0;
  for (const fact of versions) {
    if (isPurged(fact.event, purged)) continue;
    changes += Number(
      sql(
        `INSERT INTO versions VALUES (?, ?, ?, ?) ON CONFLICT (doc, version_id)
         DO UPDATE SET event = excluded.event, fact = excluded.fact WHERE excluded.event > versions.event`
      ).run(doc, fact.versionId, fact.event, JSON.stringify(fact)).changes
    );
  }
  if (purged !== undefined) {
    changes += Number(sql('DELETE FROM versions WHERE doc = ? AND event <= ?').run(doc, purged).changes);
  }
  return changes > 0;
}

function mergeText(sql: Sql, doc: number, { text }: NotebookRecord, purged: string | undefined): boolean {
  let changes = 0;
  if (text && !isPurged(text.event, purged)) {
    changes += Number(
      sql(
        `INSERT INTO texts VALUES (?, ?, ?) ON CONFLICT (doc)
         DO UPDATE SET event = excluded.event, text = excluded.text WHERE excluded.event > texts.event`
      ).run(doc, text.event, text.value).changes
    );
  }
  if (purged !== undefined) {
    changes += Number(sql('DELETE FROM texts WHERE doc = ? AND event <= ?').run(doc, purged).changes);
  }
  return changes > 0;
}

function summaryOf(sql: Sql, doc: number): VersionSummary | undefined {
  const row = sql('SELECT count(*) AS count, max(version_id) AS newest FROM versions WHERE doc = ?').get(doc);
  const count = Number(row?.['count'] ?? 0);
  if (count === 0) return undefined;
  const fact = (order: string): VersionFact =>
    JSON.parse(
      String(sql(`SELECT fact FROM versions WHERE doc = ? ORDER BY ${order} LIMIT 1`).get(doc)?.['fact'])
    ) as VersionFact;
  const first = fact('version_id');
  const owner = count === 1 ? first.owner : fact('event').owner;
  return { count, newest: String(row?.['newest']), createdAt: first.at, owner };
}

/** What the words of a notebook are made from, its text aside: the events that set it. */
function wordsOf(core: NotebookCore | undefined): string {
  return [core?.title, core?.tags, core?.groups, core?.facts].map(register => register?.event ?? '').join();
}

function indexWords(sql: Sql, doc: number, core: NotebookCore): void {
  const text = sql('SELECT text FROM texts WHERE doc = ?').get(doc)?.['text'];
  const words = searchableOf(core, typeof text === 'string' ? text : '');
  sql('INSERT INTO words (rowid, title, tags, names, text, facets) VALUES (?, ?, ?, ?, ?, ?)').run(
    doc,
    words.title,
    words.tags,
    words.names,
    words.text,
    facetWords(sql, doc)
  );
}
