import '../../../style/schedule.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { IStatusBar } from '@jupyterlab/statusbar';
import { pause } from '../../api/http.js';
import { CommandIDs } from '../../commands.js';
import type { ScheduleWatch } from '../watch/watch.js';
import { addRunningItem } from './item.js';
import { Toasts } from './toasts.js';

const SUCCESS_MS = 10_000;

/** Shows what schedules say by themselves. */
export function showNotices(options: {
  app: JupyterFrontEnd;
  watch: ScheduleWatch;
  statusBar: IStatusBar | null;
}): void {
  const { app, watch, statusBar } = options;
  const { client, news, schedules, trans } = watch;
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
  // The runs under way are counted from the list.
  void schedules.refresh();
  if (statusBar) {
    const open = () => void app.commands.execute(CommandIDs.schedules);
    addRunningItem({ statusBar, schedules, trans, open });
  }
}
