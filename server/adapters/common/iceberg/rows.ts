import { ProblemError } from '../../../../contract/problem.js';
import type { Value } from '../../../../contract/tables/index.js';
import type { Rows, RowsOptions, SourceCall } from '../../../tables/ports.js';
import type { Field } from '../lake/fields.js';
import { openParquet, readRows, type ParquetFile } from '../lake/parquet.js';
import { RowBasket } from '../lake/rows.js';
import { valueOf } from '../lake/values.js';
import { Deletes } from './deletes.js';
import { fieldOf } from './fields.js';
import { entriesOf, manifestsOf, type Entry, type TableFiles } from './manifests.js';
import { currentSnapshot, schemaOf, specOf, type IcebergSchema, type Metadata } from './metadata.js';
import { partitionName } from './partitions.js';

/** Rows that are read at once where some of them may be deleted. */
const STEP = 1_000;

/** Manifests that are searched for the rows of one partition. */
const MOST_MANIFESTS = 200;

/** The first rows of an Iceberg table, of its newest files first. @throws ProblemError as `TableSource` does */
export async function icebergRows(
  files: TableFiles,
  metadata: Metadata,
  options: RowsOptions,
  call: SourceCall
): Promise<Rows> {
  const snapshot =
    options.snapshot === undefined
      ? currentSnapshot(metadata)
      : metadata.snapshots?.find(each => each['snapshot-id'] === options.snapshot);
  if (options.snapshot !== undefined && snapshot === undefined)
    throw new ProblemError(
      'source-not-found',
      `The snapshot ${options.snapshot} is not kept any more. Load the table again and choose another one.`
    );
  const schema = options.snapshot === undefined ? schemaOf(metadata) : schemaOf(metadata, snapshot);
  const basket = new RowBasket(schema.fields.map(fieldOf), options);
  if (snapshot === undefined) return basket.result();
  const manifests = await manifestsOf(files, snapshot, call);
  const deleted: Entry[] = [];
  for (const manifest of manifests.filter(({ deletes }) => deletes))
    deleted.push(...(await entriesOf(files, manifest, call)));
  const deletes = await Deletes.read(files, metadata, deleted, call);
  const left = new Set<string>();
  const ofRows = manifests.filter(manifest => !manifest.deletes);
  for (const [at, manifest] of ofRows.entries()) {
    if (at >= MOST_MANIFESTS) break;
    for (const entry of await entriesOf(files, manifest, call)) {
      if (basket.isFull) return basket.result(left);
      if (options.partition !== undefined && partitionName(metadata, entry) !== options.partition) continue;
      for (const name of await addFile({ files, metadata, schema, deletes, basket, call }, entry)) left.add(name);
    }
  }
  return basket.result(left);
}

interface Reading {
  files: TableFiles;
  metadata: Metadata;
  schema: IcebergSchema;
  deletes: Deletes;
  basket: RowBasket;
  call: SourceCall;
}

/** Adds the rows of a file. @returns columns that were left out, for they are too large */
async function addFile(reading: Reading, entry: Entry): Promise<string[]> {
  const { files, deletes, basket, call } = reading;
  if (entry.format !== 'PARQUET')
    throw new ProblemError(
      'source-failed',
      `This table keeps its rows in ${entry.format}; the preview reads Parquet only. Insert code to read it.`
    );
  const parquet = await openParquet(files, entry.path, call, entry.bytes);
  const { isDeleted, ids } = deletes.of(entry);
  const { readers, physical } = readersOf(reading, entry, parquet);
  const byId = new Map(parquet.fields.map(field => [field.id, field]));
  const needed = ids.flatMap(id => byId.get(id)?.name ?? []);
  const columns = [...new Set([...physical.values(), ...needed])];
  const left = new Set<string>();
  for (let from = 0; from < parquet.rows && !basket.isFull; ) {
    const to = Math.min(parquet.rows, from + Math.max(basket.wanted, STEP));
    const found = await readRows(parquet, { from, to, columns }, call);
    for (const name of found.left) left.add(name);
    for (const [at, row] of found.rows.entries()) {
      const valueOfId = (id: number): Value => {
        const field = byId.get(id);
        return field ? valueOf(field, row[field.name]) : null;
      };
      if (!isDeleted(from + at, valueOfId)) basket.add(readers.map(read => read(row)));
    }
    from = to;
  }
  return [...physical].filter(([, its]) => left.has(its)).map(([name]) => name);
}

type Reader = (row: Record<string, unknown>) => Value;

/** How the columns of a table are read from a file that may have been written before they were renamed or added. */
function readersOf(
  { metadata, schema, basket }: Reading,
  { specId, partition }: Entry,
  { fields }: ParquetFile
): { readers: Reader[]; physical: Map<string, string> } {
  const hasIds = fields.some(({ id }) => id !== undefined);
  const mapped = nameMapping(metadata);
  const physical = new Map<string, string>();
  const readers = schema.fields.map((column, at): Reader => {
    const shown = basket.fields[at] as Field;
    const names = mapped.get(column.id) ?? [column.name];
    const its = fields.find(field => (hasIds ? field.id === column.id : names.includes(field.name)));
    if (its) {
      physical.set(column.name, its.name);
      // Old writers do not say of bytes that they are texts.
      const read = its.kind === 'binary' ? { ...its, kind: shown.kind } : its;
      return row => valueOf(read, row[its.name]);
    }
    const inPartition = specOf(metadata, specId).find(
      ({ transform, 'source-id': id }) => transform === 'identity' && id === column.id
    );
    const constant = inPartition ? partition[inPartition.name] : column['initial-default'];
    const value = valueOf(shown, constant);
    return () => value;
  });
  return { readers, physical };
}

interface Mapping {
  'field-id'?: number;
  names: string[];
}

/** Names that files without numbers of columns have for them. */
function nameMapping({ properties }: Metadata): Map<number, string[]> {
  const text = properties?.['schema.name-mapping.default'];
  if (text === undefined) return new Map();
  try {
    const found = JSON.parse(text) as Mapping[];
    return new Map(found.flatMap(({ 'field-id': id, names }) => (id === undefined ? [] : [[id, names] as const])));
  } catch {
    return new Map();
  }
}
