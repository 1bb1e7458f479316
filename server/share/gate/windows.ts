/** A range of a text, in characters. */
export interface Window {
  start: number;
  end: number;
}

/** Shortest run of letters, digits and `_.+/=-` that a key of a service has; nearly all have more than twice as many. */
const SHORTEST_KEY = 16;
/** Pictures are longer runs of base 64, and no key is. */
const LONGEST_KEY = 2000;
/** Lines of base 64 as encoders break them. */
const ENCODED_LINES = [64, 76];

const NONE = 0;
const LETTER = 1;
/** Digits and signs of base 64. */
const BASE64 = 2;
/** What joins the parts of a key, and is not in base 64. */
const JOINT = 3;

const KINDS = new Uint8Array(128);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ') KINDS[character.charCodeAt(0)] = LETTER;
for (const character of '0123456789+/=') KINDS[character.charCodeAt(0)] = BASE64;
for (const character of '_.-') KINDS[character.charCodeAt(0)] = JOINT;

const LINE_END = 10;
const COLON = 58;

/**
 * The lines of a text that could hold a key of a service or a password in an address, each with the lines around it:
 * those with `://` or with a long run of letters and digits. Numbers, prose, markup and pictures have none. Texts with a
 * private key are taken whole.
 */
export function windowsOf(text: string): Window[] {
  if (text.includes('PRIVATE KEY')) return [{ start: 0, end: text.length }];
  const windows: Window[] = [];
  let at = 0;
  while (at < text.length) {
    const candidate = nextCandidate(text, at);
    if (candidate < 0) break;
    const lineEnd = endOfLine(text, candidate);
    add(windows, { start: startOfLineBefore(text, candidate), end: endOfLine(text, lineEnd + 1) });
    at = lineEnd + 1;
  }
  return windows;
}

/** Where the next run or address is, that matters; -1 where none is. */
function nextCandidate(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    let letters = 0;
    let joints = 0;
    let end = at;
    let kind = kindAt(text, end);
    while (kind !== NONE) {
      if (kind === LETTER) letters++;
      else if (kind === JOINT) joints++;
      kind = kindAt(text, ++end);
    }
    if (end - at >= SHORTEST_KEY && letters > 1 && !(joints === 0 && isEncodedFile(text, at, end))) return at;
    if (text.charCodeAt(end) === COLON && text.startsWith('://', end)) return end;
    at = end + 1;
  }
  return -1;
}

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (KINDS[code] as number) : NONE;
}

function isEncodedFile(text: string, start: number, end: number): boolean {
  if (end - start > LONGEST_KEY) return true;
  const fillsLine = (start === 0 || text.charCodeAt(start - 1) === LINE_END) && text.charCodeAt(end) === LINE_END;
  return fillsLine && ENCODED_LINES.includes(end - start);
}

function startOfLineBefore(text: string, at: number): number {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return lineStart < 2 ? 0 : text.lastIndexOf('\n', lineStart - 2) + 1;
}

function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

function add(windows: Window[], window: Window): void {
  const last = windows.at(-1);
  if (last && window.start <= last.end) last.end = Math.max(last.end, window.end);
  else windows.push(window);
}
