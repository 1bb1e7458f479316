import { Button } from '@jupyterlab/ui-components';
import { useEffect } from 'react';
import type { ReactNode } from 'react';
import { Changes, countWords } from '../../ui/changes/changes.js';
import { exactTime } from '../../ui/format.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Empty, Failed, Skeleton } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import { dayAndTime } from '../moments.js';
import type { DiffModel } from './diffModel.js';

/** What changed in the output against the last good run before it, cell by cell, pictures side by side. */
export function DiffView(props: { model: DiffModel; onOpenRun: (runId: string) => void }): ReactNode {
  const { model, onOpenRun } = props;
  const trans = useTrans();
  const now = useNow(60_000);
  const { phase, diff, error } = useModelState(model);
  useEffect(() => void model.ensure(), [model]);
  if (phase === 'failed' && error) {
    return (
      <Failed title={trans.__('The outputs cannot be compared')} error={error} onRetry={() => void model.refresh()} />
    );
  }
  if (diff === undefined) return <Skeleton lines={5} label={trans.__('Comparing')} />;
  const { against } = diff;
  if (against === undefined) {
    return (
      <Empty title={trans.__('There is nothing to compare with')}>
        {trans.__('No good run came before this one. The next one is compared with the last that ran well.')}
      </Empty>
    );
  }
  const changes = diff.cells.filter(change => change.kind !== 'same' || change.outputs === 'changed');
  return (
    <>
      <div className="jp-LakesideRun-against">
        <span title={exactTime(against.dueAt)}>
          {trans.__('Compared with the last good run, %1', dayAndTime(against.dueAt, now, trans))}
        </span>
        <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => onOpenRun(against.id)}>
          {trans.__('Open that run')}
        </Button>
      </div>
      {changes.length === 0 ? (
        <p className="jp-LakesideRun-none">{trans.__('The output is the same, cell by cell.')}</p>
      ) : (
        <Changes
          id={`${diff.run.id}-${against.id}`}
          changes={changes}
          summary={countWords(diff, trans).join(' · ')}
          cell={model.cell}
          texts
        />
      )}
    </>
  );
}
