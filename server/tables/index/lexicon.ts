import { Grams } from './grams.js';
import { bitsOf, EXACT, fold, isScattered, isWordStart, PREFIX, SCATTERED, WITHIN, WORD } from './rank.js';
import type { Rank } from './rank.js';

/** Told of each name that fits, once. */
export type Visit = (index: number, rank: Rank) => void;

/** Names in one text as they are compared, so that one `indexOf` goes through all of them. */
export class Lexicon {
  /** `\nname\nname\n`, folded. */
  private readonly folded: string;
  /** Where each name begins in it, and behind the last one. */
  private readonly starts: Uint32Array;
  private readonly bits: Int32Array;
  private counted: Grams | undefined;

  /** @param names - sorted by `compareNames` */
  constructor(readonly names: readonly string[]) {
    const folded = names.map(fold);
    this.folded = folded.length === 0 ? '\n' : `\n${folded.join('\n')}\n`;
    this.starts = new Uint32Array(names.length + 1);
    this.bits = new Int32Array(names.length);
    let at = 1;
    for (const [index, each] of folded.entries()) {
      this.starts[index] = at;
      this.bits[index] = bitsOf(each);
      at += each.length + 1;
    }
    this.starts[names.length] = at;
  }

  /** Tells which names begin with a text, which are neighbours. @param wanted - folded, not empty */
  beginning(wanted: string, visit: Visit): void {
    for (let index = this.first(wanted); index < this.names.length; index++) {
      const start = this.starts[index] ?? 0;
      if (!this.folded.startsWith(wanted, start)) return;
      visit(index, this.lengthAt(index) === wanted.length ? EXACT : PREFIX);
    }
  }

  /**
   * Tells which names hold a text behind their beginning, and do not begin with it.
   *
   * @param isRanked - without it all are told as `WITHIN`
   */
  holding(wanted: string, visit: Visit, isRanked = true): void {
    const { folded, starts } = this;
    let index = 0;
    let at = folded.indexOf(wanted, 1);
    while (at >= 0) {
      index = this.indexAt(at, index);
      const end = (starts[index + 1] ?? 0) - 1;
      if (at !== starts[index]) visit(index, isRanked ? this.rank(index, at, end, wanted) : WITHIN);
      at = folded.indexOf(wanted, end);
    }
  }

  /** How many names hold a text, those that begin with it too. */
  count(wanted: string): number {
    const counted = this.grams.holding(wanted);
    if (counted !== undefined) return counted;
    const { folded } = this;
    let count = 0;
    let at = folded.indexOf(wanted, 1);
    while (at >= 0) {
      count++;
      at = folded.indexOf(wanted, folded.indexOf('\n', at));
    }
    return count;
  }

  /** Tells which names hold the letters of a text in their order, and not the text itself. @param wanted - folded */
  scattered(wanted: string, visit: Visit): void {
    const bits = bitsOf(wanted);
    for (let index = 0; index < this.bits.length; index++) {
      if (((this.bits[index] ?? 0) & bits) !== bits) continue;
      const each = this.foldedAt(index);
      if (isScattered(each, wanted) && !each.includes(wanted)) visit(index, SCATTERED);
    }
  }

  /** A name as it is compared. */
  foldedAt(index: number): string {
    return this.folded.slice(this.starts[index], (this.starts[index + 1] ?? 0) - 1);
  }

  /** How long a name is as it is compared. */
  lengthAt(index: number): number {
    return (this.starts[index + 1] ?? 0) - (this.starts[index] ?? 0) - 1;
  }

  private get grams(): Grams {
    if (this.counted === undefined) {
      this.counted = new Grams();
      for (let index = 0; index < this.names.length; index++) this.counted.add(this.foldedAt(index), index, 1);
    }
    return this.counted;
  }

  private rank(index: number, first: number, end: number, wanted: string): Rank {
    const { folded } = this;
    const name = this.names[index] ?? '';
    const start = this.starts[index] ?? 0;
    const isAlike = name.length === end - start;
    for (let at = first; at >= 0 && at < end; at = folded.indexOf(wanted, at + 1)) {
      if (isWordStart(folded, at, isAlike ? name : undefined, at - start)) return WORD;
    }
    return WITHIN;
  }

  /** The first name that does not sort before a text. */
  private first(wanted: string): number {
    let [low, high] = [0, this.names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.foldedAt(middle) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The name at a place of the text, which lies at or behind that of `from`. */
  private indexAt(place: number, from: number): number {
    const { starts } = this;
    let low = from;
    let step = 1;
    while (low + step < this.names.length && (starts[low + step] ?? 0) <= place) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, this.names.length);
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) <= place) low = middle;
      else high = middle;
    }
    return low;
  }
}

/** As they are compared, then as they are written; the same everywhere, whatever the language of the machine. */
export function sortNames<T>(items: readonly T[], nameOf: (item: T) => string): T[] {
  const keyed = items.map(item => {
    const name = nameOf(item);
    return { item, name, folded: fold(name) };
  });
  keyed.sort((a, b) => compareTexts(a.folded, b.folded) || compareTexts(a.name, b.name));
  return keyed.map(({ item }) => item);
}

/** By their characters' numbers. */
export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
