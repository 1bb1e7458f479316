import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ProblemError } from '../../../contract/problem.js';
import { isObject, listAt, numberOf, own, setOwn, stringAt, type Json, type JsonObject } from './json.js';
import type { Notebook } from './model.js';
import { parseExactly } from './parse.js';
import { indexOf, parsePiece } from './read.js';

/**
 * The form a notebook has in the archive: JSON with `cells` as a list of `{cell, refs}`. Large outputs lie in blobs of
 * their own; `refs` say where they belong, so nothing in a notebook can pass for a reference.
 */
export const SNAPSHOT_FORMAT = 1;

/** How the bytes of a blob become the value again. `base64-line` ends with a line break, `base64-lines` breaks after 76. */
export type BlobEncoding = 'text' | 'json' | 'base64' | 'base64-line' | 'base64-lines';

/** A value that lies in a blob: where in the cell (or the metadata) it belongs. */
export interface BlobRef {
  at: (string | number)[];
  sha256: string;
  size: number;
  as: BlobEncoding;
}

/** Reads a snapshot and its blobs (`blobDirectory/<sha256>`). @throws ProblemError */
export function readSnapshot(bytes: Buffer, blobDirectory: string, options: { exact: boolean }): Notebook {
  const index = indexOf(bytes);
  const member = (name: string): Json | undefined => {
    const piece = index.members.get(name);
    return piece && parsePiece(bytes, piece, name, options.exact);
  };
  const cells = index.cells;
  if (numberOf(member('format')) !== SNAPSHOT_FORMAT || cells === undefined)
    throw damaged('it is not in the snapshot format this Lakeside knows');
  const metadata = member('metadata') ?? {};
  const rest = member('rest') ?? {};
  if (!isObject(metadata) || !isObject(rest)) throw damaged('its metadata are no object');
  restore(metadata, member('refs'), blobDirectory);
  return {
    nbformat: numberOf(member('original')) ?? 4,
    minor: numberOf(member('minor')) ?? 4,
    size: numberOf(member('size')) ?? bytes.length,
    metadata,
    rest,
    cellCount: cells.length,
    notes: [],
    cell: position => {
      const piece = cells[position];
      if (piece === undefined) throw new RangeError(`There is no cell ${position}.`);
      const entry = parsePiece(bytes, piece, `cells.${position}`, options.exact);
      const cell = isObject(entry) ? own(entry, 'cell') : undefined;
      if (!isObject(entry) || !isObject(cell)) throw damaged(`cells.${position} is no cell`);
      restore(cell, own(entry, 'refs'), blobDirectory);
      return cell;
    }
  };
}

/** Puts the values of blobs back where they belong, in place. */
function restore(target: JsonObject, refs: Json | undefined, blobDirectory: string): void {
  if (!Array.isArray(refs)) return;
  for (const ref of refs) {
    if (!isObject(ref)) throw damaged('a reference is no object');
    const sha256 = stringAt(ref, 'sha256') ?? '';
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw damaged('a reference has no hash');
    put(target, listAt(ref, 'at'), decode(join(blobDirectory, sha256), stringAt(ref, 'as')));
  }
}

function put(target: JsonObject, at: Json[], value: Json): void {
  let holder: Json | undefined = target;
  const last = at.at(-1);
  for (const step of at.slice(0, -1)) holder = stepInto(holder, step);
  if (Array.isArray(holder) && typeof last === 'number' && last < holder.length) holder[last] = value;
  else if (isObject(holder) && typeof last === 'string') setOwn(holder, last, value);
  else throw damaged('a reference points nowhere');
}

function stepInto(holder: Json | undefined, step: Json): Json | undefined {
  if (Array.isArray(holder) && typeof step === 'number') return holder[step];
  return isObject(holder) && typeof step === 'string' ? own(holder, step) : undefined;
}

function decode(file: string, as: string | undefined): Json {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    throw damaged('a part of it is missing', error);
  }
  switch (as) {
    case 'text':
      return bytes.toString('utf8');
    case 'json':
      return parseExactly(bytes.toString('utf8'));
    case 'base64':
      return bytes.toString('base64');
    case 'base64-line':
      return `${bytes.toString('base64')}\n`;
    case 'base64-lines':
      return inLines(bytes.toString('base64'));
    default:
      throw damaged('a reference has an unknown encoding');
  }
}

/** Base64 in lines of 76 characters, as older kernels wrote pictures. */
export function inLines(base64: string): string {
  return base64.replace(/.{1,76}/g, '$&\n');
}

function damaged(what: string, cause?: unknown): ProblemError {
  return new ProblemError('render-failed', `This version cannot be read back from the archive: ${what}.`, { cause });
}
