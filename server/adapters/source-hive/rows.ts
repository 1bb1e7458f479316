import { ProblemError } from '../../../contract/problem.js';
import type { Rows, RowsOptions, SourceCall } from '../../tables/ports.js';
import { parseMetadata } from '../common/iceberg/folder.js';
import type { TableFiles } from '../common/iceberg/manifests.js';
import type { Metadata } from '../common/iceberg/metadata.js';
import { icebergRows } from '../common/iceberg/rows.js';
import { datasetRows } from '../common/lake/dataset.js';
import { readText } from '../common/lake/files.js';
import type { Locations } from '../common/lake/locations.js';
import type { HiveTable } from './metastore.js';
import { fieldsOf, storageOf } from './storage.js';

/** The first rows of a table, from its files. @throws ProblemError where they are of a kind that is not read here */
export async function hiveRows(
  { locations, label }: { locations: Locations; label: string },
  table: HiveTable,
  options: RowsOptions,
  call: SourceCall
): Promise<Rows> {
  const storage = storageOf(table);
  if (storage.kind === 'view')
    throw new ProblemError('source-failed', `${table.name} is a view: only Spark or Hive can run it. Insert code to read it.`);
  if (storage.kind === 'other')
    throw new ProblemError(
      'source-failed',
      `${label} keeps ${table.name} as ${storage.text}; the preview reads Parquet, CSV and Iceberg. Insert code to read it.`
    );
  if (storage.kind === 'iceberg') {
    const { metadata, files } = await icebergOf(locations, storage.metadata, call);
    return icebergRows(files, metadata, options, call);
  }
  const { own, partitioned } = fieldsOf(table);
  const { files, path } = await locations.find(table.location);
  const dataset = { path, format: storage.kind, isFile: false, partitioned, own, anyName: true };
  const csv = storage.kind === 'csv' ? { delimiter: storage.delimiter, header: storage.header } : undefined;
  return datasetRows(files, { ...dataset, csv }, options, call);
}

/** An Iceberg table by the address of its metadata. */
export async function icebergOf(
  locations: Locations,
  address: string,
  call: SourceCall
): Promise<{ metadata: Metadata; files: TableFiles }> {
  const { files, path } = await locations.find(address);
  const metadata = parseMetadata(await readText(files, path, call), address);
  return {
    metadata,
    files: {
      place: each => each,
      open: async (each, given, bytes) => {
        const found = await locations.find(each);
        return found.files.open(found.path, given, bytes);
      }
    }
  };
}
