import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { CommandIDs } from '../../commands.js';
import { ICredentials } from '../tokens.js';

/** The profile in use and its time left, in the status bar. */
export const credentialsStatusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:credentials-status',
  description: 'Shows in the status bar who one is, and how long.',
  autoStart: true,
  requires: [ICredentials],
  // Notebook 7 has none.
  optional: [IStatusBar],
  activate: (app: JupyterFrontEnd, credentials: ICredentials, statusBar: IStatusBar | null): void => {
    if (statusBar === null) return;
    void app.restored.then(async () => {
      const [{ addStatusItem }, { model, trans }] = await Promise.all([import('./item.js'), credentials.load()]);
      addStatusItem({ statusBar, model, trans, open: () => void app.commands.execute(CommandIDs.credentials) });
    });
  }
};
