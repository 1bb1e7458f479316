import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IStatusBar } from '@jupyterlab/statusbar';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { IShares } from '../tokens.js';

/** The shares under way, in the status bar. */
export const statusPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:share-status',
  description: 'Shows the shares under way in the status bar.',
  autoStart: true,
  requires: [IShares],
  optional: [ITranslator, IStatusBar],
  activate: (
    _: JupyterFrontEnd,
    shares: IShares,
    translator: ITranslator | null,
    statusBar: IStatusBar | null
  ): void => {
    if (statusBar === null) return;
    const trans = (translator ?? nullTranslator).load('lakeside');
    // There is nothing to show before somebody shares.
    void shares.loaded.then(async ({ running }) => {
      const { addRunningItem } = await import('./item.js');
      addRunningItem({ statusBar, running, trans });
    });
  }
};
