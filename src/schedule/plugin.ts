import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ToolbarButton } from '@jupyterlab/ui-components';
import { CommandIDs } from '../commands.js';
import { scheduleIcon } from '../icons.js';
import { ILakesideApi } from '../tokens.js';
import { addScheduleCommands } from './commands.js';

/** The schedule dialog: on the notebook toolbar, in the palette, the File menu and the file browser's menu. */
export const schedulePlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:schedule',
  description: 'Makes notebooks run by themselves.',
  autoStart: true,
  requires: [ILakesideApi, INotebookTracker],
  optional: [ITranslator, ICommandPalette, IFileBrowserFactory, IToolbarWidgetRegistry],
  activate: (
    app: JupyterFrontEnd,
    api: ILakesideApi,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    browsers: IFileBrowserFactory | null,
    toolbars: IToolbarWidgetRegistry | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const selected = () =>
      [...(browsers?.tracker.currentWidget?.selectedItems() ?? [])].find(item => item.type === 'notebook')?.path;
    addScheduleCommands({ app, api, tracker, trans, selected });
    palette?.addItem({ command: CommandIDs.scheduleCreate, category: trans.__('Lakeside') });
    toolbars?.addFactory<NotebookPanel>(
      'Notebook',
      'lakeside-schedule',
      panel =>
        new ToolbarButton({
          icon: scheduleIcon,
          label: trans.__('Schedule'),
          tooltip: trans.__('Run this notebook by itself, at times that you choose'),
          onClick: () => void app.commands.execute(CommandIDs.scheduleCreate, { path: panel.context.path })
        })
    );
  }
};
