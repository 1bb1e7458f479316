import { Button } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { DueTime } from '../../../contract/schedule/form.js';
import { exactTime } from '../../ui/format.js';
import { useModelState } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import type { DialogModel } from './dialogModel.js';

/** When it is due, in words, and the next times. */
export function Times({ model }: { model: DialogModel }): ReactNode {
  const trans = useTrans();
  const { asking, times, problem } = useModelState(model.times);
  const { draft } = useModelState(model);
  if (problem && draft) {
    return (
      <p className="jp-Lakeside-error" role="alert">
        {problem.message}{' '}
        <Button type="button" className="jp-mod-styled" onClick={() => model.times.retry(draft)}>
          {trans.__('Retry')}
        </Button>
      </p>
    );
  }
  return (
    <div className="jp-LakesideSchedule-times" aria-busy={asking} role="status">
      <p className="jp-LakesideSchedule-words">
        {times?.words ?? (asking ? `${trans.__('Looking at the clock')}…` : '')}
      </p>
      {times && times.next.length === 0 && <p>{trans.__('No such time will come.')}</p>}
      {times && times.next.length > 0 && (
        <ol aria-label={trans.__('Next times')}>
          {times.next.map(due => (
            <li key={due.at} title={trans.__('%1 where you are', exactTime(due.at))}>
              <time dateTime={due.at}>{civilTime(due)}</time>
              {due.note !== undefined && <span className="jp-LakesideSchedule-note">{due.note}</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** What the clock of the zone shows then: "Mon, 23 Nov, 07:30". */
export function civilTime({ civil }: Pick<DueTime, 'civil'>): string {
  return new Date(`${civil.slice(0, 16)}Z`).toLocaleString(undefined, {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23'
  });
}
