import type { TableEntry, TableType } from '../../../contract/tables/index.js';
import { compareTexts, Lexicon, sortNames } from './lexicon.js';
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
    const names = lines.map(line => fromLine(line.slice(1)));
    if (areSorted(names)) return new SchemaNames(names, lettersOf(lines.map(line => line.charAt(0))));
    const byName = new Map<string, string>();
    for (const line of lines) {
      const name = fromLine(line.slice(1));
      if (name !== '' && !byName.has(name)) byName.set(name, line.charAt(0));
    }
    const sorted = sortNames([...byName.keys()], name => name);
    return new SchemaNames(sorted, lettersOf(sorted.map(name => byName.get(name) ?? '')));
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
      const order = compareTexts(this.words.foldedAt(middle), wanted) || compareTexts(this.names[middle] ?? '', name);
      if (order < 0) low = middle + 1;
      else high = middle;
    }
    return this.names[low] === name ? low : undefined;
  }

  page(offset: number, limit: number): TableEntry[] {
    return this.names.slice(offset, offset + limit).map((name, index) => ({ name, type: this.typeAt(offset + index) }));
  }

  /** As `namesText`. */
  text(): string {
    const lines = this.names.map((name, index) => this.letters.charAt(index) + toLine(name));
    // After the last line too there is an end of line.
    return lines.concat('').join('\n');
  }

  equals(other: SchemaNames): boolean {
    if (other.letters !== this.letters) return false;
    return this.names.every((name, index) => name === other.names[index]);
  }
}

function lettersOf(given: readonly string[]): string {
  return given.map(letter => letterOf(typeOf(letter))).join('');
}

/** Whether names are in their order, each once and none empty, as they come from a file. */
function areSorted(names: readonly string[]): boolean {
  let before = '';
  let name = '';
  for (const each of names) {
    const folded = fold(each);
    const order = compareTexts(before, folded) || compareTexts(name, each);
    if (order >= 0) return false;
    before = folded;
    name = each;
  }
  return true;
}
