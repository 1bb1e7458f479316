import type { IStatusBar } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import { Signal } from '@lumino/signaling';
import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { TransProvider, useTrans } from '../../ui/trans.js';
import type { RunningModel } from './runningModel.js';

/** Adds "2 running" to the status bar; it is there only while it is true, and opens the list. */
export function addRunningItem(options: {
  statusBar: IStatusBar;
  running: RunningModel;
  trans: TranslationBundle;
  open: () => void;
}): void {
  const { statusBar, running, trans, open } = options;
  const item = ReactWidget.create(
    <TransProvider trans={trans}>
      <RunningLine model={running} onOpen={open} />
    </TransProvider>
  );
  item.addClass('jp-LakesideSchedule-running');
  const isActive = () => running.state.ids.size > 0;
  const turned = new Signal<object, void>({});
  running.stateChanged.connect(() => turned.emit());
  statusBar.registerStatusItem('jupyterlab-lakeside:schedules-running', {
    item,
    align: 'left',
    rank: 11,
    isActive,
    activeStateChanged: turned
  });
}

/** How many runs are under way. */
export function RunningLine(props: { model: RunningModel; onOpen: () => void }): ReactNode {
  const trans = useTrans();
  const { size } = useModelState(props.model).ids;
  return (
    <button
      type="button"
      className="jp-LakesideSchedule-runningLine"
      title={trans.__('Show the schedules')}
      onClick={props.onOpen}
    >
      <span aria-hidden="true">▸ </span>
      {trans._n('%1 run running', '%1 runs running', size)}
    </button>
  );
}
