import type { ReactNode } from 'react';
import type { ColumnProfile, Profile } from '../../../contract/tables/records.js';
import { useModelState } from '../../ui/hooks.js';
import { Failed, Skeleton } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import { count } from '../words.js';
import { Histogram } from './histogram.js';
import type { PageModel } from './pageModel.js';

/** What the values of each column are like. */
export function ProfileView({ page }: { page: PageModel }): ReactNode {
  const trans = useTrans();
  const { value, error } = useModelState(page).profile;
  if (error) {
    return (
      <Failed title={trans.__('The values cannot be shown')} error={error} onRetry={() => void page.readProfile()} />
    );
  }
  if (!value) return <Skeleton lines={8} label={trans.__('Looking at the values')} />;
  return (
    <>
      <p className="jp-LakesideTable-line" role="status">
        {value.complete
          ? trans.__('All %1 rows were looked at, in %2 ms.', count(value.rows), Math.round(value.milliseconds))
          : trans.__(
              'The first %1 rows were looked at, in %2 ms; there are more.',
              count(value.rows),
              Math.round(value.milliseconds)
            )}
      </p>
      <table className="jp-LakesideTable-list jp-mod-profile">
        <thead>
          <tr>
            <th scope="col">{trans.__('Column')}</th>
            <th scope="col" className="jp-mod-number">
              {trans.__('Missing')}
            </th>
            <th scope="col" className="jp-mod-number">
              {trans.__('Distinct')}
            </th>
            <th scope="col">{trans.__('Smallest')}</th>
            <th scope="col">{trans.__('Largest')}</th>
            <th scope="col">{trans.__('Values')}</th>
          </tr>
        </thead>
        <tbody>
          {value.columns.map((column, n) => (
            <ProfileRow key={n} column={column} profile={value} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function ProfileRow({ column, profile }: { column: ColumnProfile; profile: Profile }): ReactNode {
  const trans = useTrans();
  const { name, type, nulls, distinct, min, max, mean, histogram, top } = column;
  return (
    <tr>
      <th scope="row">
        <bdi>{name}</bdi> <span className="jp-LakesideTables-type">{type}</span>
      </th>
      <td className="jp-mod-number" title={trans.__('%1 of %2', count(nulls), count(profile.rows))}>
        {percent(nulls, profile.rows)}
      </td>
      <td className="jp-mod-number">{count(distinct)}</td>
      <td className="jp-LakesideTable-value" title={min}>
        {min}
      </td>
      <td className="jp-LakesideTable-value" title={max}>
        {max}
      </td>
      <td>
        {histogram && histogram.length > 0 ? (
          <span className="jp-LakesideTable-histogram">
            <Histogram bars={histogram} name={name} />
            {mean !== undefined && <span className="jp-LakesideTables-quiet">{trans.__('mean %1', short(mean))}</span>}
          </span>
        ) : (
          <Top top={top ?? []} rows={profile.rows} />
        )}
      </td>
    </tr>
  );
}

/** The most frequent values, with how often. */
function Top({ top, rows }: { top: NonNullable<ColumnProfile['top']>; rows: number }): ReactNode {
  if (top.length === 0) return null;
  return (
    <ul className="jp-LakesideTable-top">
      {top.slice(0, 5).map(({ value, count: times }, n) => (
        <li key={n} title={`${value}: ${count(times)}`}>
          <bdi>{value === '' ? '""' : value}</bdi>{' '}
          <span className="jp-LakesideTables-quiet">{percent(times, rows)}</span>
        </li>
      ))}
    </ul>
  );
}

function percent(part: number, whole: number): string {
  if (part === 0 || whole === 0) return '0 %';
  const value = (100 * part) / whole;
  return value < 1 ? '< 1 %' : `${value > 99 && value < 100 ? '> 99' : Math.round(value)} %`;
}

function short(value: number): string {
  return value.toLocaleString(undefined, { maximumSignificantDigits: 4 });
}
