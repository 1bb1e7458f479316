/** A part of a name, and whether it is what was searched for. */
export interface IMark {
  readonly text: string;
  readonly isHit: boolean;
}

/** A name in parts, those marked that fit what was typed: each word as it stands, else its letters one after another. */
export function marksOf(name: string, query: string): IMark[] {
  const hit = new Set<number>();
  const lower = name.toLowerCase();
  for (const word of query
    .toLowerCase()
    .split(/[\s.]+/)
    .filter(Boolean)) {
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
