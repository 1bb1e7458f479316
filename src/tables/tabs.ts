import type { ILayoutRestorer, JupyterFrontEnd } from '@jupyterlab/application';
import { MainAreaWidget, WidgetTracker } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandIDs } from '../commands.js';
import { tablesIcon } from '../icons.js';
import { LazyWidget } from '../ui/lazyWidget.js';
import type { TablePart } from './actions.js';
import type { ITablesDesk } from './desk.js';
import { linkOf, placeOf, refOf, refOfLink } from './refs.js';
import type { ITableRef } from './refs.js';
import type { TableWidget } from './table/widget.js';

/** What the pages of tables need. */
export interface ITableTabsOptions {
  app: JupyterFrontEnd;
  /** Brings what the panel and the pages share. */
  desk: () => Promise<ITablesDesk>;
  restorer: ILayoutRestorer | null;
  trans: TranslationBundle;
}

const PREFIX = 'lakeside-table-';
const PARTS: readonly string[] = ['columns', 'preview', 'profile', 'partitions', 'snapshots', 'code'];

/** The pages of tables, one tab for each. */
export class TableTabs {
  constructor(options: ITableTabsOptions) {
    this._options = options;
    void options.restorer?.restore(this._tabs, {
      command: CommandIDs.openTable,
      args: tab => ({ ...refOfLink(tab.id.slice(PREFIX.length)) }),
      name: tab => tab.id
    });
  }

  /** Registers the command that opens the page of a table. */
  addCommand(): void {
    const { app, trans } = this._options;
    const text = (description: string) => ({ type: 'string', description });
    app.commands.addCommand(CommandIDs.openTable, {
      label: trans.__('Open Table'),
      caption: trans.__('Show the columns, the first rows and the values of a table'),
      icon: tablesIcon,
      describedBy: {
        args: {
          type: 'object',
          required: ['source', 'table'],
          properties: {
            source: text(trans.__('Id of the source')),
            schema: text(trans.__('Path of the schema')),
            table: text(trans.__('Name of the table')),
            part: { type: 'string', enum: [...PARTS] }
          }
        }
      },
      isEnabled: args => refOf(args) !== undefined,
      execute: args => {
        const ref = refOf(args);
        return ref && this._open(ref, partOf(args['part']));
      }
    });
  }

  private _open(ref: ITableRef, part: TablePart | undefined): MainAreaWidget {
    const { shell } = this._options.app;
    const id = PREFIX + linkOf(ref);
    const tab = this._tabs.find(each => each.id === id) ?? this._create(ref, id, part);
    if (!tab.isAttached) shell.add(tab, 'main');
    shell.activateById(id);
    const body = this._bodies.get(tab);
    if (part && body) body.showPart(part);
    return tab;
  }

  private _create(ref: ITableRef, id: string, part: TablePart | undefined): MainAreaWidget {
    const content = new LazyWidget('jp-LakesideTable-place', async () => {
      const [{ createTablePage }, desk] = await Promise.all([import('./table/create.js'), this._options.desk()]);
      const body = createTablePage({ desk, ref, ...(part && { part }) });
      this._bodies.set(tab, body);
      return body;
    });
    const tab = new MainAreaWidget({ content });
    tab.id = id;
    tab.title.label = ref.table;
    tab.title.caption = `${ref.table}\n${placeOf(ref)}`;
    tab.title.icon = tablesIcon;
    tab.title.closable = true;
    tab.toolbar.hide();
    void this._tabs.add(tab);
    return tab;
  }

  private readonly _options: ITableTabsOptions;
  private readonly _tabs = new WidgetTracker<MainAreaWidget>({ namespace: 'lakeside-table-pages' });
  private readonly _bodies = new WeakMap<MainAreaWidget, TableWidget>();
}

function partOf(value: unknown): TablePart | undefined {
  return typeof value === 'string' && PARTS.includes(value) ? (value as TablePart) : undefined;
}
