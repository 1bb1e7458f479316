import '../../../style/base.css';
import '../../../style/schedule.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { CommandIDs } from '../../commands.js';
import { done, failed } from '../notify.js';
import { openNotebook } from '../openNotebook.js';
import { showMenu } from '../../ui/menu.js';
import type { ScheduleWatch } from '../watch/watch.js';
import { createActions } from './actions.js';
import { askBackfill } from './backfill.js';
import { scheduleMenu } from './menu.js';
import { SchedulesWidget } from './widget.js';

/** Makes the list of schedules for the side bar, or for a tab. */
export function createSchedules(options: {
  app: JupyterFrontEnd;
  watch: ScheduleWatch;
  openTab?: () => void;
}): SchedulesWidget {
  const { app, watch, openTab } = options;
  const { trans, schedules: model } = watch;
  const { commands } = app;
  const actions = createActions({
    model,
    commands,
    trans,
    done,
    failed: (message, error) => failed(message, error, trans),
    menu: (summary, button) => showMenu(scheduleMenu(doesTo(summary), trans), button)
  });
  const doesTo = (summary: ScheduleSummary) => {
    const { id: scheduleId, spec } = summary.schedule;
    return {
      edit: () => void commands.execute(CommandIDs.scheduleEdit, { scheduleId }),
      clone: () => void commands.execute(CommandIDs.scheduleEdit, { scheduleId, clone: true }),
      backfill: () =>
        void askBackfill({
          name: spec.name,
          trans,
          today: today(),
          run: async (from, to) => {
            const runs = await model.backfill(scheduleId, from, to);
            model.setOpen(scheduleId, true);
            done(
              runs.length === 0
                ? trans.__('"%1" was not due on these days, or ran well already.', spec.name)
                : trans._n('%1 run of "%2" is queued.', '%1 runs of "%2" are queued.', runs.length, spec.name)
            );
          }
        }),
      openNotebook: () =>
        void openNotebook(spec.notebook.path, {
          commands,
          trans,
          openFile: path => commands.execute('docmanager:open', { path })
        }).catch((error: unknown) => failed(trans.__('The notebook was not opened.'), error, trans)),
      remove: () => actions.remove(summary)
    };
  };
  return new SchedulesWidget({
    model,
    actions,
    trans,
    leave: () => app.shell.currentWidget?.activate(),
    ...(openTab && { openTab })
  });
}

/** The day of the person's calendar. */
function today(): string {
  const now = new Date();
  const two = (number: number) => String(number).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}
