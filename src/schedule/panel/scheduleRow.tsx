import { caretDownIcon, caretRightIcon, ellipsesIcon, pauseIcon, runIcon } from '@jupyterlab/ui-components';
import { memo } from 'react';
import type { ReactNode } from 'react';
import type { RecentRun } from '../../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { resumeIcon } from '../../icons.js';
import { duration } from '../../ui/duration.js';
import { useNow } from '../../ui/hooks.js';
import { ProgressBar } from '../../ui/progress.js';
import { useTrans } from '../../ui/trans.js';
import { exactIn, soon } from '../moments.js';
import { StateMark } from '../stateMark.js';
import { hasEnded, runDuration } from '../states.js';
import { useActions } from './context.js';
import { Dots } from './dots.js';
import { IconButton } from '../../ui/iconButton.js';
import { Sparkline } from './sparkline.js';

/** One schedule: how its last run ended, when the next one is, what can be done. */
export const ScheduleRow = memo(function ScheduleRow(props: {
  summary: ScheduleSummary;
  isOpen: boolean;
  isActive: boolean;
  isBusy: boolean;
  /** By the half minute; the time of a run under way goes by the second in its own part. */
  now: number;
}): ReactNode {
  const { summary, isOpen, isActive, isBusy, now } = props;
  const { schedule, recent } = summary;
  const trans = useTrans();
  const actions = useActions();
  const tabIndex = isActive ? 0 : -1;
  const { name } = schedule.spec;
  const running = recent.find(run => run.state === 'RUNNING');
  const last = running ?? recent.find(run => hasEnded(run.state)) ?? recent[0];
  const paused = schedule.state === 'paused';
  return (
    <div className="jp-LakesideSchedule-row jp-mod-schedule" aria-busy={isBusy || undefined}>
      <button
        type="button"
        className="jp-LakesideSchedule-name"
        aria-expanded={isOpen}
        title={`${name}\n${schedule.spec.notebook.path}`}
        tabIndex={tabIndex}
        onClick={() => actions.setOpen(schedule.id, !isOpen)}
      >
        {isOpen ? <caretDownIcon.react tag="span" /> : <caretRightIcon.react tag="span" />}
        {last ? (
          <StateMark state={last.state} note={exactIn(last.dueAt, schedule.spec.when.zone)} />
        ) : (
          <span className="jp-LakesideSchedule-mark" />
        )}
        <bdi>{name}</bdi>
      </button>
      <Dots runs={recent} onOpen={actions.openRun} />
      {running ? <Live run={running} /> : <Next summary={summary} now={now} paused={paused} />}
      <Sparkline runs={recent} />
      <span className="jp-LakesideSchedule-actions">
        <IconButton
          icon={runIcon}
          title={trans.__('Run now')}
          label={trans.__('Run "%1" now', name)}
          tabIndex={tabIndex}
          disabled={isBusy}
          onClick={() => actions.runNow(summary)}
        />
        <IconButton
          icon={paused ? resumeIcon : pauseIcon}
          title={paused ? trans.__('Resume') : trans.__('Pause')}
          label={paused ? trans.__('Resume "%1"', name) : trans.__('Pause "%1"', name)}
          tabIndex={tabIndex}
          disabled={isBusy}
          onClick={() => (paused ? actions.resume(summary) : actions.pause(summary))}
        />
        <IconButton
          icon={ellipsesIcon}
          title={trans.__('More')}
          label={trans.__('More for "%1"', name)}
          tabIndex={tabIndex}
          hasMenu
          onClick={button => actions.menu(summary, button)}
        />
      </span>
    </div>
  );
});

/** When it is due next. */
function Next(props: { summary: ScheduleSummary; now: number; paused: boolean }): ReactNode {
  const { summary, now, paused } = props;
  const trans = useTrans();
  const { nextDue, spec } = summary.schedule;
  const cron = `${spec.when.cron} · ${spec.when.zone}`;
  if (paused) {
    return (
      <span className="jp-LakesideSchedule-next jp-mod-paused" title={cron}>
        {trans.__('paused')}
      </span>
    );
  }
  if (nextDue === undefined) {
    return (
      <span className="jp-LakesideSchedule-next" title={cron}>
        {trans.__('never due again')}
      </span>
    );
  }
  return (
    <span className="jp-LakesideSchedule-next" title={`${exactIn(nextDue, spec.when.zone)}\n${cron}`}>
      {trans.__('next %1', soon(nextDue, now, trans))}
    </span>
  );
}

/** How far a run under way is. */
export function Live({ run }: { run: RecentRun }): ReactNode {
  const trans = useTrans();
  const now = useNow(1000);
  const { cell, of } = run.progress ?? { cell: 0, of: 0 };
  const took = duration(runDuration(run, now) ?? 0, trans);
  const words = of > 0 ? trans.__('cell %1 of %2', cell, of) : trans.__('starting');
  return (
    <span className="jp-LakesideSchedule-live">
      <span title={`${words} · ${took}`}>
        {words} · {took}
      </span>
      <ProgressBar label={words} fraction={of > 0 ? cell / of : 0} />
    </span>
  );
}
