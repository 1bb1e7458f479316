import type { ReactNode } from 'react';
import type { Preview } from '../../../contract/tables/records.js';
import { useModelState } from '../../ui/hooks.js';
import { Failed, Skeleton } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import { Grid } from './grid.js';
import type { PageModel } from './pageModel.js';

/** The first rows, and how many of how many they are. */
export function PreviewView({ page }: { page: PageModel }): ReactNode {
  const trans = useTrans();
  const { preview, rowsOf } = useModelState(page);
  const { value, error, phase } = preview;
  const isPart = rowsOf.partition !== undefined || rowsOf.snapshot !== undefined;
  const asked = rowsOf.partition ?? (rowsOf.snapshot && trans.__('snapshot %1', rowsOf.snapshot));
  return (
    <>
      <p className="jp-LakesideTable-line">
        <span role="status">{value ? words(value, asked, trans.__.bind(trans)) : asked}</span>
        {phase !== 'loading' && (
          <button type="button" className="jp-LakesideTables-link" onClick={() => void page.readPreview()}>
            {trans.__('Read again')}
          </button>
        )}
        {isPart && (
          <button type="button" className="jp-LakesideTables-link" onClick={() => page.showRows({})}>
            {trans.__('Rows of the whole table')}
          </button>
        )}
      </p>
      {error && (
        <Failed title={trans.__('The rows cannot be shown')} error={error} onRetry={() => void page.readPreview()} />
      )}
      {!error && !value && <Skeleton lines={8} label={trans.__('Reading the first rows')} />}
      {value && <Grid preview={value} />}
    </>
  );
}

function words(preview: Preview, asked: string | undefined, say: (text: string, ...values: unknown[]) => string) {
  const { rows, more, cut, of, milliseconds } = preview;
  const many = more ? say('First %1 rows of more', rows.length) : say('All rows: %1', rows.length);
  const where = asked ?? of;
  return [
    where ? say('%1 of %2', many, where) : many,
    cut && say('cut after %1', cut),
    say('read in %1 ms', Math.round(milliseconds))
  ]
    .filter(Boolean)
    .join(' · ');
}
