import '../../../style/base.css';
import '../../../style/tables.css';
import type { TablePart } from '../actions.js';
import type { ITablesDesk } from '../desk.js';
import { showDialects } from '../menus.js';
import type { ITableRef } from '../refs.js';
import { PageModel } from './pageModel.js';
import { TableWidget } from './widget.js';

/** Makes the page of a table. */
export function createTablePage(options: { desk: ITablesDesk; ref: ITableRef; part?: TablePart }): TableWidget {
  const { desk, ref, part } = options;
  const { client, details, memory, actions, trans } = desk;
  const page = new PageModel({ client, ref, ...(part && { part }) });
  const dialects = (button: HTMLElement) => void showDialects(ref, button, desk);
  return new TableWidget({ page, details, memory, actions, dialects }, trans);
}
