import type { TranslationBundle } from '@jupyterlab/translation';
import type { Snapshot, TableDetail } from '../../contract/tables/records.js';
import type { TableType } from '../../contract/tables/types.js';
import { ago, fileSize, wholeNumber } from '../ui/format.js';

/** How many, in few words: "336,776", "1.2 M". */
export function count(value: number): string {
  if (value < 1_000_000) return wholeNumber(value);
  return Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** The rows of a table: "336,776 rows", "about 1.2 M rows". */
export function rowsOf(rows: NonNullable<TableDetail['rows']>, trans: TranslationBundle): string {
  const words = trans._n('%2 row', '%2 rows', rows.count, count(rows.count));
  return rows.estimated ? trans.__('about %1', words) : words;
}

/** Rows and columns: "336,776 rows · 19 columns". */
export function sizeOf(detail: TableDetail, trans: TranslationBundle): string {
  const columns = trans._n('%1 column', '%1 columns', detail.columns.length);
  return detail.rows ? `${rowsOf(detail.rows, trans)} · ${columns}` : columns;
}

/** What else is known: "Parquet", "12 MB", "changed 3 min ago", "owner ada". */
export function factsOf(detail: TableDetail, now: number, trans: TranslationBundle): string[] {
  const { format, bytes, updatedAt, owner } = detail;
  return [
    format,
    bytes === undefined ? undefined : fileSize(bytes),
    updatedAt && trans.__('changed %1', ago(updatedAt, now, trans)),
    owner && trans.__('owner %1', owner)
  ].filter(fact => fact !== undefined && fact !== '') as string[];
}

/** What a name in a schema stands for, where it is no plain table. */
export function typeOf(type: TableType | undefined, trans: TranslationBundle): string | undefined {
  if (type === 'view') return trans.__('view');
  if (type === 'materialized-view') return trans.__('materialized view');
  if (type === 'external') return trans.__('external');
  return undefined;
}

/** What a snapshot did: "append · +1,200 rows". */
export function snapshotWords(snapshot: Snapshot, trans: TranslationBundle): string {
  const { operation, addedRows, current } = snapshot;
  return [
    current ? trans.__('current') : undefined,
    operation,
    addedRows === undefined ? undefined : trans.__('+%1 rows', count(addedRows))
  ]
    .filter(Boolean)
    .join(' · ');
}
