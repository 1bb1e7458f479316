import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { IRenderMimeRegistry } from '@jupyterlab/rendermime';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../../commands.js';
import { scheduleIcon } from '../../icons.js';
import { LazyWidget } from '../../ui/lazyWidget.js';
import { ISchedules } from '../tokens.js';

const PREFIX = 'lakeside-run-';

/** The pages of runs, in tabs. */
export const runPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:schedule-run',
  description: 'Shows a run of a schedule: how it stands, its outputs, what changed.',
  autoStart: true,
  requires: [ISchedules, INotebookTracker, IRenderMimeRegistry],
  optional: [ITranslator, ILayoutRestorer],
  activate: (
    app: JupyterFrontEnd,
    schedules: ISchedules,
    tracker: INotebookTracker,
    rendermime: IRenderMimeRegistry,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const tabs = new WidgetTracker<MainAreaWidget>({ namespace: 'lakeside-runs' });
    void restorer?.restore(tabs, {
      command: CommandIDs.scheduleRun,
      args: tab => ({ runId: tab.id.slice(PREFIX.length) }),
      name: tab => tab.id
    });
    const create = (runId: string): MainAreaWidget => {
      const content = new LazyWidget('jp-LakesideRun-place', async () => {
        const [{ createRunPage }, watch] = await Promise.all([import('./create.js'), schedules.load()]);
        const onName = (name: string) => {
          tab.title.label = trans.__('Run of %1', name);
        };
        return createRunPage({ app, tracker, rendermime, watch, runId, onName });
      });
      const tab = new MainAreaWidget({ content });
      tab.id = PREFIX + runId;
      tab.title.label = trans.__('Run');
      tab.title.icon = scheduleIcon;
      tab.title.closable = true;
      tab.toolbar.hide();
      void tabs.add(tab);
      return tab;
    };

    app.commands.addCommand(CommandIDs.scheduleRun, {
      label: trans.__('Open Run'),
      caption: trans.__('Show how a run of a schedule stands'),
      icon: scheduleIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: { runId: { type: 'string', description: trans.__('Id of the run') } },
          required: ['runId']
        }
      },
      isEnabled: args => typeof args['runId'] === 'string',
      execute: args => {
        const runId = String(args['runId']);
        const tab = tabs.find(each => each.id === PREFIX + runId) ?? create(runId);
        if (!tab.isAttached) app.shell.add(tab, 'main');
        app.shell.activateById(tab.id);
        return tab;
      }
    });
  }
};
