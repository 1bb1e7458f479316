import { Grams } from './grams.js';
import { Lexicon, sortNames } from './lexicon.js';
import type { Visit } from './lexicon.js';
import { fromField, toField } from './text.js';

/** Names in a part of the dictionary; a part is searched as one text. */
const PART = 16_384;

/** Columns that are taken in at one go. */
const STEP = 5_000;

/** Texts by number, each once. Numbers stay what they are. */
export class Dictionary {
  readonly texts: string[] = [];
  private readonly ids = new Map<string, number>();
  /** How often each is used. */
  private counts = new Uint32Array(1024);
  private readonly parts: Part[] = [];
  private grams: Grams | undefined;
  /** The names that no full part holds yet. */
  private open: { size: number; part: Part } | undefined;

  idOf(text: string): number {
    const known = this.ids.get(text);
    if (known !== undefined) return known;
    // A copy: the text may be a window on a much longer one, which it would keep alive.
    const own = Buffer.from(text, 'utf16le').toString('utf16le');
    const id = this.texts.push(own) - 1;
    this.ids.set(own, id);
    return id;
  }

  count(id: number): number {
    return this.counts[id] ?? 0;
  }

  /** Counts uses that came or went. */
  use(id: number, by: 1 | -1): void {
    this.grams = undefined;
    if (id >= this.counts.length) {
      const larger = new Uint32Array(Math.max(this.counts.length * 2, id + 1));
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts[id] = (this.counts[id] ?? 0) + by;
  }

  beginning(wanted: string, visit: Visit): void {
    this.each(visit, (part, told) => part.words.beginning(wanted, told));
  }

  holding(wanted: string, visit: Visit, isRanked = true): void {
    this.each(visit, (part, told) => part.words.holding(wanted, told, isRanked));
  }

  /** How many uses the names have that hold a text; undefined where that must be counted one by one. */
  uses(wanted: string): number | undefined {
    if (this.grams === undefined) {
      this.grams = new Grams();
      for (const { ids, words } of this.all()) {
        for (const [index, id] of ids.entries()) this.grams.add(words.foldedAt(index), id, this.count(id));
      }
    }
    return this.grams.holding(wanted);
  }

  scattered(wanted: string, visit: Visit): void {
    this.each(visit, (part, told) => part.words.scattered(wanted, told));
  }

  /** Looks into all parts; names that nothing uses any more are not told. */
  private each(visit: Visit, look: (part: Part, told: Visit) => void): void {
    for (const part of this.all()) {
      look(part, (index, rank) => {
        const id = part.ids[index] ?? 0;
        if (this.count(id) > 0) visit(id, rank);
      });
    }
  }

  private all(): readonly Part[] {
    const { texts, parts } = this;
    while ((parts.length + 1) * PART <= texts.length) parts.push(this.part(parts.length * PART, PART));
    const begin = parts.length * PART;
    if (begin === texts.length) return parts;
    if (this.open?.size !== texts.length) {
      this.open = { size: texts.length, part: this.part(begin, texts.length - begin) };
    }
    return [...parts, this.open.part];
  }

  private part(begin: number, size: number): Part {
    const numbers = Array.from({ length: size }, (_, index) => begin + index);
    const ids = sortNames(numbers, id => this.texts[id] ?? '');
    return { ids: Uint32Array.from(ids), words: new Lexicon(ids.map(id => this.texts[id] ?? '')) };
  }
}

/** Some names, and which numbers they have. */
interface Part {
  ids: Uint32Array;
  words: Lexicon;
}

/** Where a column is: its table by number, its type. */
export interface ColumnPlace {
  table: string;
  type: string;
}

/** The columns of a schema's tables, by numbers of the source's dictionaries. */
export class SchemaColumns {
  /** The columns by the number of their name; made with the first search. */
  private byName: Uint32Array | undefined;
  /** The numbers of names lie between these. */
  private least = Number.POSITIVE_INFINITY;
  private greatest = -1;

