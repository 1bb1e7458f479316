/** How text becomes words for the search. What is indexed and what is asked go through the same functions. */

/** Longest word that is told apart. Characters. */
const MAX_WORD = 64;

// eslint-disable-next-line no-control-regex -- asks whether there is nothing but ASCII
const ascii = /^[\u0000-\u007f]*$/;
const asciiWord = /[a-z0-9]+/g;
const word = /[\p{L}\p{N}\p{M}]+|\p{Extended_Pictographic}/gu;
/** Scripts written without spaces between words. */
const unspaced =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Hangul}\p{scx=Bopomofo}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]+/gu;
const hasUnspaced = new RegExp(unspaced.source, 'u');

const cut = (text: string): string => (text.length > MAX_WORD ? text.slice(0, MAX_WORD) : text);

/** Text without the differences that a search does not make: case, accents, full and half width. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize('NFKC')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replaceAll('ς', 'σ')
    .replaceAll('ß', 'ss');
}

/** A part of a word: letters of a spaced script, or a run of a script without spaces. */
export interface Part {
  text: string;
  spaced: boolean;
}

/** The parts of folded text in their order. */
export function* partsOf(folded: string): Iterable<Part> {
  for (const [match] of folded.matchAll(word)) {
    if (!hasUnspaced.test(match)) {
      yield { text: cut(match), spaced: true };
      continue;
    }
    let end = 0;
    for (const run of match.matchAll(unspaced)) {
      if (run.index > end) yield { text: cut(match.slice(end, run.index)), spaced: true };
      yield { text: run[0], spaced: false };
      end = run.index + run[0].length;
    }
    if (end < match.length) yield { text: cut(match.slice(end)), spaced: true };
  }
}

/** A run as overlapping pairs of characters, so that every word in it is found (decision 14); a single one as it is. */
export function pairsOf(run: string): string[] {
  const characters = Array.from(run);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => (characters[index] ?? '') + character);
}

/**
 * Text as the index holds it: words between single spaces. The characters of unspaced scripts follow once more, each
 * once, so that a single one is found as well.
 */
export function indexText(text: string): string {
  const folded = fold(text);
  // Most text is, and this way it is read five times as fast.
  if (ascii.test(folded)) return (folded.match(asciiWord) ?? []).map(cut).join(' ');
  const tokens: string[] = [];
  const singles = new Set<string>();
  for (const part of partsOf(folded)) {
    if (part.spaced) {
      tokens.push(part.text);
      continue;
    }
    const pairs = pairsOf(part.text);
    tokens.push(...pairs);
    if (pairs.length > 1 || pairs[0] !== part.text) for (const character of part.text) singles.add(character);
  }
  tokens.push(...singles);
  return tokens.join(' ');
}
