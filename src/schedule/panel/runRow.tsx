import { stopIcon } from '@jupyterlab/ui-components';
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { Run } from '../../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { duration } from '../../ui/duration.js';
import { useTrans } from '../../ui/trans.js';
import { dayAndTime, exactIn } from '../moments.js';
import { StateMark } from '../stateMark.js';
import { hasEnded, runDuration, stateWord, triggerWord } from '../states.js';
import { useActions } from './context.js';
import { IconButton } from '../../ui/iconButton.js';
import { Live } from './scheduleRow.js';

/** One run below its schedule. */
export const RunRow = memo(function RunRow(props: {
  summary: ScheduleSummary;
  run: Run;
  isActive: boolean;
  now: number;
}): ReactNode {
  const { summary, run, isActive, now } = props;
  const trans = useTrans();
  const actions = useActions();
  const tabIndex = isActive ? 0 : -1;
  const when = dayAndTime(run.dueAt, now, trans);
  const word = stateWord(run.state, trans);
  const took = runDuration(run, now);
  const why = [triggerWord(run.trigger, trans), run.attempts.length > 1 && trans.__('attempt %1', run.attempts.length)]
    .filter(Boolean)
    .join(' · ');
  return (
    <div className="jp-LakesideSchedule-row jp-mod-run">
      <button
        type="button"
        className="jp-LakesideSchedule-name"
        title={[exactIn(run.dueAt, summary.schedule.spec.when.zone), run.reason].filter(Boolean).join('\n')}
        aria-label={trans.__('Open the run of %1: %2', when, word)}
        tabIndex={tabIndex}
        onClick={() => actions.openRun(run)}
      >
        <StateMark state={run.state} silent />
        <span>{when}</span>
      </button>
      <span className="jp-LakesideSchedule-why" title={run.reason}>
        {run.reason ?? (why || (run.state === 'SUCCEEDED' ? '' : word))}
      </span>
      {run.state === 'RUNNING' ? (
        <Live run={run} />
      ) : (
        <span className="jp-LakesideSchedule-took">{took === undefined ? '' : duration(took, trans)}</span>
      )}
      <span className="jp-LakesideSchedule-actions">
        {!hasEnded(run.state) && (
          <IconButton
            icon={stopIcon}
            title={trans.__('Cancel')}
            label={trans.__('Cancel the run of %1', when)}
            tabIndex={tabIndex}
            onClick={() => actions.cancel(run)}
          />
        )}
      </span>
    </div>
  );
});
