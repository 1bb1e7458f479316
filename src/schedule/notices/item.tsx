import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { TransProvider, useTrans } from '../../ui/trans.js';
import type { SchedulesModel } from '../panel/schedulesModel.js';
import { standingOf } from '../panel/standing.js';

/** Adds "2 running" to the status bar; it is there only while it is true, and opens the list. */
export function addRunningItem(options: {
  statusBar: IStatusBar;
  schedules: SchedulesModel;
  trans: TranslationBundle;
  open: () => void;
}): void {
  const { statusBar, schedules, trans, open } = options;
  const item = ReactWidget.create(
    <TransProvider trans={trans}>
      <RunningLine model={schedules} onOpen={open} />
    </TransProvider>
  );
  item.addClass('jp-LakesideSchedule-running');
  const isActive = () => standingOf(schedules.state.schedules).running > 0;
  // The list changes often, the item seldom.
  const turned = new Signal<object, void>({});
  let was = isActive();
  schedules.stateChanged.connect(() => {
    if (isActive() === was) return;
    was = !was;
    turned.emit();
  });
  statusBar.registerStatusItem('jupyterlab-lakeside:schedules-running', {
    item,
    align: 'left',
    rank: 11,
    isActive,
    activeStateChanged: turned
  });
}

/** How many runs are under way. */
export function RunningLine(props: { model: SchedulesModel; onOpen: () => void }): ReactNode {
  const trans = useTrans();
  const { schedules } = useModelState(props.model);
  const names = schedules.filter(({ recent }) => recent.some(run => run.state === 'RUNNING'));
  return (
    <button
      type="button"
      className="jp-LakesideSchedule-runningLine"
      title={names.map(({ schedule }) => schedule.spec.name).join('\n')}
      aria-label={trans.__('%1 running: show the schedules', standingOf(schedules).running)}
      onClick={props.onOpen}
    >
      <span aria-hidden="true">▸ </span>
      {trans.__('%1 running', standingOf(schedules).running)}
    </button>
  );
}
