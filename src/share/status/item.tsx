import type { IStatusBar } from '@jupyterlab/statusbar';
import { showPopup } from '@jupyterlab/statusbar';
import type { Popup } from '@jupyterlab/statusbar';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ReactWidget } from '@jupyterlab/ui-components';
import type { ReactElement, ReactNode } from 'react';
import { duration } from '../../ui/duration.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { ProgressBar } from '../../ui/progress.js';
import { TransProvider, useTrans } from '../../ui/trans.js';
import { fractionOf } from '../jobModel.js';
import type { IRunning, RunningModel } from '../runningModel.js';
import { doing } from '../words.js';

/** Adds "2 shares running" to the status bar; it is there only while it is true. */
export function addRunningItem(options: {
  statusBar: IStatusBar;
  running: RunningModel;
  trans: TranslationBundle;
}): void {
  const { statusBar, running, trans } = options;
  const item = new RunningItem(running, trans);
  statusBar.registerStatusItem('jupyterlab-lakeside:running', {
    item,
    align: 'left',
    rank: 10,
    isActive: () => running.state.running.length > 0,
    activeStateChanged: running.stateChanged as never
  });
}

/** The line in the status bar; pressing it shows each share with its bar and Cancel. */
export class RunningItem extends ReactWidget {
  constructor(running: RunningModel, trans: TranslationBundle) {
    super();
    this._running = running;
    this._trans = trans;
    this.addClass('jp-LakesideShare-running');
  }

  protected override render(): ReactElement {
    return (
      <TransProvider trans={this._trans}>
        <RunningLine running={this._running} onOpen={() => this._toggle()} />
      </TransProvider>
    );
  }

  private _toggle(): void {
    if (this._popup && !this._popup.isDisposed) {
      this._popup.dispose();
      return;
    }
    const list = ReactWidget.create(
      <TransProvider trans={this._trans}>
        <RunningList running={this._running} />
      </TransProvider>
    );
    list.addClass('jp-LakesideShare-runningList');
    this._popup = showPopup({ body: list, anchor: this, align: 'left', hasDynamicSize: true });
  }

  private readonly _running: RunningModel;
  private readonly _trans: TranslationBundle;
  private _popup: Popup | null = null;
}

/** How many shares are under way. */
export function RunningLine(props: { running: RunningModel; onOpen: () => void }): ReactNode {
  const trans = useTrans();
  const { running } = useModelState(props.running);
  return (
    <button
      type="button"
      className="jp-LakesideShare-runningLine"
      aria-haspopup="dialog"
      title={running.map(each => each.name).join('\n')}
      onClick={props.onOpen}
    >
      <span aria-hidden="true">▸ </span>
      {trans._n('%1 share running', '%1 shares running', running.length)}
    </button>
  );
}

/** The shares under way, each with its step, its bar and Cancel. */
export function RunningList(props: { running: RunningModel }): ReactNode {
  const trans = useTrans();
  const { running } = useModelState(props.running);
  if (running.length === 0) return <p role="status">{trans.__('No share is running.')}</p>;
  return (
    <ul aria-label={trans.__('Shares under way')}>
      {running.map(each => (
        <RunningRow key={each.job.id} {...each} />
      ))}
    </ul>
  );
}

function RunningRow({ job, name }: IRunning): ReactNode {
  const trans = useTrans();
  const state = useModelState(job);
  const now = useNow(1000);
  return (
    <li>
      <span className="jp-LakesideShare-runningName">{name}</span>
      <span className="jp-LakesideShare-detail">
        {doing(state, trans)} · {duration(now - state.startedAt, trans)}
      </span>
      <ProgressBar label={trans.__('Sharing %1', name)} fraction={fractionOf(state.job)} />
      <button
        type="button"
        className="jp-Button jp-mod-styled jp-mod-reject"
        disabled={state.cancelling}
        aria-label={trans.__('Cancel sharing %1', name)}
        onClick={() => void job.cancel().catch(() => undefined)}
      >
        {state.cancelling ? trans.__('Cancelling') : trans.__('Cancel')}
      </button>
    </li>
  );
}
