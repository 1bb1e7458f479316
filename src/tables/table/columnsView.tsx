import type { ReactNode } from 'react';
import type { TableDetail } from '../../../contract/tables/records.js';
import type { Column } from '../../../contract/tables/types.js';
import { useTrans } from '../../ui/trans.js';

/** The columns with types and comments; fields of nested ones below them. */
export function ColumnsView({ detail }: { detail: TableDetail }): ReactNode {
  const trans = useTrans();
  const notes = (column: Column, level: number) =>
    [
      level === 0 && detail.primaryKey?.includes(column.name) ? trans.__('primary key') : '',
      level === 0 && detail.partitionedBy?.includes(column.name) ? trans.__('partition') : '',
      column.nullable === false ? trans.__('not null') : ''
    ]
      .filter(Boolean)
      .join(', ');
  const rows = flat(detail.columns, 0, '').map(({ column, level, key }) => ({
    ...{ column, level, key },
    said: [notes(column, level), column.comment].filter(Boolean).join(' · ')
  }));
  const hasNotes = rows.some(({ said }) => said !== '');
  if (rows.length === 0) return <p className="jp-LakesideTable-none">{trans.__('The table has no columns.')}</p>;
  return (
    <table className="jp-LakesideTable-list">
      <thead>
        <tr>
          <th scope="col">{trans.__('Column')}</th>
          <th scope="col">{trans.__('Type')}</th>
          {hasNotes && <th scope="col">{trans.__('Notes')}</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ column, level, key, said }) => (
          <tr key={key}>
            <th scope="row" style={{ paddingInlineStart: 8 + 16 * level }}>
              <bdi>{column.name}</bdi>
            </th>
            <td className="jp-LakesideTable-code">{column.type}</td>
            {hasNotes && <td>{said}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface IFlat {
  column: Column;
  level: number;
  key: string;
}

function flat(columns: readonly Column[], level: number, path: string): IFlat[] {
  return columns.flatMap((column, n) => {
    const key = `${path}${n}.`;
    return [{ column, level, key }, ...flat(column.fields ?? [], level + 1, key)];
  });
}
