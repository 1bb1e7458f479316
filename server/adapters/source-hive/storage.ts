import type { HiveTable } from './metastore.js';
import { hiveField } from './types.js';
import type { Field } from '../common/lake/fields.js';

/** How a table is stored. `other` can be told and not read. */
export type Storage =
  | { kind: 'parquet'; text: string }
  | { kind: 'csv'; text: string; delimiter: string; header: boolean }
  | { kind: 'iceberg'; text: string; metadata: string }
  | { kind: 'view'; text: string }
  | { kind: 'other'; text: string };

export function storageOf({ inputFormat, serializer, serializerSettings, parameters, type }: HiveTable): Storage {
  if (type === 'VIRTUAL_VIEW') return { kind: 'view', text: 'Hive view' };
  const metadata = parameters.get('metadata_location');
  if (parameters.get('table_type')?.toUpperCase() === 'ICEBERG' && metadata !== undefined)
    return { kind: 'iceberg', text: 'Iceberg', metadata };
  const provider = parameters.get('spark.sql.sources.provider')?.toLowerCase();
  if (/parquet/i.test(inputFormat) || provider === 'parquet') return { kind: 'parquet', text: 'Parquet' };
  const header = Number(parameters.get('skip.header.line.count') ?? 0) > 0 || serializerSettings.get('header') === 'true';
  if (/OpenCSVSerde/i.test(serializer))
    return { kind: 'csv', text: 'CSV', delimiter: serializerSettings.get('separatorChar') ?? ',', header };
  if (provider === 'csv')
    return { kind: 'csv', text: 'CSV', delimiter: serializerSettings.get('sep') ?? serializerSettings.get('delimiter') ?? ',', header };
  if (/TextInputFormat/.test(inputFormat) && /LazySimpleSerDe/.test(serializer)) {
    const delimiter = serializerSettings.get('field.delim') ?? '\u0001';
    if (delimiter.length === 1) return { kind: 'csv', text: 'Text', delimiter, header };
  }
  const name = /\.(\w+?)(InputFormat)?$/.exec(inputFormat)?.[1] ?? provider;
  return { kind: 'other', text: name ?? 'unknown' };
}

/** The columns of a table, those of its partitions last. */
export function fieldsOf({ columns, partitionKeys }: HiveTable): { own: Field[]; partitioned: Field[] } {
  const field = ({ name, type, comment }: HiveTable['columns'][number]): Field => hiveField(name, type, comment);
  return { own: columns.map(field), partitioned: partitionKeys.map(field) };
}
