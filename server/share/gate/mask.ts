import { createHmac } from 'node:crypto';
import type { Fingerprint } from '../../../contract/share/index.js';

/** What stands in a published copy in place of a secret, however long that was. */
export const MARK = '████████';

/** Names a secret without telling it. @param key - of this home, so that nobody can try values on it elsewhere */
export function fingerprintOf(secret: string, key: string): Fingerprint {
  return createHmac('sha256', Buffer.from(key, 'hex')).update(secret).digest('hex').slice(0, 24);
}

/** A secret with all but a few characters hidden; short ones are hidden whole. */
export function masked(secret: string): string {
  const clean = secret.replace(/\s+/g, ' ');
  if (clean.length >= 24) return `${clean.slice(0, 3)}…${clean.slice(-2)}`;
  return clean.length >= 16 ? `${clean.slice(0, 2)}…` : '…';
}

/** The name, sign and quote before a secret: all of the line that is shown. */
const LEAD = /[A-Za-z_][\w.-]{0,40}["'`)\]]{0,3}\s{0,2}(?:=>|:=|<-|[=:,(])?\s{0,2}["'`]{0,3}$/;

/** A secret as it is shown: the name before it, and the secret hidden. Nothing that comes after it. */
export function preview(text: string, start: number, end: number, floor: number): string {
  const lineStart = Math.max(text.lastIndexOf('\n', start - 1) + 1, floor, start - 80);
  const lead = LEAD.exec(text.slice(lineStart, start))?.[0] ?? '';
  // eslint-disable-next-line no-control-regex -- control characters are what it removes
  return `${lead}${masked(text.slice(start, end))}`.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').toWellFormed();
}

/** The line of a position, counted from 1. */
export function lineOf(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < position; at = text.indexOf('\n', at + 1)) line++;
  return line;
}

/** A text with a mark in place of each range. Ranges do not overlap and come in order. */
export function redacted(text: string, ranges: readonly { start: number; end: number }[]): string {
  let result = '';
  let last = 0;
  for (const { start, end } of ranges) {
    result += text.slice(last, start) + MARK;
    last = end;
  }
  return result + text.slice(last);
}
