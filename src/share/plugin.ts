import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { IFileBrowserFactory } from '@jupyterlab/filebrowser';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../commands.js';
import { ILakesideApi } from '../tokens.js';
import { addShareCommands } from './commands.js';
import { createShares } from './shares.js';
import { IShares } from './tokens.js';

/** Sharing a notebook: its commands, in the palette, the File menu and the file browser's menu. */
export const sharePlugin: JupyterFrontEndPlugin<IShares> = {
  id: 'jupyterlab-lakeside:share',
  description: 'Shares notebooks to the Library.',
  autoStart: true,
  provides: IShares,
  requires: [ILakesideApi, INotebookTracker],
  optional: [ITranslator, ICommandPalette, ISettingRegistry, IFileBrowserFactory],
  activate: (
    app: JupyterFrontEnd,
    api: ILakesideApi,
    tracker: INotebookTracker,
    translator: ITranslator | null,
    palette: ICommandPalette | null,
    registry: ISettingRegistry | null,
    browsers: IFileBrowserFactory | null
  ): IShares => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const shares = createShares({ app, api, tracker, trans, registry, pluginId: sharePlugin.id });
    const selectedPaths = () => {
      const selected = [...(browsers?.tracker.currentWidget?.selectedItems() ?? [])];
      return selected.filter(item => item.type === 'notebook').map(item => item.path);
    };
    addShareCommands({ app, tracker, shares, trans, selectedPaths });
    for (const command of [CommandIDs.share, CommandIDs.configure, CommandIDs.openPage, CommandIDs.openHistory]) {
      palette?.addItem({ command, category: trans.__('Lakeside') });
    }
    return shares;
  }
};
