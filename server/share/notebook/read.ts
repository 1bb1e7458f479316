import { open } from 'node:fs/promises';
import { ProblemError } from '../../../contract/problem.js';
import { isObject, listAt, numberOf, type Json, type JsonObject } from './json.js';
import type { Notebook } from './model.js';
import { normaliseCell, normaliseMetadata } from './normalise.js';
import { ParseFault, parseExactly } from './parse.js';
import { capital, inWords, notANotebook, parseProblem, scanProblem, tooLarge, wrongVersion } from './refuse.js';
import { scan, ScanFault, type NotebookIndex, type Piece } from './scan.js';
import { upgradeCell } from './upgrade.js';

/** A single part must fit into one JavaScript string. */
const MAX_PIECE_BYTES = 256 * 1024 * 1024;

export interface ReadOptions {
  /** Keep the text of numbers that JavaScript would change. Costs time only where there are such numbers. */
  exact: boolean;
}

/**
 * Reads a whole file after checking its size.
 *
 * @throws ProblemError `too-large`, `file-not-found`, `file-unreadable`
 */
export async function readBytes(file: string, maxBytes: number): Promise<Buffer> {
  let handle;
  try {
    handle = await open(file, 'r');
    const { size } = await handle.stat();
    if (size > maxBytes) throw tooLarge(size, maxBytes);
    return await handle.readFile();
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') throw new ProblemError('file-not-found', 'The notebook file is gone. Choose it again.');
    throw new ProblemError('file-unreadable', `The notebook file cannot be read (${code ?? 'unknown reason'}).`, {
      cause: error
    });
  } finally {
    await handle?.close();
  }
}

/**
 * Reads the bytes of a notebook file of nbformat 3 or 4.
 *
 * @throws ProblemError `not-a-notebook`, `notebook-version`, `notebook-too-complex`
 */
export function readNotebook(given: Buffer, options: ReadOptions): Notebook {
  const bytes = asUtf8(given);
  const index = indexOf(bytes);
  const file = new NotebookFile(bytes, index, options);
  const version = file.version();
  if (version < 3 || version > 4) throw wrongVersion(version);
  return version === 3 ? file.oldNotebook(given.length) : file.notebook(given.length);
}

/** Parses one piece of a file whose bytes are at hand. @throws ProblemError */
export function parsePiece(bytes: Buffer, piece: Piece, place: string, exact: boolean): Json {
  if (piece.end - piece.start > MAX_PIECE_BYTES) throw hugePart(place, piece.end - piece.start);
  const text = bytes.toString('utf8', piece.start, piece.end);
  if (!exact || !piece.odd) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      // Perhaps NaN, which Python writes and JSON.parse refuses; else the exact parser names the place.
    }
  }
  try {
    return parseExactly(text);
  } catch (error) {
    if (error instanceof ParseFault) throw parseProblem(bytes, piece.start, text, place, error);
    throw error;
  }
}

function hugePart(place: string, size: number): ProblemError {
  const sentence = `${capital(inWords(place))} alone has ${Math.round(size / 1024 / 1024)} MB, more than can be shown. Clear its output and save the notebook again.`;
  return new ProblemError('notebook-too-complex', sentence, { errors: [{ field: place, message: sentence }] });
}

/** Indexes a file. @throws ProblemError */
export function indexOf(bytes: Buffer): NotebookIndex {
  try {
    return scan(bytes);
  } catch (error) {
    if (error instanceof ScanFault) throw scanProblem(bytes, error);
    throw error;
  }
}

/** Removes a byte order mark; turns UTF-16, which Windows editors make, into UTF-8. */
function asUtf8(bytes: Buffer): Buffer {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return bytes.subarray(3);
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.from(bytes.subarray(2).toString('utf16le'));
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(Buffer.from(bytes.subarray(2)).swap16().toString('utf16le'));
  return bytes;
}

class NotebookFile {
  constructor(
    private readonly bytes: Buffer,
    private readonly index: NotebookIndex,
    private readonly options: ReadOptions
  ) {}

  /** The major version; worksheets without one are nbformat 3, cells without one are nbformat 4. */
  version(): number {
    const { members, cells } = this.index;
    const nbformat = this.member('nbformat');
    const stated = numberOf(nbformat) ?? (typeof nbformat === 'string' ? Number(nbformat) : Number.NaN);
    if (cells === undefined && !members.has('worksheets'))
      throw Number.isInteger(stated) && stated !== 4 && stated !== 3
        ? wrongVersion(stated)
        : notANotebook('it has no "cells"', 'Choose a file that Jupyter saved as a notebook.', 'cells');
    if (Number.isInteger(stated) && stated !== 3 && stated !== 4) return stated;
    return cells === undefined ? 3 : 4;
  }

  notebook(size: number): Notebook {
    const cells = this.index.cells ?? [];
    const minor = numberOf(this.member('nbformat_minor'));
    return {
      nbformat: 4,
      minor: minor !== undefined && Number.isInteger(minor) && minor >= 0 ? minor : 4,
      size,
      metadata: this.metadata(),
      rest: this.rest(['nbformat', 'nbformat_minor', 'metadata']),
      cellCount: cells.length,
      notes: [],
      cell: position => {
        const piece = cells[position];
        if (piece === undefined) throw new RangeError(`There is no cell ${position}.`);
        const place = `cells.${position}`;
        return normaliseCell(asCell(parsePiece(this.bytes, piece, place, this.options.exact), place));
      }
    };
  }

  oldNotebook(size: number): Notebook {
    const worksheets = this.member('worksheets');
    if (!Array.isArray(worksheets))
      throw notANotebook('"worksheets" is not a list', 'Choose a file that Jupyter saved as a notebook.', 'worksheets');
    const cells = worksheets.flatMap((sheet, number) => {
      if (!isObject(sheet))
        throw notANotebook(
          `worksheet ${number} is not an object`,
          'Mend or leave out that part.',
          `worksheets.${number}`
        );
      return listAt(sheet, 'cells').map((cell, at) =>
        normaliseCell(upgradeCell(asCell(cell, `worksheets.${number}.cells.${at}`)))
      );
    });
    const metadata = this.metadata();
    delete metadata['name'];
    return {
      nbformat: 3,
      minor: 4,
      size,
      metadata,
      rest: this.rest(['nbformat', 'nbformat_minor', 'metadata', 'worksheets', 'orig_nbformat', 'orig_nbformat_minor']),
      cellCount: cells.length,
      notes: ['It was written in nbformat 3 and has been converted to nbformat 4.'],
      cell: position => {
        const cell = cells[position];
        if (cell === undefined) throw new RangeError(`There is no cell ${position}.`);
        return cell;
      }
    };
  }

  private metadata(): JsonObject {
    const metadata = this.member('metadata');
    return isObject(metadata) ? normaliseMetadata(metadata) : {};
  }

  private member(name: string): Json | undefined {
    const piece = this.index.members.get(name);
    return piece && parsePiece(this.bytes, piece, name, this.options.exact);
  }

  private rest(known: string[]): JsonObject {
    const rest: JsonObject = {};
    for (const name of this.index.members.keys()) {
      if (known.includes(name)) continue;
      Object.defineProperty(rest, name, {
        value: this.member(name),
        enumerable: true,
        configurable: true,
        writable: true
      });
    }
    return rest;
  }
}

function asCell(value: Json, place: string): JsonObject {
  if (isObject(value)) return value;
  throw notANotebook(`${inWords(place)} is not a cell`, 'Mend or leave out that part of the file.', place);
}
