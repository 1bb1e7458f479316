import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands.js';
import { historyIcon } from '../icons.js';
import { ILakesideApi } from '../tokens.js';
import { HistoryTabs } from './tabs.js';

/** The history of saved notebooks: its commands, in the palette, the File menu and the menus of notebooks and files. */
export const historyPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:history',
  description: 'Shows what was kept of notebooks each time they were saved, and restores it.',
  autoStart: true,
  requires: [ILakesideApi, INotebookTracker],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette, IFileBrowserFactory],
  activate: (
    app: JupyterFrontEnd,
    api: ILakesideApi,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    browsers: IFileBrowserFactory | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const tabs = new HistoryTabs({ app, api, tracker, trans, restorer });
    const selected = () =>
      [...(browsers?.tracker.currentWidget?.selectedItems() ?? [])].find(item => item.type === 'notebook')?.path;

    app.commands.addCommand(CommandIDs.notebookHistory, {
      label: trans.__('History'),
      caption: trans.__('Show what was kept of the notebook each time it was saved'),
      icon: historyIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            path: { type: 'string', description: trans.__('Path of the notebook; the current one without it') },
            historyId: { type: 'string', description: trans.__('Instead of a path: a notebook that was deleted') },
            from: { type: 'string', enum: ['browser'] }
          }
        }
      },
      isEnabled: args =>
        typeof args['path'] === 'string' ||
        typeof args['historyId'] === 'string' ||
        args['from'] === 'browser' ||
        tracker.currentWidget !== null,
      execute: args => {
        const { path, historyId } = args;
        if (typeof historyId === 'string') {
          return tabs.open({ kind: 'deleted-notebook', historyId, path: typeof path === 'string' ? path : '' });
        }
        const current = args['from'] === 'browser' ? selected() : tracker.currentWidget?.context.path;
        const chosen = typeof path === 'string' ? path : current;
        return chosen === undefined ? undefined : tabs.open({ kind: 'notebook', path: chosen });
      }
    });
    app.commands.addCommand(CommandIDs.deletedNotebooks, {
      label: trans.__('Deleted Notebooks'),
      caption: trans.__('List the notebooks that were deleted, and bring them back'),
      icon: historyIcon,
      describedBy: { args: { type: 'object', properties: {} } },
      execute: () => tabs.open({ kind: 'deleted' })
    });
    for (const command of [CommandIDs.notebookHistory, CommandIDs.deletedNotebooks]) {
      palette?.addItem({ command, category: trans.__('Lakeside') });
    }
  }
};
