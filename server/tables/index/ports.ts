import type { Hit, SchemaPath, TableEntry, Trouble } from '../../../contract/tables/index.js';

/** Names of tables and columns that can be searched. Types only. */

/** What is kept of a schema. */
export interface KeptSchema {
  schema: SchemaPath;
  /** Absent while its names were not read. */
  tables: number | undefined;
  /** Columns, and when they were read, in milliseconds since 1970; absent where there are none. */
  columns: number | undefined;
  columnsAt: number | undefined;
}

/** What is kept of a source. */
export interface Kept {
  /** When all its names were read, in milliseconds since 1970; absent where they never were. */
  asOf: number | undefined;
  schemas: KeptSchema[];
}

export type StagedKind = 'names' | 'columns';

export interface IndexQuery {
  q: string;
  columns: boolean;
  limit: number;
}

/** A hit of one of the searched sources, by its place among them. */
export type IndexHit = Omit<Hit, 'source'> & { source: number };

/**
 * The index: for each key, which stands for a source and who asks, the names of its tables and columns. What is kept
 * lies in files too, and is taken from there when it is first asked for.
 */
export interface TableIndex {
  /** What there is under a key. */
  kept(key: string): Promise<Kept>;
  /** Adds lines (`namesText`, `columnsText`) to what will replace those of a schema. */
  stage(key: string, schema: SchemaPath, kind: StagedKind, text: string): void;
  /** Replaces what there is of a schema by what was staged. @returns how many there are, and whether anything differs */
  commit(key: string, schema: SchemaPath, kind: StagedKind, at: number): Promise<{ count: number; changed: boolean }>;
  /** Forgets what was staged. */
  drop(key: string, schema: SchemaPath, kind: StagedKind): void;
  /** All names were read: the source has these schemas and no others. @returns why its file could not be written */
  finish(key: string, schemas: readonly SchemaPath[], asOf: number): Promise<Trouble | undefined>;
  /** Writes columns to their file. @returns why it could not be written */
  save(key: string): Promise<Trouble | undefined>;
  /** A page of the tables of a schema by name; undefined where its names were never read. */
  page(
    key: string,
    schema: SchemaPath,
    offset: number,
    limit: number
  ): Promise<{ tables: TableEntry[]; total: number } | undefined>;
  /** All names of a schema as lines in UTF-8, compressed as asked; undefined where they were never read. */
  names(key: string, schema: SchemaPath, encoding: 'br' | 'gzip' | undefined): Promise<Uint8Array | undefined>;
  /** The best of several sources. */
  search(keys: readonly string[], query: IndexQuery): Promise<{ hits: IndexHit[]; total: number }>;
  /** Ends it. What is kept stays in its files. */
  close(): Promise<void>;
}
