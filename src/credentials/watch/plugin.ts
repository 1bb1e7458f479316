import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { ILakesideApi } from '../../tokens.js';
import { ICredentials } from '../tokens.js';
import type { CredentialsWatch } from './watch.js';

/** Provides what is known of sign-ins to the plugins that show it. */
export const credentialsWatchPlugin: JupyterFrontEndPlugin<ICredentials> = {
  id: 'jupyterlab-lakeside:credentials-watch',
  description: 'Follows the sign-ins of the person.',
  autoStart: true,
  provides: ICredentials,
  requires: [ILakesideApi],
  optional: [ITranslator],
  activate: (app: JupyterFrontEnd, api: ILakesideApi, translator: ITranslator | null): ICredentials => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    let loading: Promise<CredentialsWatch> | undefined;
    return {
      load: () =>
        (loading ??= import('./watch.js')
          .then(({ createWatch }) =>
            createWatch({ api, trans, returnFocus: () => app.shell.currentWidget?.activate() })
          )
          .catch((error: unknown) => {
            // A later call tries again: the chunk may have been unreachable for a moment.
            loading = undefined;
            throw error;
          }))
    };
  }
};
