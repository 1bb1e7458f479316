import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { IStateDB } from '@jupyterlab/statedb';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands.js';
import { tablesIcon } from '../icons.js';
import { ILakesideApi } from '../tokens.js';
import { LazySidePanel } from '../ui/lazySidePanel.js';
import type { ITablesDesk } from './desk.js';
import { openLinked } from './link.js';
import { TableTabs } from './tabs.js';

/** Tables of databases and lakes: a panel in the side bar, and a page for each table. */
export const tablesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:tables',
  description: 'Finds tables, shows what is in them, and writes code that reads them.',
  autoStart: true,
  requires: [ILakesideApi],
  optional: [ITranslator, INotebookTracker, ILayoutRestorer, ICommandPalette, ISettingRegistry, IStateDB],
  activate: (
    app: JupyterFrontEnd,
    api: ILakesideApi,
    translator: ITranslator | null,
    notebooks: INotebookTracker | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    state: IStateDB | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    let made: Promise<ITablesDesk> | undefined;
    const desk = () =>
      (made ??= import('./desk.js')
        .then(({ createDesk }) => createDesk({ app, api, notebooks, state, trans }))
        .catch((error: unknown) => {
          // A later look tries again.
          made = undefined;
          throw error;
        }));

    const panel = new LazySidePanel({
      load: async () => {
        const settings = registry?.load(tablesPlugin.id).catch(() => null) ?? null;
        const [{ createPanel }, ready, set] = await Promise.all([import('./panel/create.js'), desk(), settings]);
        const insertsOnSelect = () => set?.get('insertOnSelect').composite === true;
        return createPanel({ desk: ready, insertsOnSelect, leave: () => app.shell.currentWidget?.activate() });
      },
      focus: body => body.focusSearch(),
      failure: trans.__('The tables could not be loaded. Check your connection, then try again.'),
      trans
    });
    panel.id = 'lakeside-tables';
    panel.title.icon = tablesIcon;
    panel.title.caption = trans.__('Tables');
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', trans.__('Tables'));
    app.shell.add(panel, 'left', { rank: 605, type: 'Tables' });
    restorer?.add(panel, 'lakeside-tables');

    app.commands.addCommand(CommandIDs.tables, {
      label: trans.__('Tables'),
      caption: trans.__('Find a table, see what is in it, and write code that reads it'),
      icon: tablesIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: { query: { type: 'string', description: trans.__('A name to search for') } }
        }
      },
      execute: async args => {
        app.shell.activateById(panel.id);
        if (typeof args['query'] === 'string') (await panel.body()).search(args['query']);
      }
    });
    new TableTabs({ app, desk, restorer, trans }).addCommand();
    palette?.addItem({ command: CommandIDs.tables, category: trans.__('Lakeside') });
    openLinked(app);
  }
};
