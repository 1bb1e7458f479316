import type { Finding } from '../../../contract/share/index.js';
import { DIGITS, LETTERS, runFinder } from './runs.js';
import type { TextKind } from './types.js';

/** A text as it is looked at, and the way back to where its parts stand in the text it came from. */
export interface View {
  text: string;
  kind: TextKind;
  encoding: Finding['encoding'];
  /** Where a range of `text` stands in the text of the part. */
  back(start: number, end: number): { start: number; end: number };
}

/** Encodings within encodings that are followed. */
const DEEPEST = 2;
/** Longest encoded run that is decoded, in characters. */
const LONGEST_RUN = 1_000_000;

/**
 * All forms in which a text is looked at: as it is (without colours), with joined string literals, and decoded. A
 * picture or another file in base64 has none.
 */
export function viewsOf(text: string, kind: TextKind): View[] {
  if (isFile(text)) return [];
  const root = withoutColours({ text, kind, encoding: 'plain', back: (start, end) => ({ start, end }) });
  const joined = kind === 'code' ? joinLiterals(root) : undefined;
  return [root, ...(joined ? [joined] : []), ...decoded(root, 1)];
}

function decoded(view: View, depth: number): View[] {
  const found = [...urlRuns(view), ...base64Runs(view)];
  return depth >= DEEPEST ? found : found.flatMap(inner => [inner, ...decoded(inner, depth + 1)]);
}

