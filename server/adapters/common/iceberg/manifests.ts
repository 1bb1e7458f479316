import type { AsyncBuffer } from 'hyparquet';
import { ProblemError } from '../../../../contract/problem.js';
import type { SourceCall } from '../../../tables/ports.js';
import { unreadable } from '../lake/problems.js';
import { readAvro } from './avro.js';
import type { IcebergSnapshot } from './metadata.js';

/** Bytes of one manifest beyond which it is not read for a preview. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Where the files of an Iceberg table are read. Addresses are those that its metadata name. */
export interface TableFiles {
  /** @throws ProblemError `source-not-found`, `source-forbidden` and those of the network */
  open(address: string, call: SourceCall, bytes?: number): Promise<AsyncBuffer>;
  /** Where an address is, for sentences. */
  place(address: string): string;
}

/** A list of files of a table. */
export interface Manifest {
  path: string;
  /** Whether its files hold rows that were deleted. */
  deletes: boolean;
  specId: number;
  sequence: number;
}

/** A file of a table. */
export interface Entry {
  path: string;
  bytes: number;
  rows: number;
  /** `PARQUET`, `ORC`, `AVRO`, `PUFFIN`. */
  format: string;
  /** 0 rows, 1 places of deleted rows, 2 values of deleted rows. */
  content: number;
  specId: number;
  sequence: number;
  /** By the names of the spec's fields, raw. */
  partition: Record<string, unknown>;
  equalityIds: number[];
}

async function records(
  files: TableFiles,
  address: string,
  call: SourceCall
): Promise<Record<string, unknown>[]> {
  const file = await files.open(address, call);
  if (file.byteLength > MOST_BYTES)
    throw new ProblemError('source-failed', `${files.place(address)} is too large for a preview: more than 64 MB.`);
  try {
    return readAvro(new Uint8Array(await file.slice(0, file.byteLength)));
  } catch (error) {
    call.signal.throwIfAborted();
    throw unreadable(files.place(address), 'a manifest of Iceberg (Avro)', error);
  }
}

/** The manifests of a snapshot, those of rows newest first. */
export async function manifestsOf(
  files: TableFiles,
  snapshot: IcebergSnapshot,
  call: SourceCall
): Promise<Manifest[]> {
  const list = snapshot['manifest-list'];
  if (list === undefined || list === null)
    throw new ProblemError(
      'source-failed',
      'This table was written by an Iceberg before 0.9 and names no list of its files. Rewrite its metadata to preview it.'
    );
  const found = (await records(files, list, call)).map(record => ({
    path: String(record['manifest_path']),
    deletes: record['content'] === 1,
    specId: Number(record['partition_spec_id'] ?? 0),
    sequence: Number(record['sequence_number'] ?? 0)
  }));
  return found.sort((a, b) => b.sequence - a.sequence);
}

/** The files of a manifest that belong to the table still. */
export async function entriesOf(files: TableFiles, manifest: Manifest, call: SourceCall): Promise<Entry[]> {
  const found = await records(files, manifest.path, call);
  return found
    .filter(record => record['status'] !== 2)
    .map(record => {
      const file = record['data_file'] as Record<string, unknown>;
      return {
        path: String(file['file_path']),
        bytes: Number(file['file_size_in_bytes']),
        rows: Number(file['record_count']),
        format: String(file['file_format']).toUpperCase(),
        content: Number(file['content'] ?? 0),
        specId: manifest.specId,
        // Files that a manifest brings first have no number of their own: theirs is that of the manifest.
        sequence: Number(record['sequence_number'] ?? manifest.sequence),
        partition: (file['partition'] ?? {}) as Record<string, unknown>,
        equalityIds: (file['equality_ids'] ?? []) as number[]
      };
    });
}
