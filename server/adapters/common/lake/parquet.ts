import type { AsyncBuffer, Compressors, FileMetaData, ParquetParsers, SchemaElement } from 'hyparquet';
import type { SourceCall } from '../../../tables/ports.js';
import type { Field } from './fields.js';
import type { LakeFiles } from './files.js';
import { fieldsOf } from './parquetSchema.js';
import { unreadable } from './problems.js';

/** Bytes of the columns of a row group, unpacked, that are read at most. Columns beyond them are left out. */
const MOST_UNPACKED = 128 * 1024 * 1024;

/** A Parquet file whose footer is read. */
export interface ParquetFile {
  file: AsyncBuffer;
  metadata: FileMetaData;
  fields: Field[];
  rows: number;
  /** For sentences. */
  place: string;
}

/** Raw numbers and bytes: what they mean is known by the schema, and nothing of them is lost. */
const parsers: ParquetParsers = {
  timestampFromMilliseconds: (raw: bigint) => raw,
  timestampFromMicroseconds: (raw: bigint) => raw,
  timestampFromNanoseconds: (raw: bigint) => raw,
  dateFromDays: (raw: number) => raw,
  stringFromBytes: (raw: Uint8Array | undefined) => raw && decoder.decode(raw),
  jsonFromBytes: (raw: Uint8Array | undefined) => raw && decoder.decode(raw),
  geometryFromBytes: (raw: Uint8Array) => raw,
  geographyFromBytes: (raw: Uint8Array) => raw,
  uuidFromBytes: (raw: Uint8Array) => raw
};
const decoder = new TextDecoder();

/** Reads the footer of a file. @throws ProblemError `source-failed` where it is no Parquet file or cut off */
export async function openParquet(
  files: Pick<LakeFiles, 'open' | 'place'>,
  path: string,
  call: SourceCall,
  bytes?: number
): Promise<ParquetFile> {
  const { parquetMetadataAsync, parquetSchema, cachedAsyncBuffer } = await import('hyparquet');
  const place = files.place(path);
  const file = cachedAsyncBuffer(await files.open(path, call, bytes));
  try {
    const metadata = await parquetMetadataAsync(file, { parsers, geoparquet: false });
    return { file, metadata, fields: fieldsOf(parquetSchema(metadata)), rows: Number(metadata.num_rows), place };
  } catch (error) {
    call.signal.throwIfAborted();
    throw unreadable(place, 'Parquet', error);
  }
}

/** What was read of a file. */
export interface ParquetRows {
  /** By the names of the columns. */
  rows: Record<string, unknown>[];
  /** Columns that were left out, for they are too large. */
  left: string[];
}

/** Rows from a file, raw. Only the row groups that hold them are read, and of their pages those that are needed. */
export async function readRows(
  { file, metadata, place }: ParquetFile,
  { from, to, columns }: { from: number; to: number; columns: readonly string[] },
  call: SourceCall
): Promise<ParquetRows> {
  const { parquetReadObjects } = await import('hyparquet');
  const compressors = await unpackers();
  const { fitting, left } = whatFits(metadata, from, to, columns);
  call.signal.throwIfAborted();
  try {
    const rows =
      fitting.length === 0
        ? Array.from({ length: Math.max(0, Math.min(to, Number(metadata.num_rows)) - from) }, () => ({}))
        : await parquetReadObjects({
            file,
            metadata: { ...metadata, schema: metadata.schema.map(undecoded) },
            columns: fitting,
            rowStart: from,
            rowEnd: to,
            useOffsetIndex: true,
            utf8: false,
            geoparquet: false,
            compressors,
            parsers
          });
    return { rows, left };
  } catch (error) {
    call.signal.throwIfAborted();
    throw unreadable(place, 'Parquet', error);
  }
}

/** The library's own but one of them refuses an empty page. */
async function unpackers(): Promise<Compressors> {
  const { compressors } = await import('hyparquet-compressors');
  const { LZ4_RAW } = compressors;
  if (LZ4_RAW === undefined) return compressors;
  return { ...compressors, LZ4_RAW: (input, length) => (length === 0 ? new Uint8Array() : LZ4_RAW(input, length)) };
}

/** The library turns decimals into fractions and refuses some types: it gets to see how they are stored alone. */
function undecoded(element: SchemaElement): SchemaElement {
  const { converted_type, logical_type, ...rest } = element;
  const raw = ['DECIMAL', 'INTERVAL', 'BSON', 'GEOMETRY', 'GEOGRAPHY'];
  return raw.includes(converted_type ?? '') || raw.includes(logical_type?.type ?? '') ? rest : element;
}

/** The columns of the row groups that can be read without taking all memory, in the order they were asked for. */
function whatFits(
  { row_groups }: FileMetaData,
  from: number,
  to: number,
  columns: readonly string[]
): { fitting: string[]; left: string[] } {
  const cost = new Map<string, number>();
  let start = 0;
  for (const { num_rows, columns: chunks } of row_groups) {
    const end = start + Number(num_rows);
    if (end > from && start < to) {
      for (const { meta_data, offset_index_offset } of chunks) {
        const name = meta_data?.path_in_schema[0] ?? '';
        // With an index of its pages only those are read that are needed.
        const share = offset_index_offset === undefined ? 1 : Math.min(1, (to - from) / (end - start));
        cost.set(name, (cost.get(name) ?? 0) + share * Number(meta_data?.total_uncompressed_size ?? 0));
      }
    }
    start = end;
  }
  const fitting: string[] = [];
  const left: string[] = [];
  let sum = 0;
  for (const name of columns) {
    const size = cost.get(name) ?? 0;
    if (sum + size > MOST_UNPACKED) left.push(name);
    else {
      fitting.push(name);
      sum += size;
    }
  }
  return { fitting, left };
}
