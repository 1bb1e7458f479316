import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands.js';
import { historyIcon } from '../icons.js';
import type { ILakesideApi } from '../tokens.js';
import { LazyWidget } from '../ui/lazyWidget.js';

/** What a tab shows. */
export type HistoryView =
  | { kind: 'notebook'; path: string }
  | { kind: 'deleted-notebook'; historyId: string; path: string }
  | { kind: 'deleted' };

/** What the tabs need. */
export interface IHistoryTabsOptions {
  app: JupyterFrontEnd;
  api: ILakesideApi;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  restorer: ILayoutRestorer | null;
}

/** The tabs of history: one for each notebook, one for the list of those that were deleted. */
export class HistoryTabs {
  constructor(options: IHistoryTabsOptions) {
    this._options = options;
    void options.restorer?.restore(this._tabs, {
      command: CommandIDs.notebookHistory,
      args: tab => ({ path: this._paths.get(tab) ?? '' }),
      name: tab => this._paths.get(tab) ?? '',
      when: options.app.serviceManager.ready
    });
  }

  /** Shows a view: in its tab where it has one, else in a new one beside the notebook. */
  open(view: HistoryView): MainAreaWidget {
    const { app, tracker } = this._options;
    const id = idOf(view);
    const known = this._all.get(id);
    const tab = known ?? this._create(id, view);
    if (!tab.isAttached) {
      const notebook = view.kind === 'notebook' ? tracker.find(panel => panel.context.path === view.path) : undefined;
      app.shell.add(tab, 'main', notebook ? { ref: notebook.id, mode: 'split-right' } : {});
    }
    app.shell.activateById(tab.id);
    return tab;
  }

  private _create(id: string, view: HistoryView): MainAreaWidget {
    const { app, api, tracker, trans } = this._options;
    const content = new LazyWidget('jp-LakesideHistory', async () => {
      const { createHistoryBody } = await import('./create.js');
      return createHistoryBody({ view, app, api, tracker, trans, tabId: id, onPath: path => this._rename(tab, path) });
    });
    const tab: MainAreaWidget = new MainAreaWidget({ content });
    tab.id = id;
    tab.title.icon = historyIcon;
    tab.title.closable = true;
    tab.title.label = view.kind === 'deleted' ? trans.__('Deleted notebooks') : this._label(view.path);
    tab.toolbar.hide();
    this._all.set(id, tab);
    tab.disposed.connect(() => {
      for (const [key, each] of this._all) if (each === tab) this._all.delete(key);
    });
    if (view.kind === 'notebook') {
      this._paths.set(tab, view.path);
      void this._tabs.add(tab);
    }
    return tab;
  }

  /** A renamed notebook keeps its tab. */
  private _rename(tab: MainAreaWidget, path: string): void {
    for (const [key, each] of this._all) if (each === tab) this._all.delete(key);
    this._all.set(idOf({ kind: 'notebook', path }), tab);
    this._paths.set(tab, path);
    tab.title.label = this._label(path);
    void this._tabs.save(tab);
  }

  private _label(path: string): string {
    return this._options.trans.__('History of %1', PathExt.basename(path));
  }

  private readonly _options: IHistoryTabsOptions;
  private readonly _tabs = new WidgetTracker<MainAreaWidget>({ namespace: 'lakeside-history' });
  private readonly _all = new Map<string, MainAreaWidget>();
  private readonly _paths = new WeakMap<MainAreaWidget, string>();
}

function idOf(view: HistoryView): string {
  const rest = view.kind === 'notebook' ? view.path : view.kind === 'deleted-notebook' ? view.historyId : '';
  return `lakeside-history-${view.kind}-${rest}`;
}
