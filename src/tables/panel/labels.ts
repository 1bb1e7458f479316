import type { TranslationBundle } from '@jupyterlab/translation';
import { placeOf } from '../refs.js';
import { count, factsOf, sizeOf, snapshotWords, typeOf } from '../words.js';
import type { TreeRow } from './rows.js';

/** What a screen reader says of a row. */
export function labelOf(row: TreeRow, now: number, trans: TranslationBundle): string {
  const said = (...parts: (string | undefined | false)[]) => parts.filter(Boolean).join(', ');
  switch (row.kind) {
    case 'section':
      return row.section === 'favourites' ? trans.__('Favourites') : trans.__('Recent');
    case 'source':
      return said(row.source.label, row.source.description, row.source.index.trouble?.message);
    case 'level':
      return said(
        row.text,
        row.count === undefined ? undefined : trans._n('%1 table', '%1 tables', row.count),
        row.trouble?.message
      );
    case 'table':
      return said(
        row.ref.table,
        typeOf(row.type, trans),
        row.isApart && placeOf(row.ref),
        row.detail && sizeOf(row.detail, trans)
      );
    case 'hit':
      return said(
        row.hit.column && trans.__('column %1', row.hit.column.name),
        row.hit.column?.type,
        row.ref.table,
        placeOf(row.ref)
      );
    case 'unread':
    case 'waiting':
      return trans.__('Loading');
    case 'facts':
      return factsOf(row.detail, now, trans).join(', ');
    case 'comment':
      return row.comment;
    case 'column':
      return said(row.column.name, row.column.type, row.isKey && trans.__('key'), row.column.comment);
    case 'group':
      return row.group === 'partitions'
        ? trans.__('Partitions, the newest %1', row.count)
        : trans.__('Snapshots, %1', row.count);
    case 'partition':
      return said(
        row.partition.name,
        row.partition.rows === undefined ? undefined : trans.__('%1 rows', count(row.partition.rows))
      );
    case 'snapshot':
      return said(row.snapshot.at, snapshotWords(row.snapshot, trans));
    case 'none':
      return noneOf(row.of, trans);
    default:
      return row.problem.message;
  }
}

/** Nothing is below a row. */
export function noneOf(of: 'schemas' | 'tables' | 'columns', trans: TranslationBundle): string {
  if (of === 'schemas') return trans.__('No schemas that you may see');
  if (of === 'tables') return trans.__('No tables that you may see');
  return trans.__('No columns');
}
