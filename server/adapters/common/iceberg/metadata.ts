import * as z from 'zod';

const Id = z.union([z.number(), z.string()]).transform(String);
const Texts = z.record(z.string(), z.string()).nullish();

/** A type of Iceberg: a name, or a struct, list or map. */
export type IcebergType =
  | string
  | { type: 'struct'; fields: IcebergField[] }
  | { type: 'list'; element: IcebergType; 'element-required'?: boolean; 'element-id'?: number }
  | { type: 'map'; key: IcebergType; value: IcebergType; 'value-required'?: boolean };

export interface IcebergField {
  id: number;
  name: string;
  type: IcebergType;
  required: boolean;
  doc?: string | null | undefined;
  'initial-default'?: unknown;
}

const Type: z.ZodType<IcebergType> = z.lazy(() =>
  z.union([
    z.string(),
    z.object({ type: z.literal('struct'), fields: z.array(Field) }),
    z.object({
      type: z.literal('list'),
      element: Type,
      'element-required': z.boolean().optional(),
      'element-id': z.number().optional()
    }),
    z.object({ type: z.literal('map'), key: Type, value: Type, 'value-required': z.boolean().optional() })
  ])
);
const Field: z.ZodType<IcebergField> = z.lazy(() =>
  z.object({
    id: z.number(),
    name: z.string(),
    type: Type,
    required: z.boolean().default(false),
    doc: z.string().nullish(),
    'initial-default': z.unknown().optional()
  })
);

const Schema = z.object({
  'schema-id': z.number().optional(),
  'identifier-field-ids': z.array(z.number()).nullish(),
  fields: z.array(Field)
});
export type IcebergSchema = z.infer<typeof Schema>;

const SpecField = z.object({ name: z.string(), transform: z.string(), 'source-id': z.number().optional() });
export type SpecField = z.infer<typeof SpecField>;

const Snapshot = z.object({
  'snapshot-id': Id,
  'timestamp-ms': z.number(),
  'schema-id': z.number().nullish(),
  'manifest-list': z.string().nullish(),
  summary: Texts
});
export type IcebergSnapshot = z.infer<typeof Snapshot>;

/** The parts of an Iceberg table's metadata that are used, of version 1 to 3. */
export const Metadata = z.object({
  'format-version': z.number().default(1),
  location: z.string(),
  'last-updated-ms': z.number().optional(),
  schema: Schema.optional(),
  schemas: z.array(Schema).optional(),
  'current-schema-id': z.number().optional(),
  'partition-spec': z.array(SpecField).optional(),
  'partition-specs': z.array(z.object({ 'spec-id': z.number(), fields: z.array(SpecField) })).optional(),
  'default-spec-id': z.number().optional(),
  'current-snapshot-id': Id.nullish(),
  snapshots: z.array(Snapshot).nullish(),
  'snapshot-log': z.array(z.object({ 'snapshot-id': Id, 'timestamp-ms': z.number() })).nullish(),
  properties: Texts
});
export type Metadata = z.infer<typeof Metadata>;

/** The schema of a snapshot, or the present one. */
export function schemaOf(metadata: Metadata, snapshot?: IcebergSnapshot): IcebergSchema {
  const wanted = snapshot?.['schema-id'] ?? metadata['current-schema-id'];
  const found = metadata.schemas?.find(schema => schema['schema-id'] === wanted);
  return found ?? metadata.schema ?? metadata.schemas?.at(-1) ?? { fields: [] };
}

/** How a table is parted, or was when a file was written. */
export function specOf(metadata: Metadata, id = metadata['default-spec-id']): SpecField[] {
  const found = metadata['partition-specs']?.find(spec => spec['spec-id'] === id);
  return found?.fields ?? metadata['partition-spec'] ?? [];
}

/** The present snapshot; undefined where nothing was ever written. */
export function currentSnapshot(metadata: Metadata): IcebergSnapshot | undefined {
  return metadata.snapshots?.find(each => each['snapshot-id'] === metadata['current-snapshot-id']);
}
