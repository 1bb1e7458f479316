import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IToolbarWidgetRegistry } from '@jupyterlab/apputils';
import type { NotebookPanel } from '@jupyterlab/notebook';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { LazyWidget } from '../../ui/lazyWidget.js';
import { IShares } from '../tokens.js';

/** The Share button of the notebook toolbar, with the state of the page and a menu. */
export const toolbarPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:share-toolbar',
  description: 'Adds Share to the notebook toolbar, with the state of its page.',
  autoStart: true,
  requires: [IShares, IToolbarWidgetRegistry],
  optional: [ITranslator, ISettingRegistry],
  activate: (
    app: JupyterFrontEnd,
    shares: IShares,
    toolbars: IToolbarWidgetRegistry,
    translator: ITranslator | null,
    registry: ISettingRegistry | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    toolbars.addFactory<NotebookPanel>(
      'Notebook',
      'lakeside-share',
      panel =>
        new LazyWidget('jp-LakesideShare-toolbarItem', async () => {
          const [{ ShareButton }, center, settings] = await Promise.all([
            import('./button.js'),
            shares.load(),
            registry?.load(toolbarPlugin.id).catch(() => null) ?? null
          ]);
          return new ShareButton({ commands: app.commands, model: center.ofPanel(panel), settings, trans, panel });
        })
    );
  }
};
