import { DIGITS, LETTERS, runFinder } from './runs.js';

/** The shortest key that a rule knows by its first letters is as long. */
const SHORTEST_KEY = 15;

const nextRun = runFinder(`${LETTERS}${DIGITS}_.+/=-`, SHORTEST_KEY);

/** Cheap questions about a text, answered once for all rules: most texts need no dearer ones. */
export class Hints {
  private lower: string | undefined;
  private hasRun: boolean | undefined;

  constructor(private readonly text: string) {}

  /** Whether one of these words is in it. @param words - in small letters; in the text they may be of any */
  mentions(...words: readonly string[]): boolean {
    const lower = (this.lower ??= this.text.toLowerCase());
    return words.some(word => lower.includes(word));
  }

  /** Whether any run of characters in it is long enough for a key. */
  get mayHoldKey(): boolean {
    return (this.hasRun ??= nextRun(this.text, 0) >= 0);
  }
}
