import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type { Facets, Provenance } from '../../../contract/share/index.js';
import type { Log } from '../../ports.js';
import { versionList } from '../../share/archive/projection.js';
import { recordOf } from '../../share/archive/record.js';
import { mayRead } from '../../share/library/access.js';
import { facetKinds } from '../../share/library/searchable.js';
import type {
  IndexedNotebook,
  LibraryIndex,
  NotebookCore,
  NotebookHistory,
  Reader,
  VersionFact
} from '../../share/ports.js';
import { createDatabase } from './database.js';
import type { Sql } from './database.js';
import { itemFrom, mergeRecord } from './merge.js';
import { EVERYONE } from './schema.js';
import { search } from './search.js';
import { knownPerson } from './shelf.js';

/**
 * How long one transaction may take, so that neither requests nor other processes wait: processor time, and time on
 * the clock where the disk is slow. On a busy machine the clock alone would make transactions so small that beginning
 * and ending them is most of the work. Milliseconds.
 */
const SLICE = { processor: 12, clock: 45 };

/** Pages of the word index that are tidied up at once, and how many transactions make that worth while. */
const TIDY_PAGES = 64;
const TIDY_EVERY = 4;

/** Most names of a kind that are counted. */
const MAX_FACETS = 500;

const SNAPSHOT = 'snapshot';

export interface SqliteIndexOptions {
  /** A folder of its own; made when needed. Many processes may use it at once. */
  directory: string;
  log: Log;
}

/** The index in an SQLite file with full-text search. Opens it with the first call. */
export function createSqliteIndex({ directory, log }: SqliteIndexOptions): LibraryIndex {
  const database = createDatabase(directory, log);
  let untidy = 0;

  /** Does something with each item, in transactions that are short enough to let others in between. */
  async function inSlices<T>(items: readonly T[], work: (sql: Sql, item: T) => unknown): Promise<void> {
    for (let next = 0; next < items.length;) {
      const start = next;
      const grown = await database.write(sql => {
        const isOver = startSlice();
        let results = 0;
        next = start;
        do if (work(sql, items[next++] as T) === true) results++;
        while (next < items.length && !isOver());
        return results > 0;
      });
      await yieldToOthers();
      if (grown && ++untidy % TIDY_EVERY === 0) await tidy();
    }
  }

  /** Merges a few segments of the word index. Without it searches would slow down; all at once it would take long. */
  async function tidy(): Promise<void> {
    await database.write(sql => sql(`INSERT INTO words (words, rank) VALUES ('merge', ${TIDY_PAGES})`).run());
    await yieldToOthers();
  }

  const addEvent = (sql: Sql, id: string): unknown => sql('INSERT OR IGNORE INTO events VALUES (?)').run(id);

  return {
    async snapshot() {
      database.refresh();
      return database.read(sql => {
        const value = sql('SELECT value FROM meta WHERE key = ?').get(SNAPSHOT)?.['value'];
        return value === undefined ? undefined : String(value);
      });
    },
    missing: events =>
      database.read(sql => events.filter(id => sql('SELECT 1 FROM events WHERE id = ?').get(id) === undefined)),
    apply: events =>
      inSlices(events, (sql, event) => {
        addEvent(sql, event.id);
        return mergeRecord(sql, recordOf(event));
      }),
    merge: records => inSlices(records, mergeRecord),
    async adopt(snapshot, events) {
      await inSlices(events, addEvent);
      await database.write(sql => sql('INSERT OR REPLACE INTO meta VALUES (?, ?)').run(SNAPSHOT, snapshot));
    },
    async keepEvents(events) {
      const known = await database.read(sql => sql('SELECT id FROM events').all());
      const gone = known.map(row => String(row['id'])).filter(id => !events.has(id));
      await inSlices(gone, (sql, id) => sql('DELETE FROM events WHERE id = ?').run(id));
    },
    search: (reader, query) => database.read(sql => search(sql, reader, query)),
    facets: reader => database.read(sql => facetsFor(sql, reader)),
    get: (reader, notebookId) => database.read(sql => notebookFor(sql, reader, notebookId)),
    expired: deletedBefore =>
      database.read(sql =>
        sql(
          `SELECT s.id FROM shelf s JOIN notebooks n ON n.doc = s.doc WHERE s.deleted = 1 AND n.core ->> '$.deletedAt.value' < ?`
        )
          .all(deletedBefore)
          .map(row => String(row['id']))
      ),
    history: notebookId => database.read(sql => historyOf(sql, notebookId)),
    close: () => database.close()
  };
}

function startSlice(): () => boolean {
  const began = { processor: process.threadCpuUsage(), clock: performance.now() };
  return () => {
    const { user, system } = process.threadCpuUsage(began.processor);
    return (user + system) / 1000 > SLICE.processor || performance.now() - began.clock > SLICE.clock;
  };
}

function facetsFor(sql: Sql, reader: Reader): Facets {
  const person = knownPerson(sql, reader.name) ?? -1;
  // Whoever is among the most frequent of all is so among everyone's, or has some of the reader's own.
  const counts = facetKinds.map(kind =>
    sql(
      `WITH
         common AS (SELECT facet FROM facet_counts WHERE reader = ?1 AND kind = ?3 ORDER BY count DESC, facet LIMIT ?4),
         own AS (SELECT facet FROM facet_counts WHERE reader = ?2 AND kind = ?3)
       SELECT name, sum(count) AS count FROM facet_counts JOIN facets USING (facet)
       WHERE facet IN (SELECT facet FROM common UNION SELECT facet FROM own) AND reader IN (?1, ?2)
       GROUP BY facet ORDER BY sum(count) DESC, name LIMIT ?4`
    )
      .all(EVERYONE, person, kind, MAX_FACETS)
      .map(row => ({ name: String(row['name']), count: Number(row['count']) }))
  );
  const [tags = [], groups = [], owners = [], tables = []] = counts;
  return { tags, groups, owners, tables };
}

function notebookFor(sql: Sql, reader: Reader, notebookId: string): IndexedNotebook | undefined {
  const row = sql('SELECT doc, core, summary FROM notebooks WHERE id = ?').get(notebookId);
  if (row === undefined) return undefined;
  const core = JSON.parse(String(row['core'])) as NotebookCore;
  const item = itemFrom(core, row['summary']);
  if (item === undefined || !mayRead(reader, item)) return undefined;
  const facts = sql('SELECT fact FROM versions WHERE doc = ?').all(row['doc'] ?? null);
  const provenance = (hash: string): Provenance | undefined => {
    const value = sql('SELECT value FROM provenances WHERE hash = ?').get(hash)?.['value'];
    return value === undefined ? undefined : (JSON.parse(String(value)) as Provenance);
  };
  const versions = facts.map(({ fact }) => JSON.parse(String(fact)) as VersionFact);
  return {
    item,
    versions: versionList(versions, provenance),
    imports: core.facts?.value.imports ?? [],
    lastEvent: core.last
  };
}

function historyOf(sql: Sql, notebookId: string): NotebookHistory | undefined {
  const row = sql('SELECT doc, core FROM notebooks WHERE id = ?').get(notebookId);
  if (row === undefined) return undefined;
  const { last, purged } = JSON.parse(String(row['core'])) as NotebookCore;
  const versions = sql('SELECT version_id FROM versions WHERE doc = ? ORDER BY version_id').all(row['doc'] ?? null);
  return { lastEvent: last, purged, versionIds: versions.map(version => String(version['version_id'])) };
}
