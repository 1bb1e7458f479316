import type { Term } from './query.js';

/** Where what was searched stands in a text: from `start` up to `end`. */
export interface Hit {
  start: number;
  end: number;
}

/** Finds what was searched in texts. */
export interface Hits {
  /** The first hit. */
  first(text: string): Hit | undefined;
  /** All hits in their order; none overlaps another. */
  all(text: string): Hit[];
}

/** A word to find. */
interface Choice {
  pattern: RegExp;
  /** It must not begin or end within a word, as scripts without spaces do. */
  isWord: boolean;
  /** It may go on. */
  isBeginning: boolean;
}

const letterBefore = /[\p{L}\p{N}]$/u;
const letterAfter = /^[\p{L}\p{N}]/u;
const restOfWord = /[\p{L}\p{N}\p{M}]*/uy;

/**
 * Prepares to find terms, whatever their case.
 *
 * The edges of words are looked at by themselves: with classes of letters in a pattern that ignores case, making the
 * pattern takes 2 ms and its code stays in memory.
 */
export function createHits(terms: readonly Term[]): Hits {
  const choices = terms.flatMap(({ words, marks, prefix }): Choice[] => {
    const isWord = marks === words;
    return marks.map((each, index) => ({
      pattern: new RegExp(each, 'giu'),
      isWord,
      isBeginning: isWord && prefix && index === words.length - 1
    }));
  });
  return {
    first: text => leftmost(choices.flatMap(choice => next(choice, text, 0) ?? [])),
    all(text) {
      const hits: Hit[] = [];
      for (let from = 0; ; from = hits.at(-1)?.end ?? text.length) {
        const hit = leftmost(choices.flatMap(choice => next(choice, text, from) ?? []));
        if (hit === undefined) return hits;
        hits.push(hit);
      }
    }
  };
}

/** The one that begins first; of several the one that was asked for first. */
function leftmost(hits: readonly Hit[]): Hit | undefined {
  return hits.reduce<Hit | undefined>(
    (best, hit) => (best === undefined || hit.start < best.start ? hit : best),
    undefined
  );
}

function next({ pattern, isWord, isBeginning }: Choice, text: string, from: number): Hit | undefined {
  pattern.lastIndex = from;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    const start = found.index;
    const end = start + found[0].length;
    if (!isWord) return { start, end };
    // Two units hold the character before or after, whatever its size.
    if (letterBefore.test(text.slice(Math.max(0, start - 2), start))) continue;
    if (isBeginning) {
      restOfWord.lastIndex = end;
      return { start, end: end + (restOfWord.exec(text)?.[0].length ?? 0) };
    }
    if (!letterAfter.test(text.slice(end, end + 2))) return { start, end };
  }
  return undefined;
}
