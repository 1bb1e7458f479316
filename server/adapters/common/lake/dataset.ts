import type { Column, Trouble, Value } from '../../../../contract/tables/index.js';
import { ProblemError } from '../../../../contract/problem.js';
import type { Rows, RowsOptions, SourceCall, TableFacts } from '../../../tables/ports.js';
import { csvValue, readHead, readRecords } from './csv.js';
import { columnOf, type Field } from './fields.js';
import { inParallel, type FileEntry, type LakeFiles } from './files.js';
import { openParquet, readRows } from './parquet.js';
import { newestPartitions, partitionFields, partitionOf, partsOf } from './partitions.js';
import { troubleOf } from './problems.js';
import { RowBasket } from './rows.js';
import { valueOf } from './values.js';

/** A table in files of one format: one file, or all below a folder. */
export interface Dataset {
  /** Of the file or the folder. */
  path: string;
  format: 'parquet' | 'csv';
  isFile: boolean;
  /** Columns that are in names of folders, where somebody else knows them; else they are found in the names. */
  partitioned?: Field[] | undefined;
  /** Its own columns, where somebody else knows them; else those of its newest file. */
  own?: Field[] | undefined;
  /** Whether all its files count, whatever their names. */
  anyName?: boolean;
  /** How its texts are split, where somebody else knows it: columns are by position then. */
  csv?: { delimiter: string; header: boolean } | undefined;
}

/** Files of a table that are looked at, those whose footers are read, and those at once. */
const MOST_FILES = 20_000;
const MOST_FOOTERS = 100;
const AT_ONCE = 8;
const MOST_TROUBLES = 5;

const endings = { parquet: /\.(parquet|parq)$/i, csv: /\.csv(\.gz)?$/i };

/** The format of a file by its name; undefined where it holds no table. */
export function formatOf(name: string): Dataset['format'] | undefined {
  return endings.parquet.test(name) ? 'parquet' : endings.csv.test(name) ? 'csv' : undefined;
}

interface Found {
  files: FileEntry[];
  more: boolean;
}

async function filesOf(
  files: LakeFiles,
  { path, format, isFile, anyName = false }: Dataset,
  call: SourceCall
): Promise<Found> {
  if (isFile) return { files: [await files.stat(path, call)], more: false };
  const { files: all, more } = await files.walk(path, MOST_FILES, call);
  return { files: all.filter(file => (anyName || endings[format].test(file.path)) && file.bytes > 0), more };
}

/** What is known of a table in files. Rows are counted in the footers of Parquet, and estimated beyond 100 files. */
export async function datasetFacts(files: LakeFiles, dataset: Dataset, call: SourceCall): Promise<TableFacts> {
  const { path, format, isFile } = dataset;
  const { files: found, more } = await filesOf(files, dataset, call);
  const last = found.at(-1);
  const troubles: Trouble[] = [];
  if (more)
    troubles.push({
      message: `${files.place(path)} has more than ${MOST_FILES} files: what lies beyond them is not counted.`,
      code: 'source-failed'
    });
  const counted = new Map<string, number>();
  let fields: Field[] = [];
  if (last !== undefined && format === 'csv') fields = (await readHead(files, last.path, call)).fields;
  if (last !== undefined && format === 'parquet') {
    const broken: unknown[] = [];
    await inParallel(found.slice(-MOST_FOOTERS), AT_ONCE, async file => {
      try {
        const parquet = await openParquet(files, file.path, call, file.bytes);
        counted.set(file.path, parquet.rows);
        if (file === last || fields.length === 0) fields = parquet.fields;
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        broken.push(error);
      }
    });
    if (counted.size === 0) throw broken[0];
    troubles.push(...broken.slice(0, MOST_TROUBLES).map(troubleOf));
  }
  const inNames = withoutOwn(dataset, found, fields);
  const isPartitioned = inNames.length > 0;
  return {
    type: 'table',
    columns: [...fields, ...inNames].map(columnOf),
    ...(format === 'parquet' && { rows: rowsIn(found, counted, more) }),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    ...(found.length > 0 && { updatedAt: new Date(Math.max(...found.map(each => each.modified))).toISOString() }),
    format: formatText(format, found),
    location: files.place(path),
    ...(isPartitioned && {
      partitionedBy: inNames.map(({ name }) => name),
      partitions: newestPartitions(path, found, each => counted.get(each))
    }),
    ...(troubles.length > 0 && { troubles }),
    reach: { kind: 'files', format, path: files.place(path), hive: isPartitioned && !isFile }
  };
}

/** Its columns alone: one file is looked into. */
export async function datasetColumns(files: LakeFiles, dataset: Dataset, call: SourceCall): Promise<Column[]> {
  const { files: found } = await filesOf(files, dataset, call);
  const last = found.at(-1);
  if (last === undefined) return [];
  const { fields } =
    dataset.format === 'csv'
      ? await readHead(files, last.path, call)
      : await openParquet(files, last.path, call, last.bytes);
  return [...fields, ...withoutOwn(dataset, found, fields)].map(columnOf);
}

