import { Lexicon } from './lexicon.js';
import type { Visit } from './lexicon.js';
import { fromField, toField } from './text.js';

/** Names in a part of the dictionary; a part is searched as one text. */
const PART = 16_384;

/** Texts by number, each once. Numbers stay what they are. */
export class Dictionary {
  readonly texts: string[] = [];
  private readonly ids = new Map<string, number>();
  /** How often each is used. */
  private counts = new Uint32Array(1024);
  private readonly parts: Lexicon[] = [];
  /** The names that no full part holds yet. */
  private open: { size: number; part: Lexicon } | undefined;

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
    if (id >= this.counts.length) {
      const larger = new Uint32Array(Math.max(this.counts.length * 2, id + 1));
      larger.set(this.counts);
      this.counts = larger;
    }
    this.counts[id] = (this.counts[id] ?? 0) + by;
  }

  holding(wanted: string, visit: Visit): void {
    for (const [base, part] of this.lexicons()) {
      part.holding(wanted, (index, rank) => {
        if (this.count(base + index) > 0) visit(base + index, rank);
      });
    }
  }

  scattered(wanted: string, visit: Visit): void {
    for (const [base, part] of this.lexicons()) {
      part.scattered(wanted, (index, rank) => {
        if (this.count(base + index) > 0) visit(base + index, rank);
      });
    }
  }

  foldedAt(id: number): string {
    const part = Math.floor(id / PART);
    return (this.parts[part] ?? this.open?.part)?.foldedAt(id - part * PART) ?? '';
  }

  lengthAt(id: number): number {
    const part = Math.floor(id / PART);
    return (this.parts[part] ?? this.open?.part)?.lengthAt(id - part * PART) ?? 0;
  }

  private lexicons(): [number, Lexicon][] {
    const { texts, parts } = this;
    while ((parts.length + 1) * PART <= texts.length) {
      parts.push(new Lexicon(texts.slice(parts.length * PART, (parts.length + 1) * PART)));
    }
    const rest = texts.length - parts.length * PART;
    if (rest === 0) this.open = undefined;
    else if (this.open?.size !== texts.length) {
      this.open = { size: texts.length, part: new Lexicon(texts.slice(parts.length * PART)) };
    }
    const all = parts.map((part, index): [number, Lexicon] => [index * PART, part]);
    return this.open === undefined ? all : [...all, [parts.length * PART, this.open.part]];
  }
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

  private constructor(
    readonly tables: readonly string[],
    /** Where the columns of each table begin, and behind the last one. */
    private readonly starts: Uint32Array,
    private readonly names: Uint32Array,
    private readonly types: Uint32Array,
    readonly at: number
  ) {}

  /** @param lines - of `columnsText`. @param at - when they were read, in milliseconds since 1970 */
  static of(
    lines: readonly string[],
    dictionaries: { names: Dictionary; types: Dictionary },
    at: number
  ): SchemaColumns {
    const byTable = new Map<string, string[]>();
    for (const line of lines) {
      const [table = '', ...fields] = line.split('\t');
      byTable.set(fromField(table), fields);
    }
    const tables = [...byTable.keys()].sort();
    const starts = new Uint32Array(tables.length + 1);
    const names: number[] = [];
    const types: number[] = [];
    for (const [index, table] of tables.entries()) {
      const fields = byTable.get(table) ?? [];
      for (let i = 0; i + 1 < fields.length; i += 2) {
        names.push(dictionaries.names.idOf(fromField(fields[i] ?? '')));
        types.push(dictionaries.types.idOf(fromField(fields[i + 1] ?? '')));
      }
      starts[index + 1] = names.length;
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
    const order = (this.byName ??= Uint32Array.from(this.names.keys()).sort(
      (a, b) => (this.names[a] ?? 0) - (this.names[b] ?? 0) || a - b
    ));
    for (let i = this.first(order, name); i < order.length; i++) {
      const column = order[i] ?? 0;
      if (this.names[column] !== name) return;
      yield { table: this.tables[this.tableOf(column)] ?? '', type: types.texts[this.types[column] ?? 0] ?? '' };
    }
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
