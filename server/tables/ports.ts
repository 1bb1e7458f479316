import type {
  Column,
  Partition,
  SchemaPath,
  Snapshot,
  TableEntry,
  TableRef,
  Trouble,
  Value
} from '../../contract/tables/index.js';
import type { Finding } from '../ports.js';

/** The ports of the feature tables. Types only. */

/** Every method of a source takes one last; it stops soon after the signal is raised. */
export interface SourceCall {
  signal: AbortSignal;
}

/** The columns of one table, as a list of all of a schema gives them. */
export interface ColumnNames {
  table: string;
  columns: readonly { name: string; type: string }[];
}

/** A schema of a source. Where its tables cannot be listed `trouble` says why: its siblings can. */
export interface SourceSchema {
  schema: SchemaPath;
  trouble?: Trouble;
}

/** What a source tells of a table. What is absent it does not tell; units are those of the contract's `TableDetail`. */
export interface TableFacts {
  type: TableEntry['type'];
  columns: Column[];
  comment?: string;
  owner?: string;
  rows?: { count: number; estimated: boolean };
  bytes?: number;
  createdAt?: string;
  updatedAt?: string;
  format?: string;
  location?: string;
  primaryKey?: string[];
  partitionedBy?: string[];
  /** The newest 50 at most. */
  partitions?: { newest: Partition[]; more: boolean };
  snapshots?: Snapshot[];
  troubles?: Trouble[];
  reach: TableReach;
}

/** How Python gets at a table: what code for it is written from. */
export type TableReach =
  /** Through `%%sql` and `lakeside.get_connection`. The names from the outermost: `['public', 'orders']`. */
  | { kind: 'sql'; dialect: 'postgresql' | 'mysql'; name: string[] }
  /** Files of one format. `path`: of this machine, absolute, or `s3://…`; a folder, a file. `hive`: its parts are in folders `key=value`. */
  | { kind: 'files'; format: 'parquet' | 'csv'; path: string; hive: boolean }
  /** An Iceberg table that lies in a folder. `path`: where its folder `metadata` is. */
  | { kind: 'iceberg-folder'; path: string }
  /** An Iceberg table of a catalogue: `lakeside.get_catalog`. */
  | { kind: 'iceberg'; identifier: string[] }
  /** Only through Spark. */
  | { kind: 'spark'; name: string[] };

export interface RowsOptions {
  /** Most rows. */
  limit: number;
  /** Most bytes of the values as JSON. */
  maxBytes: number;
  /** Only of one partition, as `TableFacts` names it. */
  partition?: string | undefined;
  /** Only of one snapshot. */
  snapshot?: string | undefined;
}

/** The first rows of a table. */
export interface Rows {
  columns: Pick<Column, 'name' | 'type' | 'kind'>[];
  rows: Value[][];
  /** Whether there are more. */
  more: boolean;
  /** Why there are fewer than the limit though there are more. */
  cut?: string;
}

/**
 * Tables to look at. Reads only: nothing it does may change anything there. One connection may be used for several
 * questions at once, and two connections at most are open.
 *
 * Every method throws ProblemError: `source-signin` (password, token), `source-forbidden` (rights), `source-not-found`
 * (a table, schema or database that is not there), `source-failed`, `source-unreachable` (no name, no port, TLS,
 * silence). The sentence names the source, the reason and the cure, and holds no secret.
 */
export interface TableSource {
  /** Signs in and tries the least that is needed: one finding per thing that can fail. */
  check(call: SourceCall): Promise<Finding[]>;
  /** The schemas that this identity may see, in any order. */
  schemas(call: SourceCall): Promise<SourceSchema[]>;
  /** The names of all tables of a schema, in any order, some thousands at a time. No counting, no request per table. */
  names(schema: SchemaPath, call: SourceCall): AsyncIterable<readonly TableEntry[]>;
  /** The columns of all tables of a schema, where the source tells them without a request per table. */
  columns?(schema: SchemaPath, call: SourceCall): AsyncIterable<readonly ColumnNames[]>;
  /** One table. */
  facts(ref: TableRef, call: SourceCall): Promise<TableFacts>;
  /** The first rows of one table. */
  rows(ref: TableRef, options: RowsOptions, call: SourceCall): Promise<Rows>;
  /** Ends what was opened. */
  close(): Promise<void>;
}
