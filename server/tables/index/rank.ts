/** How well a name fits what was typed; less is better. */
export const EXACT = 0;
export const PREFIX = 1;
export const WORD = 2;
export const WITHIN = 3;
export const SCATTERED = 4;
export type Rank = 0 | 1 | 2 | 3 | 4;

/** Letters that are none with a mark, by what is typed for them. */
const typedAs: Record<string, string> = {
  ...{ ß: 'ss', æ: 'ae', œ: 'oe', þ: 'th' },
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i' }
};

/** A name as it is compared: small letters without accents, on one line. */
export function fold(text: string): string {
  const small = text.toLowerCase();
  // Nearly all names are of these characters.
  return /^[ -~]*$/.test(small) ? small : withoutAccents(small);
}

function withoutAccents(small: string): string {
  return small
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[ßæœþøłđðħı]/g, letter => typedAs[letter] ?? letter)
    .replace(/[\n\r]/g, ' ');
}

const LETTER = /[\p{L}\p{N}]/u;

function isLetter(code: number): boolean {
  if (code < 128) {
    return (code >= 97 && code <= 122) || (code >= 48 && code <= 57) || (code >= 65 && code <= 90);
  }
  return LETTER.test(String.fromCharCode(code));
}

function isCapital(letter: string): boolean {
  return letter !== letter.toLowerCase();
}

/**
 * Whether a word begins at a place of a text: after what is no letter, or as a capital after a small letter.
 *
 * @param folded - the text as it is compared
 * @param at - from 1
 * @param name - the name at the place as it is written; undefined where its letters do not stand in the same places
 * @param within - the place in it
 */
export function isWordStart(folded: string, at: number, name: string | undefined, within: number): boolean {
  if (!isLetter(folded.charCodeAt(at - 1))) return true;
  if (name === undefined || name.charCodeAt(within) === folded.charCodeAt(at)) return false;
  return isCapital(name.charAt(within)) && !isCapital(name.charAt(within - 1));
}

/** Whether the letters of `wanted` stand in `folded` in their order, with others between them. */
export function isScattered(folded: string, wanted: string): boolean {
  let at = -1;
  for (let i = 0; i < wanted.length; i++) {
    at = folded.indexOf(wanted.charAt(i), at + 1);
    if (at < 0) return false;
  }
  return true;
}

/** Bits for the characters of a text: a name whose bits lack one of the query's cannot hold all its characters. */
export function bitsOf(folded: string): number {
  let bits = 0;
  for (let i = 0; i < folded.length; i++) {
    const code = folded.charCodeAt(i);
    if (code >= 97 && code <= 122) bits |= 1 << (code - 97);
    else if (code >= 48 && code <= 57) bits |= 1 << (26 + (code & 3));
    else bits |= 1 << 30;
  }
  return bits;
}

/** What is ranked. */
export interface Ranked {
  rank: Rank;
  /** Of the name; shorter ones come first. */
  length: number;
}

/** The best of what is ranked. */
export class Best<T extends Ranked> {
  private readonly heap: T[] = [];

  /** @param compare - less than 0 where the first is better; by rank and length first; never 0 for two that differ */
  constructor(
    private readonly most: number,
    private readonly compare: (a: T, b: T) => number
  ) {}

  /** Whether nothing of this rank can come in any more. */
  isFullFor(rank: Rank): boolean {
    const worst = this.heap[0];
    return this.heap.length >= this.most && (worst === undefined || worst.rank < rank);
  }

  /** Whether one of this rank and length could come in. */
  admits(rank: Rank, length: number): boolean {
    if (this.heap.length < this.most) return true;
    const worst = this.heap[0];
    return worst !== undefined && (rank < worst.rank || (rank === worst.rank && length <= worst.length));
  }

  add(item: T): void {
    if (this.most === 0) return;
    if (this.heap.length < this.most) {
      this.heap.push(item);
      this.up(this.heap.length - 1);
      return;
    }
    const worst = this.heap[0] as T;
    if (this.compare(item, worst) >= 0) return;
    this.heap[0] = item;
    this.down(0);
  }

  /** The best first. */
  sorted(): T[] {
    return [...this.heap].sort(this.compare);
  }

  private up(index: number): void {
    let at = index;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.compare(this.heap[at] as T, this.heap[parent] as T) <= 0) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private down(index: number): void {
    let at = index;
    for (;;) {
      let worst = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.heap.length && this.compare(this.heap[child] as T, this.heap[worst] as T) > 0) worst = child;
      }
      if (worst === at) return;
      this.swap(at, worst);
      at = worst;
    }
  }

  private swap(a: number, b: number): void {
    const held = this.heap[a] as T;
    this.heap[a] = this.heap[b] as T;
    this.heap[b] = held;
  }
}