/** The columns in names of folders that the files themselves have not. */
function withoutOwn(
  { path, isFile, partitioned }: Dataset,
  found: readonly FileEntry[],
  own: readonly Field[]
): Field[] {
  if (isFile) return [];
  const names = new Set(own.map(({ name }) => name));
  const inNames = partitioned ?? partitionFields([...new Set(found.map(file => partitionOf(path, file.path)))]);
  return inNames.filter(({ name }) => !names.has(name));
}

function rowsIn(
  found: readonly FileEntry[],
  counted: ReadonlyMap<string, number>,
  more: boolean
): { count: number; estimated: boolean } {
  const rows = [...counted.values()].reduce((sum, each) => sum + each, 0);
  if (counted.size === found.length && !more) return { count: rows, estimated: false };
  const bytes = (files: readonly FileEntry[]): number => files.reduce((sum, each) => sum + each.bytes, 0);
  const read = bytes(found.filter(({ path }) => counted.has(path)));
  return { count: read === 0 ? rows : Math.round((rows * bytes(found)) / read), estimated: true };
}

function formatText(format: Dataset['format'], found: readonly FileEntry[]): string {
  const name = format === 'parquet' ? 'Parquet' : found.some(({ path }) => /\.gz$/i.test(path)) ? 'CSV, gzip' : 'CSV';
  return found.length > 1 ? `${name}, ${found.length} files` : name;
}

/** The first rows of a table in files, file by file in the order of their names. */
export async function datasetRows(
  files: LakeFiles,
  dataset: Dataset,
  options: RowsOptions,
  call: SourceCall
): Promise<Rows> {
  const { path, format } = dataset;
  const { files: all } = await filesOf(files, dataset, call);
  const { partition } = options;
  const found = all.filter(file => partition === undefined || partitionOf(path, file.path) === partition);
  const last = all.at(-1);
  if (last === undefined || (partition !== undefined && found.length === 0)) {
    if (last === undefined)
      return new RowBasket([...(dataset.own ?? []), ...(dataset.partitioned ?? [])], options).result();
    throw new ProblemError(
      'source-not-found',
      `${files.place(path)} has no partition ${partition ?? ''} any more. Load the table again.`
    );
  }
  const own =
    dataset.own ??
    (format === 'csv'
      ? (await readHead(files, last.path, call)).fields
      : (await newestSchema(files, all, call)).fields);
  const fields = [...own, ...withoutOwn(dataset, all, own)];
  const basket = new RowBasket(fields, options);
  const left = new Set<string>();
  for (const file of found) {
    if (basket.isFull) break;
    const inPath = new Map(partsOf(partitionOf(path, file.path)));
    const fromPath = (field: Field): Value => csvValue(field, inPath.get(field.name) ?? undefined);
    if (format === 'csv') await addCsv(files, file, { own, basket, fromPath, csv: dataset.csv }, call);
    else for (const name of await addParquet(files, file, { own, basket, fromPath }, call)) left.add(name);
  }
  return basket.result(left);
}

/** The columns of the newest file that can be read. */
async function newestSchema(
  files: LakeFiles,
  all: readonly FileEntry[],
  call: SourceCall
): Promise<{ fields: Field[] }> {
  let first: unknown;
  for (const file of all.slice(-3).reverse()) {
    try {
      return await openParquet(files, file.path, call, file.bytes);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      first ??= error;
    }
  }
  throw first;
}

interface Adding {
  own: readonly Field[];
  basket: RowBasket;
  /** The value of a column that is in names of folders. */
  fromPath: (field: Field) => Value;
  csv?: Dataset['csv'];
}

async function addParquet(
  files: LakeFiles,
  { path, bytes }: FileEntry,
  { own, basket, fromPath }: Adding,
  call: SourceCall
): Promise<string[]> {
  const parquet = await openParquet(files, path, call, bytes);
  const here = new Map(parquet.fields.map(field => [field.name, field]));
  const isOwn = new Set(own.map(({ name }) => name));
  const columns = own.filter(({ name }) => here.has(name)).map(({ name }) => name);
  const to = Math.min(parquet.rows, basket.wanted);
  const { rows, left } = await readRows(parquet, { from: 0, to, columns }, call);
  for (const row of rows)
    basket.add(
      basket.fields.map(field => {
        const its = here.get(field.name);
        if (its) return valueOf(its, row.get(field.name));
        return isOwn.has(field.name) ? null : fromPath(field);
      })
    );
  return left;
}

async function addCsv(
  files: LakeFiles,
  { path }: FileEntry,
  { own, basket, fromPath, csv }: Adding,
  call: SourceCall
): Promise<void> {
  const { fields, delimiter } = csv ? { fields: own, ...csv } : await readHead(files, path, call);
  const at = new Map(fields.map(({ name }, index) => [name, index]));
  const isOwn = new Set(own.map(({ name }) => name));
  for await (const record of readRecords(files, path, { delimiter, header: csv?.header ?? true }, call)) {
    basket.add(
      basket.fields.map(field => {
        const index = at.get(field.name);
        if (index !== undefined) return csvValue(field, csv && record[index] === '\\N' ? undefined : record[index]);
        return isOwn.has(field.name) ? null : fromPath(field);
      })
    );
    if (basket.isFull) return;
  }
}
