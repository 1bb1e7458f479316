import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ISchedules } from '../tokens.js';

/** What schedules say by themselves: messages, and the runs under way in the status bar. */
export const noticesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:schedule-notices',
  description: 'Tells of runs that failed or recovered, and shows those under way in the status bar.',
  autoStart: true,
  requires: [ISchedules],
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, schedules: ISchedules, statusBar: IStatusBar | null): void => {
    // Nobody waits for news while JupyterLab starts.
    void app.restored.then(async () => {
      const [{ showNotices }, watch] = await Promise.all([import('./notices.js'), schedules.load()]);
      showNotices({ app, watch, statusBar });
    });
  }
};
