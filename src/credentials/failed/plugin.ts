import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { INotebookTracker } from '@jupyterlab/notebook';
import { ICredentials } from '../tokens.js';

/** Asks for a sign-in where a cell failed on keys that ended, and offers to run it again. */
export const failedCellsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:credentials-failed-cells',
  description: 'Offers a sign-in, then the cell again, where a cell failed on a session that ended.',
  autoStart: true,
  requires: [ICredentials, INotebookTracker],
  activate: (app: JupyterFrontEnd, credentials: ICredentials, notebooks: INotebookTracker): void => {
    void app.restored.then(async () => {
      const [{ watchCells }, watch] = await Promise.all([import('./cells.js'), credentials.load()]);
      watchCells({ app, notebooks, watch });
    });
  }
};
