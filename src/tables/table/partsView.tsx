import type { ReactNode } from 'react';
import type { TableDetail } from '../../../contract/tables/records.js';
import { ago, exactTime, fileSize } from '../../ui/format.js';
import { useNow } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import { count } from '../words.js';
import type { PageModel } from './pageModel.js';

/** The newest partitions; each leads to its rows. */
export function PartitionsView({ detail, page }: { detail: TableDetail; page: PageModel }): ReactNode {
  const trans = useTrans();
  const now = useNow(60_000);
  const newest = detail.partitions?.newest ?? [];
  const by = detail.partitionedBy?.join(', ');
  // Not every source tells when a partition changed.
  const hasTimes = newest.some(({ updatedAt }) => updatedAt !== undefined);
  const said = [
    by && trans.__('Partitioned by %1.', by),
    detail.partitions?.more ? trans.__('The newest %1 of more.', newest.length) : ''
  ].filter(Boolean);
  return (
    <>
      {said.length > 0 && <p className="jp-LakesideTable-line">{said.join(' ')}</p>}
      <table className="jp-LakesideTable-list">
        <thead>
          <tr>
            <th scope="col">{trans.__('Partition')}</th>
            <th scope="col" className="jp-mod-number">
              {trans.__('Rows')}
            </th>
            <th scope="col" className="jp-mod-number">
              {trans.__('Size')}
            </th>
            {hasTimes && <th scope="col">{trans.__('Changed')}</th>}
          </tr>
        </thead>
        <tbody>
          {newest.map(({ name, rows, bytes, updatedAt }) => (
            <tr key={name}>
              <th scope="row">
                <button
                  type="button"
                  className="jp-LakesideTables-link"
                  title={trans.__('Show its rows')}
                  onClick={() => page.showRows({ partition: name })}
                >
                  {name}
                </button>
              </th>
              <td className="jp-mod-number">{rows === undefined ? '' : count(rows)}</td>
              <td className="jp-mod-number">{bytes === undefined ? '' : fileSize(bytes)}</td>
              {hasTimes && <td title={updatedAt && exactTime(updatedAt)}>{updatedAt && ago(updatedAt, now, trans)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** The snapshots that can be read still, the newest first; each leads to its rows. */
export function SnapshotsView({ detail, page }: { detail: TableDetail; page: PageModel }): ReactNode {
  const trans = useTrans();
  const now = useNow(60_000);
  const snapshots = detail.snapshots ?? [];
  return (
    <table className="jp-LakesideTable-list">
      <thead>
        <tr>
          <th scope="col">{trans.__('Written')}</th>
          <th scope="col">{trans.__('What')}</th>
          <th scope="col" className="jp-mod-number">
            {trans.__('Added')}
          </th>
          <th scope="col" className="jp-mod-number">
            {trans.__('Rows then')}
          </th>
          <th scope="col">{trans.__('Snapshot')}</th>
        </tr>
      </thead>
      <tbody>
        {snapshots.map(({ id, at, operation, addedRows, rows, current }) => (
          <tr key={id}>
            <th scope="row" title={exactTime(at)}>
              {ago(at, now, trans)}
              {current ? ` · ${trans.__('current')}` : ''}
            </th>
            <td>{operation}</td>
            <td className="jp-mod-number">{addedRows === undefined ? '' : count(addedRows)}</td>
            <td className="jp-mod-number">{rows === undefined ? '' : count(rows)}</td>
            <td>
              <button
                type="button"
                className="jp-LakesideTables-link jp-LakesideTable-code"
                title={trans.__('Show the rows as they were')}
                onClick={() => page.showRows({ snapshot: id })}
              >
                {id}
              </button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
