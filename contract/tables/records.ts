import * as z from 'zod';
import { Instant } from '../identifiers.js';
import { Column, SchemaPath, SourceId, TableType, TypeKind } from './types.js';

/** Why something of a source is missing, while all else is there. */
export const Trouble = z.object({
  /** What happened, why, and what to do, as people read it. */
  message: z.string(),
  /** The stable code of the problem. */
  code: z.string()
});
export type Trouble = z.infer<typeof Trouble>;

/** How far the index of a source is. Searches answer from it, whatever the source does now. */
export const IndexState = z.object({
  /** `none`: never built. `stale`: the last attempt failed, an older one is used. `failed`: there is none. */
  state: z.enum(['none', 'building', 'ready', 'stale', 'failed']),
  /** When the names in it were read. */
  asOf: Instant.optional(),
  schemas: z.number().int(),
  tables: z.number().int(),
  columns: z.number().int(),
  /** While it is built: schemas that are read, of those there are. */
  progress: z.object({ done: z.number().int(), total: z.number().int() }).optional(),
  trouble: Trouble.optional()
});
export type IndexState = z.infer<typeof IndexState>;

/** A source of the configuration, or the embedded one. */
export const Source = z.object({
  id: SourceId,
  label: z.string(),
  /** The plug-in: `postgresql`, `files`. */
  kind: z.string(),
  description: z.string(),
  /** Where it comes from: `embedded` is the folder `lake` beside the notebooks. */
  origin: z.enum(['embedded', 'configuration']),
  index: IndexState
});
export type Source = z.infer<typeof Source>;

/** A schema of a source. */
export const Schema = z.object({
  schema: SchemaPath,
  /** How many tables; absent while nobody has counted. */
  tables: z.number().int().optional(),
  trouble: Trouble.optional()
});
export type Schema = z.infer<typeof Schema>;

/** A table in a list. */
export const TableEntry = z.object({ name: z.string(), type: TableType });
export type TableEntry = z.infer<typeof TableEntry>;

/** A part of a table that is stored apart. */
export const Partition = z.object({
  /** `year=2013/month=9`. */
  name: z.string(),
  rows: z.number().optional(),
  bytes: z.number().optional(),
  updatedAt: Instant.optional()
});
export type Partition = z.infer<typeof Partition>;

/** A state of an Iceberg table that can be read still. */
export const Snapshot = z.object({
  id: z.string(),
  at: Instant,
  operation: z.string().optional(),
  addedRows: z.number().optional(),
  rows: z.number().optional(),
  current: z.boolean()
});
export type Snapshot = z.infer<typeof Snapshot>;

/** The ways to write code that reads a table. */
export const Dialect = z.enum(['sql', 'pandas', 'arrow', 'polars', 'spark']);
export type Dialect = z.infer<typeof Dialect>;

/** Code that reads a table and runs as it stands, connecting lines included. */
export const Snippet = z.object({
  dialect: Dialect,
  /** Its name on a button: `%%sql`. */
  label: z.string(),
  code: z.string(),
  /** `sql`: statements alone, for a file of SQL. */
  language: z.enum(['python', 'sql'])
});
export type Snippet = z.infer<typeof Snippet>;

/** All that is known of a table. What is absent the source does not tell. */
export const TableDetail = z.object({
  source: SourceId,
  schema: SchemaPath,
  name: z.string(),
  type: TableType,
  columns: z.array(Column),
  comment: z.string().optional(),
  owner: z.string().optional(),
  /** How many rows, and whether that is an estimate of the source. */
  rows: z.object({ count: z.number(), estimated: z.boolean() }).optional(),
  bytes: z.number().optional(),
  createdAt: Instant.optional(),
  updatedAt: Instant.optional(),
  /** How it is stored: `Parquet`, `InnoDB`. */
  format: z.string().optional(),
  /** Where it is stored: a folder or an address. Never holds a secret. */
  location: z.string().optional(),
  primaryKey: z.array(z.string()).optional(),
  partitionedBy: z.array(z.string()).optional(),
  /** The newest 50 at most. */
  partitions: z.object({ newest: z.array(Partition).max(50), more: z.boolean() }).optional(),
  /** The newest first, 50 at most. */
  snapshots: z.array(Snapshot).max(50).optional(),
  /** What could not be found out, while the rest could. */
  troubles: z.array(Trouble),
  snippets: z.array(Snippet)
});
export type TableDetail = z.infer<typeof TableDetail>;

/** A value as a grid shows it. Whole numbers beyond 2^53, decimals, times and nested values are texts. */
export const Value = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Value = z.infer<typeof Value>;

/** Rows of a table, read without changing anything. */
export const Preview = z.object({
  columns: z.array(z.object({ name: z.string(), type: z.string(), kind: TypeKind })),
  rows: z.array(z.array(Value)),
  /** Whether there are more rows than these. */
  more: z.boolean(),
  /** Why there are fewer rows than were asked for though there are more: `1 MB`, `5 s`. */
  cut: z.string().optional(),
  /** Which partition or snapshot it is of, where not of all. */
  of: z.string().optional(),
  milliseconds: z.number()
});
export type Preview = z.infer<typeof Preview>;

/** A bar of a histogram: how many values from `from` up to `to`. */
export const Bar = z.object({ from: z.string(), to: z.string(), count: z.number().int() });

/** What the values of a column are like, in the rows that were looked at. */
export const ColumnProfile = z.object({
  name: z.string(),
  type: z.string(),
  kind: TypeKind,
  nulls: z.number().int(),
  distinct: z.number().int(),
  min: z.string().optional(),
  max: z.string().optional(),
  mean: z.number().optional(),
  /** Of numbers and times. */
  histogram: z.array(Bar).max(20).optional(),
  /** Of all others: the most frequent values. */
  top: z
    .array(z.object({ value: z.string(), count: z.number().int() }))
    .max(10)
    .optional()
});
export type ColumnProfile = z.infer<typeof ColumnProfile>;

/** What the values of a table are like. */
export const Profile = z.object({
  /** Rows that were looked at, the first ones that the source gave. */
  rows: z.number().int(),
  /** Whether these are all rows. */
  complete: z.boolean(),
  columns: z.array(ColumnProfile),
  milliseconds: z.number()
});
export type Profile = z.infer<typeof Profile>;

/** A table, or a column of one, that a search found. */
export const Hit = z.object({
  source: SourceId,
  schema: SchemaPath,
  table: z.string(),
  type: TableType,
  /** The column that was found, with its type; absent where the table itself was. */
  column: z.object({ name: z.string(), type: z.string() }).optional()
});
export type Hit = z.infer<typeof Hit>;

/** What a search found, the best first. */
export const SearchResult = z.object({
  hits: z.array(Hit).max(200),
  /** How many tables and columns there are in all. */
  total: z.number().int(),
  /** The oldest index among those that were searched. */
  asOf: Instant.optional()
});
export type SearchResult = z.infer<typeof SearchResult>;

/** What a test of a connection found: one line per thing that can fail. */
export const SourceTest = z.object({
  ok: z.boolean(),
  findings: z.array(
    z.object({
      state: z.enum(['ok', 'warning', 'failed']),
      detail: z.string(),
      cure: z.string().optional()
    })
  )
});
export type SourceTest = z.infer<typeof SourceTest>;
