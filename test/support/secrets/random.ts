/** Random texts from a start value, so that a failure can be replayed. */
export class Random {
  constructor(private state: number) {}

  /** A whole number from 0 to below `limit`. */
  below(limit: number): number {
    // mulberry32
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** So many characters out of an alphabet. */
  text(length: number, alphabet: string): string {
    return Array.from({ length }, () => alphabet[this.below(alphabet.length)]).join('');
  }

  hex(length: number): string {
    return this.text(length, '0123456789abcdef');
  }

  /** Letters and digits, at least one of each kind. */
  word(length: number): string {
    return this.withAll(length, UPPER + LOWER + DIGITS, [UPPER, LOWER, DIGITS]);
  }

  /** Letters and digits, `-` and `_`. */
  token(length: number): string {
    return this.withAll(length, `${UPPER + LOWER + DIGITS}-_`, [UPPER, LOWER, DIGITS]);
  }

  base64(length: number): string {
    return this.withAll(length, `${UPPER + LOWER + DIGITS}+/`, [UPPER, LOWER, DIGITS]);
  }

  /** A password as people and their tools make them. */
  password(): string {
    const kinds = [
      () =>
        `${this.pick(['Winter', 'summer', 'Data', 'dragon', 'Lake', 'monkey'])}${this.below(9000) + 1000}${this.pick(['!', '#', '', '$', '?'])}`,
      () => this.withAll(12, `${UPPER + LOWER + DIGITS}!#*-_.`, [UPPER, LOWER, DIGITS, '!#*']),
      () => this.word(16)
    ];
    return this.pick(kinds)();
  }

  private withAll(length: number, alphabet: string, groups: string[]): string {
    for (;;) {
      const text = this.text(length, alphabet);
      if (groups.every(group => Array.from(text).some(character => group.includes(character)))) return text;
    }
  }
}

export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const LOWER = 'abcdefghijklmnopqrstuvwxyz';
export const DIGITS = '0123456789';
