import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ILakesideApi } from '../tokens.js';
import { LakesideApi } from './api.js';

/** Provides the way to Lakeside's services. */
export const apiPlugin: JupyterFrontEndPlugin<ILakesideApi> = {
  id: 'jupyterlab-lakeside:api',
  description: 'Provides the typed client of the Lakeside services.',
  autoStart: true,
  provides: ILakesideApi,
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, translator: ITranslator | null): ILakesideApi => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    return new LakesideApi({
      serverSettings: app.serviceManager.serverSettings,
      trans,
      onVersion: running =>
        Notification.warning(
          trans.__('Lakeside %1 runs on the server, and this page is from another version. Reload the page.', running),
          { autoClose: false, actions: [{ label: trans.__('Reload'), callback: () => window.location.reload() }] }
        )
    });
  }
};
