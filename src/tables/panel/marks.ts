/** A part of a name, and whether it is what was searched for. */
export interface IMark {
  readonly text: string;
  readonly isHit: boolean;
}

/** A name in parts, those marked that fit what was typed: each word as it stands, else its letters one after another. */
export function marksOf(name: string, query: string): IMark[] {
  const hit = new Set<number>();
  const lower = compared(name);
  const words = compared(query).split(/[\s.]+/);
  for (const word of words.filter(Boolean)) {
    const at = lower.indexOf(word);
    if (at >= 0) for (let n = 0; n < word.length; n += 1) hit.add(at + n);
    else for (const n of subsequence(lower, word)) hit.add(n);
  }
  const marks: { text: string; isHit: boolean }[] = [];
  for (let n = 0; n < name.length; n += 1) {
    const last = marks.at(-1);
    if (last && last.isHit === hit.has(n)) last.text += name.charAt(n);
    else marks.push({ text: name.charAt(n), isHit: hit.has(n) });
  }
  return marks;
}

/** Where the letters of a word stand one after another; nowhere where they do not all. */
function subsequence(text: string, word: string): number[] {
  const found: number[] = [];
  let from = 0;
  for (const letter of word) {
    const at = text.indexOf(letter, from);
    if (at < 0) return [];
    found.push(at);
    from = at + 1;
  }
  return found;
}

/** Small letters without accents, each in its place. */
function compared(text: string): string {
  if (/^[ -~]*$/.test(text)) return text.toLowerCase();
  return text.replace(/[^]/g, letter => {
    const [small = letter] = letter.toLowerCase();
    const bare = small.normalize('NFD').replace(/[\u0300-\u036f]/g, '');
    return bare.length === 1 ? bare : small;
  });
}
