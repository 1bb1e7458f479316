import type { ReactNode } from 'react';
import { useModelState, useNow } from '../../ui/hooks.js';
import { useTrans } from '../../ui/trans.js';
import { exactTime } from '../../ui/format.js';
import { soon } from '../moments.js';
import { StateMark } from '../stateMark.js';
import type { SchedulesModel } from './schedulesModel.js';
import { standingOf } from './standing.js';

/** Did they run, when is the next one? In one line. */
export function Headline({ model }: { model: SchedulesModel }): ReactNode {
  const trans = useTrans();
  const now = useNow(30_000);
  const { phase, schedules } = useModelState(model);
  if (phase !== 'ready' || schedules.length === 0) return null;
  const { running, failing, hasRun, paused, next } = standingOf(schedules);
  return (
    <p className="jp-LakesideSchedule-headline">
      <StateMark state={failing > 0 ? 'FAILED' : hasRun ? 'SUCCEEDED' : running > 0 ? 'RUNNING' : 'QUEUED'} silent />
      <span>
        {failing > 0
          ? trans._n('%1 schedule did not run well', '%1 schedules did not run well', failing)
          : hasRun
            ? trans.__('All ran well')
            : running > 0
              ? trans.__('The first run is under way')
              : trans.__('Nothing has run yet')}
        {running > 0 && (hasRun || failing > 0) && ` · ${trans.__('%1 running', running)}`}
        {paused > 0 && ` · ${trans.__('%1 paused', paused)}`}
        {next !== undefined && (
          <>
            {' · '}
            <span title={exactTime(next)}>{trans.__('next %1', soon(next, now, trans))}</span>
          </>
        )}
      </span>
    </p>
  );
}
