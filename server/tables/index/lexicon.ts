import { bitsOf, EXACT, fold, isScattered, isWordStart, PREFIX, SCATTERED, WITHIN, WORD } from './rank.js';
import type { Rank } from './rank.js';

/** Told of each name that fits, once. */
export type Visit = (index: number, rank: Rank) => void;

/** Names in one text of small letters, so that one `indexOf` goes through all of them. */
export class Lexicon {
  /** `\nname\nname\n`, folded. */
  private readonly folded: string;
  /** Where each name begins in it, and behind the last one. */
  private readonly starts: Uint32Array;
  private readonly bits: Int32Array;

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

  /** Tells which names hold a text. @param wanted - folded, not empty */
  holding(wanted: string, visit: Visit): void {
    const { folded, starts } = this;
    let index = 0;
    let at = folded.indexOf(wanted, 1);
    while (at >= 0) {
      index = this.indexAt(at, index);
      const end = (starts[index + 1] ?? 0) - 1;
      visit(index, this.rank(index, at, end, wanted));
      at = folded.indexOf(wanted, end);
    }
  }

  /** Tells which names hold the letters of a text in their order, and not the text itself. @param wanted - folded */
  scattered(wanted: string, visit: Visit): void {
    const bits = bitsOf(wanted);
    for (let index = 0; index < this.bits.length; index++) {
      if (((this.bits[index] ?? 0) & bits) !== bits) continue;
      const each = this.foldedAt(index);
      if (!each.includes(wanted) && isScattered(each, wanted)) visit(index, SCATTERED);
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

  private rank(index: number, first: number, end: number, wanted: string): Rank {
    const start = this.starts[index] ?? 0;
    if (first === start) return end - start === wanted.length ? EXACT : PREFIX;
    const name = this.names[index] ?? '';
    const each = this.folded.slice(start, end);
    for (let at = first - start; at >= 0; at = each.indexOf(wanted, at + 1)) {
      if (isWordStart(name, each, at)) return WORD;
    }
    return WITHIN;
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
