import type { Column, TypeKind } from '../../../../contract/tables/index.js';

export type TimeUnit = 'MILLIS' | 'MICROS' | 'NANOS';

/** A column of a file, with what is needed to read its values. */
export interface Field {
  name: string;
  type: string;
  kind: TypeKind;
  nullable?: boolean | undefined;
  comment?: string | undefined;
  fields?: Field[] | undefined;
  /** Of decimals: digits after the point. */
  scale?: number | undefined;
  /** Of times: what a raw number counts. */
  unit?: TimeUnit | undefined;
  /** Of timestamps: whether they are in UTC. */
  utc?: boolean | undefined;
  /** The number by which Iceberg knows it. */
  id?: number | undefined;
}

/** A field as people see it. */
export function columnOf({ name, type, kind, nullable, comment, fields }: Field): Column {
  return {
    name,
    type,
    kind,
    ...(nullable !== undefined && { nullable }),
    ...(comment !== undefined && comment !== '' && { comment }),
    ...(fields && { fields: fields.map(columnOf) })
  };
}
