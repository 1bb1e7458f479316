import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AuditEntry } from '../../../contract/credentials/index.js';

/** What the first line follows. */
export const START = '0'.repeat(64);

/** Where a file of lines stands: the last line's number and hash, and the size up to its end in bytes. */
export const Head = z.object({ number: z.number().int(), hash: z.string(), size: z.number().int() });
export type Head = z.infer<typeof Head>;

export const EMPTY: Head = { number: 0, hash: START, size: 0 };

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A line as it is written, its end left out. The hash covers each byte before it, the hash of the line before too. */
export function lineOf(entry: AuditEntry, before: string): { line: string; hash: string } {
  const body = JSON.stringify({ ...entry, before });
  const hash = sha256(body);
  return { line: `${body.slice(0, -1)},"hash":"${hash}"}`, hash };
}

const shape = /^(\{.*),"hash":"([0-9a-f]{64})"\}$/;

/** Reads a line back. @returns undefined where it is not as it was written, or does not follow that hash */
export function readLine(line: string, before: string): { entry: AuditEntry; hash: string } | undefined {
  const [, body = '', hash = ''] = shape.exec(line) ?? [];
  if (hash === '' || sha256(`${body}}`) !== hash) return undefined;
  try {
    const data = JSON.parse(`${body}}`) as { before?: unknown };
    if (data.before !== before) return undefined;
    return { entry: AuditEntry.parse(data), hash };
  } catch {
    return undefined;
  }
}

/** What was found in a file. */
export interface Verdict {
  entries: AuditEntry[];
  /** Where the whole lines end. */
  end: Head;
  /** What is wrong with it; undefined where nothing is. */
  fault: string | undefined;
}

/**
 * Walks all lines of a file.
 *
 * @param head - what was noted of it last: lines that it counts must all be there
 */
export function verify(text: string, head: Head): Verdict {
  // What has no ending was not written to its end, or was cut.
  const lines = text.split('\n').slice(0, -1);
  const entries: AuditEntry[] = [];
  let end = EMPTY;
  let atHead = head.number === 0 ? START : undefined;
  let fault: string | undefined;
  for (const line of lines) {
    const read = readLine(line, end.hash);
    if (read?.entry.number !== end.number + 1) {
      fault = `From line ${entries.length + 1} on the record is not as it was written: a line was changed, left out or moved.`;
      break;
    }
    entries.push(read.entry);
    end = { number: read.entry.number, hash: read.hash, size: end.size + Buffer.byteLength(line) + 1 };
    if (end.number === head.number) atHead = end.hash;
  }
  if (fault === undefined && end.number < head.number) {
    const missing = head.number - end.number;
    fault = `The last ${missing} line${missing === 1 ? '' : 's'} of the record ${missing === 1 ? 'is' : 'are'} missing.`;
  }
  // A process that was killed leaves one line at most that is not noted yet, and perhaps a piece of it.
  if (fault === undefined && end.number > head.number + 1) {
    fault = `From line ${head.number + 1} on the record has lines that nobody noted.`;
  }
  if (fault === undefined && atHead !== head.hash) {
    fault = 'The record is not the one that was written: it has been replaced, or the note of its end was changed.';
  }
  return { entries, end, fault };
}
