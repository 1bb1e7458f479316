import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../../commands.js';
import { scheduleIcon } from '../../icons.js';
import { LazySidePanel } from '../../ui/lazySidePanel.js';
import { LazyWidget } from '../../ui/lazyWidget.js';
import { ISchedules } from '../tokens.js';

/** The schedules of the person: in the side bar, and in a tab. */
export const schedulesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:schedules',
  description: 'Shows the schedules and their runs.',
  autoStart: true,
  requires: [ISchedules],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    schedules: ISchedules,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const create = async (inTab: boolean) => {
      const [{ createSchedules }, watch] = await Promise.all([import('./create.js'), schedules.load()]);
      const openTab = () => void app.commands.execute(CommandIDs.schedules, { area: 'main' });
      return createSchedules({ app, watch, ...(!inTab && { openTab }) });
    };

    const panel = new LazySidePanel({
      load: () => create(false),
      focus: body => body.focusList(),
      failure: trans.__('The schedules could not be loaded. Check your connection, then try again.'),
      trans
    });
    panel.id = 'lakeside-schedules';
    panel.title.icon = scheduleIcon;
    panel.title.caption = trans.__('Schedules');
    app.shell.add(panel, 'left', { rank: 610, type: 'Schedules' });
    restorer?.add(panel, 'lakeside-schedules');

    const tabs = new WidgetTracker<MainAreaWidget>({ namespace: 'lakeside-schedules' });
    void restorer?.restore(tabs, {
      command: CommandIDs.schedules,
      args: () => ({ area: 'main' }),
      name: () => 'schedules'
    });
    const openTab = () => {
      const known = tabs.find(() => true);
      const tab =
        known ?? new MainAreaWidget({ content: new LazyWidget('jp-LakesideSchedule-tab', () => create(true)) });
      if (!known) {
        tab.id = 'lakeside-schedules-tab';
        tab.title.label = trans.__('Schedules');
        tab.title.icon = scheduleIcon;
        tab.title.closable = true;
        tab.toolbar.hide();
        void tabs.add(tab);
      }
      if (!tab.isAttached) app.shell.add(tab, 'main');
      app.shell.activateById(tab.id);
      return tab;
    };

    app.commands.addCommand(CommandIDs.schedules, {
      label: args => (args['area'] === 'main' ? trans.__('Schedules in a Tab') : trans.__('Schedules')),
      caption: trans.__('Show the schedules and their runs'),
      icon: scheduleIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            area: { type: 'string', enum: ['left', 'main'] },
            scheduleId: { type: 'string', description: trans.__('Shows the runs of this schedule') }
          }
        }
      },
      execute: async args => {
        const { scheduleId, area } = args;
        if (typeof scheduleId === 'string') (await schedules.load()).schedules.setOpen(scheduleId, true);
        if (area === 'main') return openTab();
        app.shell.activateById(panel.id);
        return undefined;
      }
    });
    const category = trans.__('Lakeside');
    palette?.addItem({ command: CommandIDs.schedules, category });
    palette?.addItem({ command: CommandIDs.schedules, category, args: { area: 'main' } });
  }
};
