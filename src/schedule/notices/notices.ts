import '../../../style/schedule/notices.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { IStatusBar } from '@jupyterlab/statusbar';
import { pause } from '../../api/http.js';
import { CommandIDs } from '../../commands.js';
import type { ScheduleWatch } from '../watch/watch.js';
import { addRunningItem } from './item.js';
import { RunningModel } from './runningModel.js';
import { Toasts } from './toasts.js';

const SUCCESS_MS = 10_000;

/** Shows what schedules say by themselves. */
export function showNotices(options: {
  app: JupyterFrontEnd;
  watch: ScheduleWatch;
  statusBar: IStatusBar | null;
}): void {
  const { app, watch, statusBar } = options;
  const { client, background, news, trans } = watch;
  const toasts = new Toasts({
    client,
    isSeen: () => !document.hidden,
    wait: milliseconds => pause(milliseconds),
    show: (toast, kind) =>
      void Notification.emit(`${toast.title} ${toast.text}`.trim(), kind, {
        // What went wrong stays until somebody has seen it.
        autoClose: kind === 'error' || kind === 'warning' ? false : SUCCESS_MS,
        actions: [
          {
            label: trans.__('Open run'),
            displayType: 'accent',
            callback: () => void app.commands.execute(CommandIDs.scheduleRun, { runId: toast.runId })
          }
        ]
      })
  });
  news.news.connect((_, each) => {
    if (each.type === 'toast') void toasts.take(each.toast);
  });
  const running = new RunningModel(background);
  news.connected.connect(() => void running.refresh());
  news.news.connect((_, each) => running.hear(each));
  void running.refresh();
  if (statusBar) {
    addRunningItem({ statusBar, running, trans, open: () => void app.commands.execute(CommandIDs.schedules) });
  }
}
