import * as z from 'zod';

/** What a type is for people and pictures, whatever the source calls it. */
export const TypeKind = z.enum([
  'boolean',
  'integer',
  'decimal',
  'float',
  'string',
  'binary',
  'date',
  'time',
  'timestamp',
  'interval',
  'json',
  'uuid',
  'struct',
  'list',
  'map',
  'other'
]);
export type TypeKind = z.infer<typeof TypeKind>;

/** A column of a table, or a field of a nested one. */
export interface Column {
  name: string;
  /** As the source writes it: `numeric(10,2)`, `struct<a:int>`. */
  type: string;
  kind: TypeKind;
  /** False where it cannot be null; absent where the source does not say. */
  nullable?: boolean | undefined;
  comment?: string | undefined;
  /** Of a struct its fields; of a list one named `element`; of a map `key` and `value`. */
  fields?: Column[] | undefined;
}
export const Column: z.ZodType<Column> = z.lazy(() =>
  z.object({
    name: z.string(),
    type: z.string(),
    kind: TypeKind,
    nullable: z.boolean().optional(),
    comment: z.string().optional(),
    fields: z.array(Column).optional()
  })
);

/** What a name in a schema stands for. */
export const TableType = z.enum(['table', 'view', 'materialized-view', 'external']);
export type TableType = z.infer<typeof TableType>;

/** Between the levels of a schema's path, which any of its names may hold otherwise. */
export const LEVEL = '\u001f';

/** The levels of a schema's path, joined by `LEVEL`. Empty where tables lie directly in the source. */
export const SchemaPath = z.string().max(4096);
export type SchemaPath = z.infer<typeof SchemaPath>;

/** The levels of a schema's path. */
export function levelsOf(path: SchemaPath): string[] {
  return path === '' ? [] : path.split(LEVEL);
}

/** A schema's path from its levels. */
export function pathOf(levels: readonly string[]): SchemaPath {
  return levels.join(LEVEL);
}

/** The name by which the configuration, the panel and the magics call a source. */
export const SourceId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be a name of small letters, digits and hyphens');
export type SourceId = z.infer<typeof SourceId>;

/** A name of a table, as the source has it. Any text: databases allow quotes, dots and new lines. */
export const TableName = z.string().min(1).max(1024);

/** One table of a source. */
export const TableRef = z.object({ schema: SchemaPath.default(''), table: TableName });
export type TableRef = z.infer<typeof TableRef>;
