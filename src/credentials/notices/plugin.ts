import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICredentials } from '../tokens.js';

/** What sign-ins say by themselves: the first prompt, and reminders before the end. */
export const credentialsNoticesPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:credentials-notices',
  description: 'Asks for the first sign-in, and reminds before a session ends.',
  autoStart: true,
  requires: [ICredentials],
  activate: (app: JupyterFrontEnd, credentials: ICredentials): void => {
    void app.restored.then(async () => {
      const [{ showNotices }, watch] = await Promise.all([import('./notices.js'), credentials.load()]);
      showNotices({ app, watch });
    });
  }
};
