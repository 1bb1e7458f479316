import type { Facets, LibraryItem, LibraryPage, LibraryQuery, Provenance } from '../../../contract/share/index.js';
import { itemOf, summarise, versionList } from '../../share/archive/projection.js';
import { mergeRecords, recordOf } from '../../share/archive/record.js';
import { isListed, MAX_TOTAL, mayRead } from '../../share/library/access.js';
import { decodeCursor, encodeCursor, sortOf } from '../../share/library/cursor.js';
import type { Sort } from '../../share/library/cursor.js';
import { parseQuery } from '../../share/library/query.js';
import type { Term } from '../../share/library/query.js';
import {
  facetKey,
  facetKinds,
  facetsOf,
  searchableOf,
  snippetSources,
  titleKey,
  WEIGHTS
} from '../../share/library/searchable.js';
import { createSnippets } from '../../share/library/snippet.js';
import type { LibraryIndex, NotebookRecord, Reader } from '../../share/ports.js';

interface Hit {
  record: NotebookRecord;
  item: LibraryItem;
  score: number;
}

/** An index that looks at every notebook for every question. The same answers as the real one, but for the ranking. */
export function createMemoryLibraryIndex(): LibraryIndex {
  const records = new Map<string, NotebookRecord>();
  const provenances = new Map<string, Provenance>();
  const merged = new Set<string>();
  let taken: string | undefined;

  function merge(record: NotebookRecord): void {
    for (const [hash, value] of Object.entries(record.provenances ?? {})) provenances.set(hash, value);
    const id = record.core.notebookId;
    const known = records.get(id);
    // Merging with itself drops what its own purge forgets.
    records.set(id, mergeRecords(known ?? record, record));
  }

  function itemFrom(record: NotebookRecord): LibraryItem | undefined {
    return itemOf(record.core, summarise(record.versions));
  }

  function listed(
    reader: Reader,
    query: Pick<LibraryQuery, 'deleted'>
  ): { record: NotebookRecord; item: LibraryItem }[] {
    return [...records.values()].flatMap(record => {
      const item = itemFrom(record);
      return item && isListed(reader, item, query.deleted) ? [{ record, item }] : [];
    });
  }

  function find(reader: Reader, query: LibraryQuery, terms: readonly Term[] | undefined): Hit[] {
    return listed(reader, query).flatMap(({ record, item }) => {
      const facets = facetsOf(record.core, item.owner);
      const wanted = facetKinds.every(kind => {
        const name = query[kind];
        return name === undefined || facets.some(f => f.kind === kind && f.key === facetKey(kind, name));
      });
      const score = wanted ? scoreOf(record, terms) : undefined;
      return score === undefined ? [] : [{ record, item, score }];
    });
  }

  function search(reader: Reader, query: LibraryQuery): Omit<LibraryPage, 'asOf'> {
    const terms = parseQuery(query.q);
    const sort = sortOf(query, terms !== undefined);
    const cursor = decodeCursor(query.cursor, sort);
    const hits = find(reader, query, terms).sort((a, b) => compare(sort, a, b));
    let start = 0;
    if (cursor?.sort === 'relevance') start = cursor.offset;
    else if (cursor) {
      start = hits.findIndex(({ item }) => isAfter(sort, item, cursor.value, cursor.id));
      if (start === -1) start = hits.length;
    }
    const page = hits.slice(start, start + query.limit);
    const last = page.at(-1);
    const snippetOf = terms && createSnippets(terms);
    return {
      items: page.map(({ record, item }) => {
        const snippet = snippetOf?.(snippetSources(record.core, record.text?.value ?? ''));
        return { ...item, ...(snippet !== undefined && { snippet }) };
      }),
      total: Math.min(hits.length, MAX_TOTAL),
      more: hits.length > MAX_TOTAL,
      ...(last !== undefined &&
        start + page.length < hits.length && {
          next: encodeCursor(
            sort === 'relevance'
              ? { sort, offset: start + page.length }
              : { sort, value: sortValue(sort, last.item), id: last.item.notebookId }
          )
        })
    };
  }

  function facets(reader: Reader): Facets {
    const counts = new Map<string, { kind: string; name: string; count: number }>();
    for (const { record, item } of listed(reader, { deleted: false })) {
      for (const { kind, key, name } of facetsOf(record.core, item.owner)) {
        const count = counts.get(`${kind} ${key}`)?.count ?? 0;
        counts.set(`${kind} ${key}`, { kind, name, count: count + 1 });
      }
    }
    const of = (kind: string): Facets['tags'] =>
      [...counts.values()]
        .filter(entry => entry.kind === kind)
        .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
        .map(({ name, count }) => ({ name, count }));
    return { tags: of('tag'), groups: of('group'), owners: of('owner'), tables: of('table') };
  }

  return {
    snapshot: () => Promise.resolve(taken),
    missing: events => Promise.resolve(events.filter(event => !merged.has(event))),
    async apply(events) {
      for (const event of events) {
        merge(recordOf(event));
        merged.add(event.id);
      }
      return Promise.resolve();
    },
    async merge(parts) {
      for (const part of parts) merge(part);
      return Promise.resolve();
    },
    async adopt(snapshot, events) {
      taken = snapshot;
      for (const event of events) merged.add(event);
      return Promise.resolve();
    },
    async keepEvents(events) {
      for (const event of merged) if (!events.has(event)) merged.delete(event);
      return Promise.resolve();
    },
    search: async (reader, query) => Promise.resolve(search(reader, query)),
    facets: reader => Promise.resolve(facets(reader)),
    async get(reader, notebookId) {
      const record = records.get(notebookId);
      const item = record && itemFrom(record);
      if (record === undefined || item === undefined || !mayRead(reader, item)) return Promise.resolve(undefined);
      return Promise.resolve({
        item,
        versions: versionList(record.versions, hash => provenances.get(hash)),
        imports: record.core.facts?.value.imports ?? [],
        lastEvent: record.core.last
      });
    },
    expired: deletedBefore =>
      Promise.resolve(
        [...records.values()]
          .map(itemFrom)
          .filter(item => item?.deletedAt !== undefined && item.deletedAt < deletedBefore)
          .flatMap(item => (item ? [item.notebookId] : []))
      ),
    history(notebookId) {
      const record = records.get(notebookId);
      if (record === undefined) return Promise.resolve(undefined);
      const { last, purged } = record.core;
      return Promise.resolve({
        lastEvent: last,
        purged,
        versionIds: record.versions.map(version => version.versionId)
      });
    },
    close: () => Promise.resolve()
  };
}

