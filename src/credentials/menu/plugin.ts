import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICredentials } from '../tokens.js';

/** The menu of sign-ins. */
export const credentialsMenuPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:credentials-menu',
  description: 'A menu with a sign-in for each profile.',
  autoStart: true,
  requires: [ICredentials],
  activate: (app: JupyterFrontEnd, credentials: ICredentials): void => {
    void app.restored.then(async () => {
      const [{ addMenu }, watch] = await Promise.all([import('./menu.js'), credentials.load()]);
      addMenu({ app, watch });
    });
  }
};