// eslint-disable-next-line no-control-regex -- the codes that colour a terminal begin with one
const COLOUR = /\u001b\[[0-9;:]*[A-Za-z]/g;
/** Between two literals that are one text: `"abc" + "def"`, `"abc" \` and the next line, `("abc"` and the next line. */
const JOINT = /(["'])\s{0,40}(?:\+\s{0,40}|\\?\n\s{0,40}|[ \t]{1,4})[rbfu]{0,2}\1/g;

/** Tracebacks are coloured in the middle of words. */
function withoutColours(view: View): View {
  return view.text.includes('\u001b[') ? without(view, COLOUR) : view;
}

function joinLiterals(view: View): View | undefined {
  return view.text.search(JOINT) < 0 ? undefined : without(view, JOINT);
}

/** A view of a text from which what matches is taken out. */
function without(view: View, pattern: RegExp): View {
  const { text } = view;
  // Where each kept piece begins, here and there.
  const here: number[] = [];
  const there: number[] = [];
  const kept: string[] = [];
  let length = 0;
  let last = 0;
  const keep = (until: number): void => {
    if (until === last) return;
    here.push(length);
    there.push(last);
    kept.push(text.slice(last, until));
    length += until - last;
  };
  for (const match of text.matchAll(pattern)) {
    keep(match.index);
    last = match.index + match[0].length;
  }
  keep(text.length);
  const original = (position: number): number => {
    let low = 0;
    let high = here.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((here[middle] as number) <= position) low = middle;
      else high = middle - 1;
    }
    return (there[low] ?? 0) + position - (here[low] ?? 0);
  };
  return { ...view, text: kept.join(''), back: (start, end) => view.back(original(start), original(end - 1) + 1) };
}

const ESCAPE = /%[0-9A-Fa-f]{2}/g;
const URL_EDGE = /[\s"<>`]/;
/** How far around an escape its address reaches, in characters. */
const URL_REACH = 8000;

/** Parts with `%3A` and the like, decoded. */
function urlRuns(view: View): View[] {
  const { text } = view;
  if (!text.includes('%')) return [];
  const runs: View[] = [];
  ESCAPE.lastIndex = 0;
  for (let escape = ESCAPE.exec(text); escape; escape = ESCAPE.exec(text)) {
    let from = escape.index;
    let to = ESCAPE.lastIndex;
    while (from > 0 && escape.index - from < URL_REACH && !URL_EDGE.test(text.charAt(from - 1))) from--;
    while (to < text.length && to - escape.index < URL_REACH && !URL_EDGE.test(text.charAt(to))) to++;
    ESCAPE.lastIndex = to;
    const run = decodeUrl(text.slice(from, to));
    const back = (start: number, end: number): { start: number; end: number } =>
      view.back(from + (run.starts[start] as number), from + (run.starts[end] as number));
    runs.push({ text: run.text, kind: 'output', encoding: outer(view, 'url'), back });
  }
  return runs;
}

/** Decodes what is well-formed UTF-8 and leaves the rest. `starts[i]` is where character i began; one more for the end. */
function decodeUrl(run: string): { text: string; starts: number[] } {
  const starts: number[] = [];
  let text = '';
  for (let at = 0; at < run.length;) {
    const escaped = run[at] === '%' ? /^(?:%[0-9A-Fa-f]{2}){1,4}/.exec(run.slice(at, at + 12))?.[0] : undefined;
    const [piece, length] = escaped === undefined ? [run.charAt(at), 1] : decodeEscapes(escaped);
    for (let i = 0; i < piece.length; i++) starts.push(at);
    text += piece;
    at += length;
  }
  starts.push(run.length);
  return { text, starts };
}

/** The first character of a row of escapes, and how many characters wrote it. */
function decodeEscapes(escaped: string): [string, number] {
  for (const length of [3, 6, 9, 12]) {
    if (length > escaped.length) break;
    try {
      return [decodeURIComponent(escaped.slice(0, length)), length];
    } catch {
      // A character of more bytes, or none.
    }
  }
  return [escaped.slice(0, 1), 1];
}

const BASE64_RUN = /[A-Za-z0-9+/_-]{20,}(?:\\?\r?\n[A-Za-z0-9+/_-]{2,76})*={0,2}/y;
const nextBase64 = runFinder(`${LETTERS}${DIGITS}+/_-`, 20);

/** Parts in base64 that are text once decoded. Pictures are not, and cost a look at their beginning only. */
function base64Runs(view: View): View[] {
  const runs: View[] = [];
  let from = 0;
  for (;;) {
    const start = nextBase64(view.text, from);
    if (start < 0) return runs;
    BASE64_RUN.lastIndex = start;
    const all = BASE64_RUN.exec(view.text)?.[0] ?? '';
    // Lines belong together where the first is as long as encoders make it.
    const [line = ''] = all.split('\n', 1);
    const run = line.length === 64 || line.length === 76 ? all : line;
    const end = start + run.length;
    from = end;
    const text = run.length > LONGEST_RUN ? undefined : decodeBase64(run);
    if (text === undefined) continue;
    runs.push({ text, kind: 'output', encoding: outer(view, 'base64'), back: () => view.back(start, end) });
  }
}

/** The text behind a run, or undefined where there are bytes. */
export function decodeBase64(run: string): string | undefined {
  if (!isText(Buffer.from(run.slice(0, 64), 'base64').subarray(0, 45))) return undefined;
  const bytes = Buffer.from(run, 'base64');
  if (bytes.length < 12 || !isText(bytes)) return undefined;
  const text = bytes.toString('utf8');
  return text.includes('\ufffd') ? undefined : text;
}

/** Printable, whatever the language. */
function isText(bytes: Buffer): boolean {
  for (const byte of bytes) if ((byte < 32 && byte !== 9 && byte !== 10 && byte !== 13) || byte === 127) return false;
  let high = 0;
  for (const byte of bytes) if (byte > 127) high++;
  return high <= bytes.length / 3;
}

/** Longer than any token. In characters. */
const SHORTEST_FILE = 4000;

function isFile(text: string): boolean {
  return text.length >= SHORTEST_FILE && /^[A-Za-z0-9+/\r\n]+={0,2}\s*$/.test(text) && decodeBase64(text) === undefined;
}

/** The encoding that is seen in the notebook. */
function outer(view: View, encoding: Finding['encoding']): Finding['encoding'] {
  return view.encoding === 'plain' ? encoding : view.encoding;
}
