import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { TypeKind } from '../../../../contract/tables/index.js';
import type { SourceCall } from '../../../tables/ports.js';
import type { Field } from './fields.js';
import type { LakeFiles } from './files.js';
import { unreadable } from './problems.js';

/** Bytes from which the types are guessed, and those that are read at once later. */
const HEAD = 64 * 1024;
const STEP = 256 * 1024;

/** A value longer than this is no value: a quote that never ends. */
const LONGEST_VALUE = 4 * 1024 * 1024;

/** Columns of a CSV file, as far as its first 64 KB tell. */
export interface CsvHead {
  fields: Field[];
  delimiter: string;
}

/** Reads the first 64 KB of a file: names from its first line, types from the others. @throws ProblemError `source-failed` */
export async function readHead(files: LakeFiles, path: string, call: SourceCall): Promise<CsvHead> {
  let head = '';
  let isWhole = true;
  for await (const piece of texts(files, path, HEAD, call)) {
    head += piece;
    if (head.length < HEAD) continue;
    isWhole = false;
    break;
  }
  const firstLine = head.slice(0, Math.max(head.search(/[\r\n]/), 0)) || head;
  const delimiter = [',', ';', '\t', '|'].reduce((best, each) =>
    firstLine.split(each).length > firstLine.split(best).length ? each : best
  );
  const records = [...recordsOf([head], delimiter)];
  // The last one may be cut off.
  if (!isWhole) records.pop();
  const names = unique(records.shift() ?? []);
  const fields = names.map((name, at) => guess(name, records, at));
  return { fields, delimiter };
}

/** The records of a file, its first line left out where that has the names. */
export async function* readRecords(
  files: LakeFiles,
  path: string,
  { delimiter, header }: { delimiter: string; header: boolean },
  call: SourceCall
): AsyncGenerator<string[]> {
  const parser = new RecordParser(delimiter);
  let isFirst = header;
  function* rest(records: Iterable<string[]>): Generator<string[]> {
    for (const record of records) {
      if (isFirst) isFirst = false;
      else yield record;
    }
  }
  try {
    for await (const piece of texts(files, path, STEP, call)) yield* rest(parser.take(piece));
    yield* rest(parser.end());
  } catch (error) {
    call.signal.throwIfAborted();
    throw unreadable(files.place(path), 'CSV', error);
  }
}

/** The text of a file piece by piece; what is packed is unpacked. */
async function* texts(files: LakeFiles, path: string, step: number, call: SourceCall): AsyncGenerator<string> {
  const file = await files.open(path, call);
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.byteLength; at += step) {
      call.signal.throwIfAborted();
      yield new Uint8Array(await file.slice(at, Math.min(at + step, file.byteLength)));
    }
  }
  const decoder = new TextDecoder();
  if (!/\.gz$/i.test(path)) {
    for await (const piece of pieces()) yield decoder.decode(piece, { stream: true });
  } else {
    const source = Readable.from(pieces());
    const unpacked = createGunzip();
    source.once('error', error => unpacked.destroy(error)).pipe(unpacked);
    try {
      for await (const piece of unpacked) yield decoder.decode(piece as Buffer, { stream: true });
    } catch (error) {
      call.signal.throwIfAborted();
      throw unreadable(files.place(path), 'packed CSV', error);
    } finally {
      source.destroy();
      unpacked.destroy();
    }
  }
  yield decoder.decode();
}

function* recordsOf(pieces: Iterable<string>, delimiter: string): Generator<string[]> {
  const parser = new RecordParser(delimiter);
  for (const piece of pieces) yield* parser.take(piece);
  yield* parser.end();
}

/** Splits text into records (RFC 4180): values in quotes may hold delimiters, new lines, and quotes twice. */
class RecordParser {
  private record: string[] = [];
  private value = '';
  private quoted = false;
  /** A quote was met inside of quotes: an end, or the first of two. */
  private pending = false;
  private afterReturn = false;

  constructor(private readonly delimiter: string) {}

  *take(piece: string): Generator<string[]> {
    for (const character of piece) {
      if (this.quoted && !this.pending) {
        if (character === '"') this.pending = true;
        else this.add(character);
        continue;
      }
      if (this.pending) {
        this.pending = false;
        if (character === '"') {
          this.add(character);
          continue;
        }
        this.quoted = false;
      }
      const follows = this.afterReturn && character === '\n';
      this.afterReturn = character === '\r';
      if (follows) continue;
      if (character === '"' && this.value === '') this.quoted = true;
      else if (character === this.delimiter) this.endValue();
      else if (character === '\n' || character === '\r') yield* this.endRecord();
      else this.add(character);
    }
  }

  *end(): Generator<string[]> {
    if (this.value !== '' || this.record.length > 0) yield* this.endRecord();
  }

  private add(character: string): void {
    this.value += character;
    if (this.value.length > LONGEST_VALUE) throw new Error('a value has more than 4 MB; a quote may be missing');
  }

  private endValue(): void {
    this.record.push(this.value);
    this.value = '';
  }

  private *endRecord(): Generator<string[]> {
    this.endValue();
    const record = this.record;
    this.record = [];
    // An empty line is no record.
    if (record.length > 1 || record[0] !== '') yield record;
  }
}

/** Names of columns: those that are missing or double get a number. */
function unique(names: readonly string[]): string[] {
  const seen = new Set<string>();
  return names.map((given, at) => {
    const name = given.trim() === '' ? `column${at}` : given;
    let free = name;
    for (let number = 1; seen.has(free); number++) free = `${name}_${number}`;
    seen.add(free);
    return free;
  });
}

const guesses: { kind: TypeKind; type: string; fits: RegExp }[] = [
  // A leading zero belongs to a code, such as that of a place.
  { kind: 'integer', type: 'integer', fits: /^[+-]?(0|[1-9]\d{0,17})$/ },
  { kind: 'float', type: 'double', fits: /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$|^(NaN|-?inf|-?Infinity)$/ },
  { kind: 'boolean', type: 'boolean', fits: /^(true|false)$/i },
  { kind: 'date', type: 'date', fits: /^\d{4}-[01]\d-[0-3]\d$/ },
  {
    kind: 'timestamp',
    type: 'timestamp',
    fits: /^\d{4}-[01]\d-[0-3]\d[ T][0-2]\d:[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/
  }
];
const code = /^[+-]?0\d+$/;

function guess(name: string, records: readonly string[][], at: number): Field {
  const values = records.map(record => record[at] ?? '').filter(value => value !== '');
  const found =
    values.length === 0 || values.some(value => code.test(value))
      ? undefined
      : guesses.find(({ fits }) => values.every(value => fits.test(value)));
  return found
    ? { name, type: `${found.type} (guessed)`, kind: found.kind, nullable: true }
    : { name, type: 'string (guessed)', kind: 'string', nullable: true };
}

/** A text of a record as what its column was taken for; what is none stays the text. */
export function csvValue({ kind }: Field, text: string | undefined): string | number | boolean | null {
  if (text === undefined || text === '') return null;
  if (kind === 'integer') return /^[+-]?\d{1,18}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text;
  if (kind === 'float') {
    const value = Number(text);
    return Number.isFinite(value) ? value : text;
  }
  if (kind === 'boolean') return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : text;
  return text;
}
