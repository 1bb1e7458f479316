import { fold, pairsOf, partsOf } from './words.js';

/** Most terms that are searched; further ones are left out. */
const MAX_TERMS = 24;

/** Shortest beginning of a word that is searched as such. One letter would match nearly everything. */
const MIN_PREFIX = 2;

/** Words that must stand one after the other somewhere in a notebook. */
export interface Term {
  words: string[];
  /** The last word may go on. */
  prefix: boolean;
  /** It need not match, but what it matches ranks higher. */
  optional: boolean;
  /** What to mark in a snippet: the words, or the run that the pairs come from. */
  marks: string[];
}

/**
 * What a person asks for. All terms must match; text between quotes is one term; what stands last may be the beginning
 * of a word. Nothing else has a meaning, so nothing can be wrong.
 *
 * @returns undefined where nothing was asked; an empty list where what was asked holds no word, so that nothing matches
 */
export function parseQuery(query: string): Term[] | undefined {
  const folded = fold(query).replace(/[“”„«»]/g, '"');
  if (folded.trim() === '') return undefined;
  const terms: Term[] = [];
  // Every odd piece lies between quotes; after a quote that is never closed come plain words.
  const pieces = folded.split('"');
  pieces.forEach((piece, index) => {
    const quoted = index % 2 === 1 && index < pieces.length - 1;
    const texts = quoted ? [piece] : piece.split(/\s+/u);
    for (const text of texts) terms.push(...termsOf(text));
  });
  const last = terms.at(-1);
  const endsInWord = /[\p{L}\p{N}\p{M}]$/u.test(folded);
  if (last && endsInWord && last.marks === last.words) {
    if ((last.words.at(-1)?.length ?? 0) >= MIN_PREFIX) last.prefix = true;
    // The first letter of a word that is still being typed takes nothing away from the list.
    else if (last.words.length > 1) last.words.pop();
    else last.optional = terms.length > 1;
  }
  return terms.slice(0, MAX_TERMS);
}

/** The words of a spaced script stay together; each run of an unspaced one is a term of its own. */
function termsOf(text: string): Term[] {
  const terms: Term[] = [];
  let words: string[] = [];
  const flush = (): void => {
    if (words.length > 0) terms.push({ words, prefix: false, optional: false, marks: words });
    words = [];
  };
  for (const part of partsOf(text)) {
    if (part.spaced) {
      words.push(part.text);
      continue;
    }
    flush();
    terms.push({ words: pairsOf(part.text), prefix: false, optional: false, marks: [part.text] });
  }
  flush();
  return terms;
}
