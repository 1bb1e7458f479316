export const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const DIGITS = '0123456789';

/**
 * Makes what finds long runs of characters of one alphabet. Looks at one character in `length` where there are none, so
 * that tables and prose cost next to nothing.
 *
 * @param alphabet - ASCII characters
 * @param length - fewest characters of a run
 * @returns where the next run from a position on begins; -1 where there is none
 */
export function runFinder(alphabet: string, length: number): (text: string, from: number) => number {
  const parts = new Uint8Array(128);
  for (const character of alphabet) parts[character.charCodeAt(0)] = 1;
  const isPart = (code: number): boolean => code < 128 && parts[code] === 1;

  return (text, from) => {
    let least = from;
    for (let last = from + length - 1; last < text.length; last = least + length - 1) {
      if (!isPart(text.charCodeAt(last))) {
        least = last + 1;
        continue;
      }
      let start = last;
      while (start > least && isPart(text.charCodeAt(start - 1))) start--;
      let end = last + 1;
      while (end - start < length && isPart(text.charCodeAt(end))) end++;
      if (end - start === length) return start;
      least = end + 1;
    }
    return -1;
  };
}