  private constructor(
    readonly tables: readonly string[],
    /** Where the columns of each table begin, and behind the last one. */
    private readonly starts: Uint32Array,
    private readonly names: Uint32Array,
    private readonly types: Uint32Array,
    readonly at: number
  ) {
    for (const name of names) {
      if (name < this.least) this.least = name;
      if (name > this.greatest) this.greatest = name;
    }
  }

  /**
   * Made in steps, of which none takes long.
   *
   * @param lines - of `columnsText`; of tables that come twice the last counts
   * @param at - when they were read, in milliseconds since 1970
   */
  static *building(
    lines: readonly string[],
    dictionaries: { names: Dictionary; types: Dictionary },
    at: number
  ): Generator<void, SchemaColumns> {
    const [tables, sorted] = yield* byTable(lines);
    const starts = new Uint32Array(tables.length + 1);
    const names: number[] = [];
    const types: number[] = [];
    let step = STEP;
    for (const [index, line] of sorted.entries()) {
      const fields = line.length > endOf(line) ? line.slice(endOf(line) + 1).split('\t') : [];
      for (let i = 0; i + 1 < fields.length; i += 2) {
        names.push(dictionaries.names.idOf(fromField(fields[i] ?? '')));
        types.push(dictionaries.types.idOf(fromField(fields[i + 1] ?? '')));
      }
      starts[index + 1] = names.length;
      if (names.length < step) continue;
      step = names.length + STEP;
      yield;
    }
    return new SchemaColumns(tables, starts, Uint32Array.from(names), Uint32Array.from(types), at);
  }

  get size(): number {
    return this.names.length;
  }

  /** Counts the uses of all names, or takes them back. */
  count(names: Dictionary, by: 1 | -1): void {
    for (const id of this.names) names.use(id, by);
  }

  /** Where the columns of one name are, by table. */
  *places(name: number, types: Dictionary): Iterable<ColumnPlace> {
    if (name < this.least || name > this.greatest) return;
    const order = (this.byName ??= this.sorted());
    for (let i = this.first(order, name); i < order.length; i++) {
      const column = order[i] ?? 0;
      if (this.names[column] !== name) return;
      yield { table: this.tables[this.tableOf(column)] ?? '', type: types.texts[this.types[column] ?? 0] ?? '' };
    }
  }

  /** Columns by the number of their name, then by their own: as one number each, which sorts a hundred times faster. */
  private sorted(): Uint32Array {
    const { names } = this;
    const keys = Float64Array.from(names, (name, column) => name * names.length + column).sort();
    return Uint32Array.from(keys, key => key % names.length);
  }

  /** As `columnsText`. */
  text(dictionaries: { names: Dictionary; types: Dictionary }): string {
    const lines = this.tables.map((table, index) => {
      let line = toField(table);
      for (let column = this.starts[index] ?? 0; column < (this.starts[index + 1] ?? 0); column++) {
        const name = dictionaries.names.texts[this.names[column] ?? 0] ?? '';
        const type = dictionaries.types.texts[this.types[column] ?? 0] ?? '';
        line += `\t${toField(name)}\t${toField(type)}`;
      }
      return `${line}\n`;
    });
    return lines.join('');
  }

  private first(order: Uint32Array, name: number): number {
    let [low, high] = [0, order.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.names[order[middle] ?? 0] ?? 0) < name) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private tableOf(column: number): number {
    let [low, high] = [0, this.tables.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= column) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** Tables in their order, each once, and their lines. From a file they come so, and nothing has to be sorted. */
function* byTable(lines: readonly string[]): Generator<void, [tables: string[], lines: readonly string[]]> {
  const tables: string[] = [];
  let isSorted = true;
  for (const line of lines) {
    const table = fromField(line.slice(0, endOf(line)));
    isSorted &&= tables.length === 0 || (tables.at(-1) ?? '') < table;
    if (tables.push(table) % STEP === 0) yield;
  }
  if (isSorted) return [tables, lines];
  const last = new Map(tables.map((table, index) => [table, lines[index] ?? '']));
  const sorted = [...last.keys()].sort();
  return [sorted, sorted.map(table => last.get(table) ?? '')];
}

/** Where the first field of a line ends. */
function endOf(line: string): number {
  const end = line.indexOf('\t');
  return end < 0 ? line.length : end;
}
