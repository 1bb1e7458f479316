import type { TextBlock } from '../sharedoc.js';

/** Longer outputs are cut to their beginning and their end. */
const MAX_LINES = 1000;
const HEAD_LINES = 700;
const TAIL_LINES = 200;
/** Longer lines are cut. */
const MAX_LINE = 20_000;
const MAX_TOTAL = 2 * 1024 * 1024;

// SGR colours stay; every other control sequence and character goes. Each alternative ends at the next escape.
const CONTROL =
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  /\u001b\[[0-9;]*m|\u001b\[[0-?]*[ -/]*[@-~]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b[ -/]*[0-~]?|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
// eslint-disable-next-line no-control-regex -- as above
const ANY_CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;
// eslint-disable-next-line no-control-regex -- as above
const COLOUR = /^\u001b\[[0-9;]*m$/;

/** A program's text as it stood on the screen in the end: overwritten lines resolved, colours kept, nothing else. */
export function screenText(text: string): string {
  if (!ANY_CONTROL.test(text)) return text;
  const overwritten = /[\r\b]/.test(text) ? text.replace(/\r+\n/g, '\n').split('\n').map(overwrite).join('\n') : text;
  return overwritten.replace(CONTROL, found => (COLOUR.test(found) ? found : ''));
}

/** One line after its carriage returns and backspaces, as a terminal leaves it. */
function overwrite(line: string): string {
  let shown = '';
  for (const part of line.split('\r')) {
    if (part === '') continue;
    const plain = !part.includes('\u001b') && !shown.includes('\u001b');
    shown = plain && part.length < shown.length ? part + shown.slice(part.length) : part;
  }
  if (!shown.includes('\b')) return shown;
  const kept: string[] = [];
  for (const char of shown) {
    if (char === '\b') kept.pop();
    else kept.push(char);
  }
  return kept.join('');
}

/** A text block, cut by rule when it is long. */
export function textBlock(origin: TextBlock['origin'], raw: string): TextBlock | undefined {
  const text = screenText(raw.length > 16 * MAX_TOTAL ? raw.slice(0, 16 * MAX_TOTAL) : raw).replace(/\n+$/, '');
  if (text.trim() === '') return undefined;
  if (text.length < MAX_LINES) return { kind: 'text', origin, head: text };
  const lines = text.split('\n').map(line => (line.length > MAX_LINE ? shorten(line) : line));
  const { head, tail } = limits(lines);
  if (head + tail >= lines.length) return { kind: 'text', origin, head: lines.join('\n') };
  return {
    kind: 'text',
    origin,
    head: lines.slice(0, head).join('\n'),
    tail: lines.slice(lines.length - tail).join('\n'),
    omitted: lines.length - head - tail
  };
}

/** How many lines of the beginning and the end are shown: by number, and by length for very long lines. */
function limits(lines: string[]): { head: number; tail: number } {
  if (lines.length <= MAX_LINES && total(lines) <= MAX_TOTAL) return { head: lines.length, tail: 0 };
  const head = fitting(lines.slice(0, HEAD_LINES), (MAX_TOTAL * 3) / 4);
  const tail = fitting(lines.slice(Math.max(head, lines.length - TAIL_LINES)).reverse(), MAX_TOTAL / 4);
  return { head, tail };
}

function fitting(lines: string[], budget: number): number {
  let used = 0;
  const stop = lines.findIndex(line => (used += line.length + 1) > budget);
  return stop < 0 ? lines.length : Math.max(stop, 1);
}

function total(lines: string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 1, 0);
}

function shorten(line: string): string {
  const missing = line.length - MAX_LINE;
  return `${line.slice(0, MAX_LINE)} … (${missing.toLocaleString('en-US')} more characters)`;
}
