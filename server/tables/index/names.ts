import type { TableEntry, TableType } from '../../../contract/tables/index.js';
import { Lexicon } from './lexicon.js';
import { fold } from './rank.js';
import { fromLine, letterOf, toLine, typeOf } from './text.js';

/** The names of a schema's tables: sorted, each once. */
export class SchemaNames {
  private lexicon: Lexicon | undefined;

  private constructor(
    readonly names: readonly string[],
    /** The letter of each type. */
    private readonly letters: string
  ) {}

  /** @param lines - of `namesText`, in any order. Of names that come twice the first counts. */
  static of(lines: readonly string[]): SchemaNames {
    const byName = new Map<string, string>();
    for (const line of lines) {
      const name = fromLine(line.slice(1));
      if (name !== '' && !byName.has(name)) byName.set(name, line.charAt(0));
    }
    const sorted = sortedNames([...byName.keys()]);
    return new SchemaNames(
      sorted,
      sorted
        .map(name => byName.get(name) ?? '')
        .map(letter => letterOf(typeOf(letter)))
        .join('')
    );
  }

  get size(): number {
    return this.names.length;
  }

  /** Made with the first search. */
  get words(): Lexicon {
    return (this.lexicon ??= new Lexicon(this.names));
  }

  typeAt(index: number): TableType {
    return typeOf(this.letters.charAt(index));
  }

  /** Where a name is; undefined where it is not. */
  find(name: string): number | undefined {
    const wanted = fold(name);
    let [low, high] = [0, this.names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compareNames(this.names[middle] ?? '', name, wanted) < 0) low = middle + 1;
      else high = middle;
    }
    return this.names[low] === name ? low : undefined;
  }

  page(offset: number, limit: number): TableEntry[] {
    return this.names.slice(offset, offset + limit).map((name, index) => ({ name, type: this.typeAt(offset + index) }));
  }

  /** As `namesText`. */
  text(): string {
    return this.names.map((name, index) => `${this.letters.charAt(index)}${toLine(name)}\n`).join('');
  }

  equals(other: SchemaNames): boolean {
    if (other.letters !== this.letters) return false;
    return this.names.every((name, index) => name === other.names[index]);
  }
}

/** By their small letters, then as they are; the same everywhere, whatever the language of the machine. */
function sortedNames(names: string[]): string[] {
  const pairs = names.map(name => [fold(name), name] as const);
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([, name]) => name);
}

function compareNames(a: string, b: string, foldedB: string): number {
  const foldedA = fold(a);
  if (foldedA !== foldedB) return foldedA < foldedB ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
