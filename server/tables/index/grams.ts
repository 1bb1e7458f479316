/**
 * How many names hold a letter, or two letters in a row: the first keys that somebody presses fit most names, and
 * counting those one by one would take longer than all else.
 */

/** Letters that are counted: a to z, 0 to 9, _. */
const LETTERS = 37;
const PAIRS = LETTERS * LETTERS;

/** Counts of letters and pairs of letters. */
export class Grams {
  private readonly counts = new Float64Array(PAIRS + LETTERS);
  /** The name that was last counted for each. */
  private readonly last = new Int32Array(PAIRS + LETTERS).fill(-1);

  /** Counts a name so many times. @param index - other for each name */
  add(folded: string, index: number, times: number): void {
    const { counts, last } = this;
    let before = -1;
    for (let i = 0; i < folded.length; i++) {
      const letter = letterAt(folded, i);
      if (letter >= 0) {
        const single = PAIRS + letter;
        if (last[single] !== index) {
          last[single] = index;
          counts[single] = (counts[single] ?? 0) + times;
        }
        const pair = before * LETTERS + letter;
        if (before >= 0 && last[pair] !== index) {
          last[pair] = index;
          counts[pair] = (counts[pair] ?? 0) + times;
        }
      }
      before = letter;
    }
  }

  /** How many hold a text; undefined where that is not counted. */
  holding(wanted: string): number | undefined {
    if (wanted.length === 0 || wanted.length > 2) return undefined;
    const [first, second] = [letterAt(wanted, 0), wanted.length === 2 ? letterAt(wanted, 1) : 0];
    if (first < 0 || second < 0) return undefined;
    return this.counts[wanted.length === 1 ? PAIRS + first : first * LETTERS + second];
  }
}

function letterAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 97 && code <= 122) return code - 97;
  if (code >= 48 && code <= 57) return code - 48 + 26;
  return code === 95 ? 36 : -1;
}
