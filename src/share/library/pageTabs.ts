import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../../commands.js';
import { libraryIcon } from '../../icons.js';
import type { ILakesideApi } from '../../tokens.js';
import type { IForkSource } from './actions.js';
import { LibraryPage, sameTab } from './libraryPage.js';

/** What the tabs need. */
export interface IPageTabsOptions {
  app: JupyterFrontEnd;
  api: ILakesideApi;
  trans: TranslationBundle;
  fork: (source: IForkSource) => Promise<string>;
  isLight: () => boolean;
  restorer: ILayoutRestorer | null;
}

/** The pages of the Library that are open in tabs of JupyterLab: one for its lists, one for each notebook. */
export class PageTabs {
  constructor(options: IPageTabsOptions) {
    this._options = options;
    void options.restorer?.restore(this._tracker, {
      command: CommandIDs.openLibraryPage,
      args: tab => ({ page: tab.content.page }),
      name: tab => tab.content.page
    });
  }

  /** Shows a page: in its tab where it has one, else in a new one. */
  open(page: string): MainAreaWidget<LibraryPage> {
    const { app } = this._options;
    const known = this._tracker.find(tab => sameTab(tab.content.page, page));
    if (known) known.content.go(page);
    const tab = known ?? this._create(page);
    if (!tab.isAttached) app.shell.add(tab, 'main');
    app.shell.activateById(tab.id);
    return tab;
  }

  followTheme(): void {
    this._tracker.forEach(tab => tab.content.followTheme());
  }

  private _create(page: string): MainAreaWidget<LibraryPage> {
    const { api, trans, fork, isLight } = this._options;
    const content = new LibraryPage({ baseUrl: api.baseUrl, page, fork, isLight });
    const tab = new MainAreaWidget({ content });
    tab.id = `lakeside-library-page-${(this._count += 1)}`;
    tab.title.label = trans.__('Library');
    tab.title.icon = libraryIcon;
    tab.title.closable = true;
    tab.toolbar.hide();
    content.moved.connect((_, title) => {
      tab.title.label = title;
      void this._tracker.save(tab);
    });
    void this._tracker.add(tab);
    return tab;
  }

  private readonly _options: IPageTabsOptions;
  private readonly _tracker = new WidgetTracker<MainAreaWidget<LibraryPage>>({ namespace: 'lakeside-library' });
  private _count = 0;
}
