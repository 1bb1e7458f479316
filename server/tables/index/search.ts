import type { SchemaPath } from '../../../contract/tables/index.js';
import type { IndexHit, IndexQuery } from './ports.js';
import { Best, fold, isScattered } from './rank.js';
import type { Rank } from './rank.js';
import type { SourceNames } from './source.js';
import type { Lexicon } from './lexicon.js';
import type { SchemaNames } from './names.js';

/** Letters from which on names are found that hold them with others between. */
const SCATTERED_FROM = 3;

/** What was found, before it becomes a hit: of tables one name of one schema, of columns a name wherever it is. */
interface Found {
  rank: Rank;
  length: number;
  source: number;
  index: number;
  /** Of tables their schema, by its place in the order. */
  place: number;
  folded: () => string;
  name: string;
}

/** Whether what was typed names a schema too: `sales.ord`. */
interface Query {
  name: string;
  path: string | undefined;
}

/**
 * Searches the names of some sources. What ranks alike is ordered by length, name, source, schema, table. Columns take
 * no more than half of a full list from tables. Names that only hold the letters in their order count where nothing
 * better fills the list.
 */
export function search(sources: readonly SourceNames[], query: IndexQuery): { hits: IndexHit[]; total: number } {
  const wanted = fold(query.q.trim());
  if (wanted === '') return { hits: [], total: 0 };
  const found = run(sources, query, { name: wanted, path: undefined });
  if (found.total > 0) return found;
  const cut = Math.max(...['.', '/', ' '].map(separator => wanted.lastIndexOf(separator)));
  const [path, name] = [wanted.slice(0, cut).trim(), wanted.slice(cut + 1).trim()];
  if (cut <= 0 || path === '' || name === '') return found;
  return run(sources, query, { name, path });
}

function run(
  sources: readonly SourceNames[],
  { columns, limit }: IndexQuery,
  query: Query
): { hits: IndexHit[]; total: number } {
  const tables = new Best<Found>(limit, compare);
  const names = new Best<Found>(limit, compare);
  let total = 0;
  const looks: ((scattered: boolean) => void)[] = [];
  for (const [source, each] of sources.entries()) {
    for (const [place, [schema, part]] of each.schemas().entries()) {
      const own = part.names;
      if (own !== undefined && own.size > 0 && isUnder(schema, query.path)) {
        looks.push(scattered => {
          total += lookAtTables({ source, place, names: own }, query.name, scattered, tables);
        });
      }
    }
    if (!columns) continue;
    looks.push(scattered => {
      total += lookAtColumns({ source, names: each, path: query.path }, query.name, scattered, names);
    });
  }
  for (const look of looks) look(false);
  if (total < limit && query.name.length >= SCATTERED_FROM) for (const look of looks) look(true);
  const tableHits = tables.sorted();
  const columnHits = [...expand(names.sorted(), sources, query.path, limit)];
  const room = Math.max(Math.floor(limit / 2), limit - tableHits.length);
  const chosen = merge(tableHits, columnHits.slice(0, room), limit).slice(0, limit);
  return { hits: chosen.map(each => ('hit' in each ? each.hit : tableHit(each, sources))), total };
}

function lookAtTables(
  from: { source: number; place: number; names: SchemaNames },
  wanted: string,
  scattered: boolean,
  best: Best<Found>
): number {
  const { words, names } = from.names;
  let count = 0;
  look(words, wanted, scattered, (index, rank) => {
    count++;
    const { source, place } = from;
    const folded = (): string => words.foldedAt(index);
    best.add({ rank, length: words.lengthAt(index), source, index, place, folded, name: names[index] ?? '' });
  });
  return count;
}

function lookAtColumns(
  from: { source: number; names: SourceNames; path: string | undefined },
  wanted: string,
  scattered: boolean,
  best: Best<Found>
): number {
  const { dictionary, typeTexts } = from.names;
  let count = 0;
  look(dictionary, wanted, scattered, (index, rank) => {
    if (from.path === undefined) count += dictionary.count(index);
    else {
      const places = [...placesOf(from.names, index, typeTexts, from.path)].length;
      if (places === 0) return;
      count += places;
    }
    const folded = (): string => dictionary.foldedAt(index);
    const name = dictionary.texts[index] ?? '';
    best.add({ rank, length: dictionary.lengthAt(index), source: from.source, index, place: 0, folded, name });
  });
  return count;
}

function look(
  names: Pick<Lexicon, 'holding' | 'scattered'>,
  wanted: string,
  scattered: boolean,
  visit: (index: number, rank: Rank) => void
): void {
  if (scattered) names.scattered(wanted, visit);
  else names.holding(wanted, visit);
}

function compare(a: Found, b: Found): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.length !== b.length) return a.length - b.length;
  const [x, y] = [a.folded(), b.folded()];
  if (x !== y) return x < y ? -1 : 1;
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return a.source - b.source || a.place - b.place || a.index - b.index;
}

interface Expanded {
  rank: Rank;
  hit: IndexHit;
}

/** Columns by their names: as hits, one for each table that has one. */
function* expand(
  names: readonly Found[],
  sources: readonly SourceNames[],
  path: string | undefined,
  limit: number
): Iterable<Expanded> {
  let left = limit;
  for (const { source, index, rank, name } of names) {
    const from = sources[source];
    if (from === undefined) continue;
    for (const { schema, table, type } of placesOf(from, index, from.typeTexts, path)) {
      if (left-- <= 0) return;
      const at = from.of(schema)?.names?.find(table);
      const tableType = at === undefined ? 'table' : (from.of(schema)?.names?.typeAt(at) ?? 'table');
      yield { rank, hit: { source, schema, table, type: tableType, column: { name, type } } };
    }
  }
}

function* placesOf(
  from: SourceNames,
  index: number,
  types: SourceNames['typeTexts'],
  path: string | undefined
): Iterable<{ schema: SchemaPath; table: string; type: string }> {
  for (const [schema, { columns }] of from.schemas()) {
    if (columns === undefined) continue;
    for (const place of columns.places(index, types)) {
      if (path === undefined || isUnder(schema, path) || fold(place.table).includes(path)) yield { schema, ...place };
    }
  }
}

/** Tables before columns of the same rank. */
function merge(tables: readonly Found[], columns: readonly Expanded[], limit: number): (Found | Expanded)[] {
  const merged: (Found | Expanded)[] = [];
  let [t, c] = [0, 0];
  const most = tables.length + columns.length > limit ? limit - columns.length : tables.length;
  while (t < most || c < columns.length) {
    const [table, column] = [tables[t], columns[c]];
    const takesTable = t < most && table !== undefined && (column === undefined || table.rank <= column.rank);
    const next = takesTable ? table : column;
    if (next === undefined) break;
    merged.push(next);
    if (takesTable) t++;
    else c++;
  }
  return merged;
}

function tableHit({ source, place, index }: Found, sources: readonly SourceNames[]): IndexHit {
  const [schema = '', part] = sources[source]?.schemas()[place] ?? [];
  const names = part?.names;
  return { source, schema, table: names?.names[index] ?? '', type: names?.typeAt(index) ?? 'table' };
}

/** Whether a schema is meant by what was typed before the name. */
function isUnder(schema: SchemaPath, path: string | undefined): boolean {
  if (path === undefined) return true;
  const folded = fold(schema.replaceAll('\u001f', '.'));
  return folded.includes(path) || isScattered(folded, path);
}