/** How well a record matches; undefined where a term is nowhere in it. */
function scoreOf({ core, text }: NotebookRecord, terms: readonly Term[] | undefined): number | undefined {
  if (terms === undefined) return 0;
  if (terms.length === 0) return undefined;
  const { title, tags, names, text: prose } = searchableOf(core, text?.value ?? '');
  let score = 0;
  for (const { words, prefix, optional } of terms) {
    const needle = ` ${words.join(' ')}${prefix ? '' : ' '}`;
    const weights = [title, tags, names, prose].map((field, n) =>
      ` ${field} `.includes(needle) ? (WEIGHTS[n] ?? 0) : 0
    );
    const best = Math.max(...weights);
    if (best === 0 && !optional) return undefined;
    score += best;
  }
  return score;
}

function sortValue(sort: Sort, item: LibraryItem): string {
  return sort === 'title' ? titleKey(item.title) : item.updatedAt;
}

function compare(sort: Sort, a: Hit, b: Hit): number {
  if (sort === 'relevance' && a.score !== b.score) return b.score - a.score;
  const by = sort === 'title' ? 'title' : 'updated';
  return isAfter(by, b.item, sortValue(by, a.item), a.item.notebookId) ? -1 : 1;
}

/** Whether an item comes after this place. Newest first; titles from A to Z; ids break ties. */
function isAfter(sort: Sort, item: LibraryItem, value: string, id: string): boolean {
  const own = sortValue(sort, item);
  if (own === value) return sort === 'title' ? item.notebookId > id : item.notebookId < id;
  return sort === 'title' ? own > value : own < value;
}
