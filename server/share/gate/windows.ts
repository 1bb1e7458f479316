import { DIGITS, LETTERS, runFinder } from './runs.js';

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

const nextRun = runFinder(`${LETTERS}${DIGITS}_.+/=-`, SHORTEST_KEY);
const RUN = /[\w.+/=-]+/y;
const LINE_END = 10;

/**
 * The lines of a text that could hold a key of a service or a password in an address, each with the lines around it:
 * those with `://` or with a long run of letters and digits. Numbers, prose, markup and pictures have none. Texts with a
 * private key are taken whole.
 */
export function windowsOf(text: string): Window[] {
  if (text.includes('PRIVATE KEY')) return [{ start: 0, end: text.length }];
  const windows: Window[] = [];
  let at = 0;
  let [key, address] = [-1, -1];
  for (;;) {
    if (key < at) key = nextKey(text, at);
    if (address < at) address = indexOf(text, '://', at);
    const candidate = Math.min(key, address);
    if (candidate >= text.length) break;
    const lineEnd = endOfLine(text, candidate);
    add(windows, { start: startOfLineBefore(text, candidate), end: endOfLine(text, lineEnd + 1) });
    at = lineEnd + 1;
  }
  return windows;
}

/** Where the next run is that could be a key; after the end where none is. */
function nextKey(text: string, from: number): number {
  for (let start = nextRun(text, from); start >= 0; start = nextRun(text, RUN.lastIndex)) {
    RUN.lastIndex = start;
    const run = RUN.exec(text)?.[0] ?? '';
    // Numbers have an `e` at most, and base 64 has no joints.
    if (/[A-Za-z].*[A-Za-z]/.test(run) && (/[_.-]/.test(run) || !isEncoded(text, start, run.length))) return start;
  }
  return text.length;
}

function isEncoded(text: string, start: number, length: number): boolean {
  const fillsLine =
    (start === 0 || text.charCodeAt(start - 1) === LINE_END) && text.charCodeAt(start + length) === LINE_END;
  return length > LONGEST_KEY || (fillsLine && ENCODED_LINES.includes(length));
}

function startOfLineBefore(text: string, at: number): number {
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  return lineStart < 2 ? 0 : text.lastIndexOf('\n', lineStart - 2) + 1;
}

function endOfLine(text: string, at: number): number {
  return indexOf(text, '\n', at);
}

/** After the end where there is none. */
function indexOf(text: string, what: string, from: number): number {
  const at = text.indexOf(what, from);
  return at < 0 ? text.length : at;
}

function add(windows: Window[], window: Window): void {
  const last = windows.at(-1);
  if (last && window.start <= last.end) last.end = Math.max(last.end, window.end);
  else windows.push(window);
}
