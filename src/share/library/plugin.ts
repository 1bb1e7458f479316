import { ILabShell, ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette, IThemeManager } from '@jupyterlab/apputils';
import { IDefaultFileBrowser } from '@jupyterlab/filebrowser';
import { ILauncher } from '@jupyterlab/launcher';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../../commands.js';
import { libraryIcon } from '../../icons.js';
import { ILakesideApi } from '../../tokens.js';
import { LazySidePanel } from '../../ui/lazySidePanel.js';
import type { IForkSource } from './actions.js';
import { bridgeTabs } from './echo.js';
import { PageTabs } from './pageTabs.js';

/** The Library in the side bar, and its pages in tabs. */
export const libraryPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:library',
  description: 'Shows the Library of shared notebooks.',
  autoStart: true,
  requires: [ILakesideApi],
  optional: [ITranslator, ILabShell, ILayoutRestorer, ICommandPalette, ILauncher, IDefaultFileBrowser, IThemeManager],
  activate: (
    app: JupyterFrontEnd,
    api: ILakesideApi,
    translator: ITranslator | null,
    labShell: ILabShell | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null,
    launcher: ILauncher | null,
    browser: IDefaultFileBrowser | null,
    themes: IThemeManager | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const fork = async (source: IForkSource): Promise<string> => {
      const { createLabFork } = await import('./labFork.js');
      return createLabFork({
        api,
        contents: app.serviceManager.contents,
        folder: () => browser?.model.path ?? '',
        open: path => void app.commands.execute('docmanager:open', { path })
      })(source);
    };
    const openPage = (page: string) => void app.commands.execute(CommandIDs.openLibraryPage, { page });
    bridgeTabs(api);

    const panel = new LazySidePanel({
      load: async () => {
        const [{ createLabLibrary }, { LibraryBody }, client] = await Promise.all([
          import('./lab.js'),
          import('./panel.js'),
          api.client()
        ]);
        const schedule = (path: string) => void app.commands.execute(CommandIDs.scheduleCreate, { path });
        const canSchedule = app.commands.hasCommand(CommandIDs.scheduleCreate);
        const library = createLabLibrary({ api, client, trans, fork, openPage, ...(canSchedule && { schedule }) });
        return new LibraryBody({ library, leave: () => app.shell.currentWidget?.activate() });
      },
      focus: body => body.focusSearch(),
      failure: trans.__('The Library could not be loaded. Check your connection, then try again.'),
      trans
    });
    panel.id = 'lakeside-library';
    panel.title.icon = libraryIcon;
    panel.title.caption = trans.__('Library');
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', trans.__('Library'));
    app.shell.add(panel, 'left', { rank: 600, type: 'Library' });
    restorer?.add(panel, 'lakeside-library');

    app.commands.addCommand(CommandIDs.openLibrary, {
      label: trans.__('Library'),
      caption: trans.__('Find notebooks that were shared'),
      icon: libraryIcon,
      execute: async args => {
        if (typeof args['notebookId'] === 'string') openPage(`library/notebooks/${args['notebookId']}`);
        app.shell.activateById(panel.id);
        if (typeof args['query'] === 'string') (await panel.body()).search(args['query']);
      }
    });

    const tabs = labShell
      ? new PageTabs({ app, api, fork, trans, isLight: () => isLight(themes), restorer })
      : undefined;
    themes?.themeChanged.connect(() => tabs?.followTheme());
    app.commands.addCommand(CommandIDs.openLibraryPage, {
      label: args => (args['isPalette'] ? trans.__('Library in a Tab') : trans.__('Library')),
      caption: trans.__('Open a page of the Library'),
      icon: libraryIcon,
      execute: args => {
        const page = typeof args['page'] === 'string' && args['page'] !== '' ? args['page'] : 'library';
        if (tabs) return tabs.open(page);
        window.open(api.address(page), '_blank', 'noopener');
        return undefined;
      }
    });

    const category = trans.__('Lakeside');
    palette?.addItem({ command: CommandIDs.openLibrary, category });
    palette?.addItem({ command: CommandIDs.openLibraryPage, category, args: { isPalette: true } });
    launcher?.add({ command: CommandIDs.openLibraryPage, category: trans.__('Other'), rank: 10 });
  }
};

function isLight(themes: IThemeManager | null): boolean {
  const theme = themes?.theme;
  return themes === null || !theme || themes.isLight(theme);
}
