import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReadonlyPartialJSONObject } from '@lumino/coreutils';
import { CommandIDs } from '../commands.js';
import { shareIcon } from '../icons.js';
import type { ShareCenter } from './center.js';
import type { ShareModel } from './shareModel.js';
import type { IShares } from './tokens.js';

/** What the commands need. */
export interface IShareCommandsOptions {
  app: JupyterFrontEnd;
  tracker: INotebookTracker;
  shares: IShares;
  trans: TranslationBundle;
  /** The paths selected in the file browser that was clicked last; none where there is no file browser. */
  selectedPaths: () => string[];
}

type Act = (center: ShareCenter, model: ShareModel, args: ReadonlyPartialJSONObject) => Promise<void>;

/** Registers the commands of sharing. Sharing itself is loaded when one of them runs. */
export function addShareCommands(options: IShareCommandsOptions): void {
  const { app, tracker, shares, trans, selectedPaths } = options;
  const path = { type: 'string', description: trans.__('Path of the notebook; the current one without it') };

  /** A command about the current notebook, or the one at a path. */
  const add = (id: string, label: string, caption: string, act: Act, more: object = {}) =>
    app.commands.addCommand(id, {
      label,
      caption,
      describedBy: { args: { type: 'object', properties: { path, ...more } } },
      isEnabled: args => typeof args['path'] === 'string' || tracker.currentWidget !== null,
      execute: async args => {
        const given = args['path'];
        const panel = tracker.currentWidget;
        if (typeof given !== 'string' && panel === null) return;
        const center = await shares.load();
        const model = typeof given === 'string' ? center.ofPath(given) : panel && center.ofPanel(panel);
        if (model) await act(center, model, args);
      },
      ...(id === CommandIDs.share && { icon: shareIcon })
    });

  add(
    CommandIDs.share,
    trans.__('Share Notebook'),
    trans.__('Publish this notebook as a page of the Library, or update its page'),
    (center, model) => center.share(model)
  );
  add(
    CommandIDs.configure,
    trans.__('Share Settings…'),
    trans.__('Title, tags and preview of the page'),
    (center, model) => center.configure(model)
  );
  add(CommandIDs.copyLink, trans.__('Copy Link'), trans.__('Copy the address of the page'), (center, model) =>
    center.pages.copyLink(model)
  );
  add(CommandIDs.openPage, trans.__('Open Page'), trans.__('Open the page in a new browser tab'), (center, model) =>
    center.pages.openPage(model)
  );
  add(CommandIDs.openHistory, trans.__('Page History'), trans.__('Show the versions of the page'), (center, model) =>
    center.pages.openHistory(model)
  );
  add(
    CommandIDs.download,
    trans.__('Download Page'),
    trans.__('Save the page as one HTML file'),
    (center, model, args) => center.pages.download(model, args['format'] === 'notebook' ? 'notebook' : 'page'),
    { format: { type: 'string', enum: ['page', 'notebook'] } }
  );
  add(
    CommandIDs.unshare,
    trans.__('Unshare'),
    trans.__('Take the page out of the Library; it can be restored for 30 days'),
    (center, model) => center.pages.unshare(model)
  );

  app.commands.addCommand(CommandIDs.shareFile, {
    label: trans.__('Share Notebook'),
    caption: trans.__('Publish this notebook as a page of the Library, without opening it'),
    icon: shareIcon,
    describedBy: { args: { type: 'object', properties: {} } },
    isVisible: () => selectedPaths().length === 1,
    execute: async () => {
      const selected = selectedPaths()[0];
      if (selected === undefined) return;
      const center = await shares.load();
      await center.share(center.ofPath(selected));
    }
  });
}
