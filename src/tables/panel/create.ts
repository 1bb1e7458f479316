import '../../../style/base.css';
import '../../../style/tables.css';
import type { ITablesDesk } from '../desk.js';
import { showDialects, tableMenu } from '../menus.js';
import { showMenu } from '../../ui/menu.js';
import type { IPanelActions } from './context.js';
import { SearchModel } from './searchModel.js';
import { TreeModel } from './treeModel.js';
import { TablesWidget } from './widget.js';

/** Makes the panel of tables. */
export function createPanel(options: {
  desk: ITablesDesk;
  insertsOnSelect: () => boolean;
  leave: () => void;
}): TablesWidget {
  const { desk, insertsOnSelect, leave } = options;
  const { client, background, details, memory, trans } = desk;
  const actions: IPanelActions = {
    ...desk.actions,
    dialects: (ref, button) => showDialects(ref, button, desk),
    menu: (ref, item, at) => showMenu(tableMenu(ref, item, desk), item, at)
  };
  const tree = new TreeModel({ client, background });
  const search = new SearchModel(client);
  const loadAddition = async () => {
    const { createAddition } = await import('../add/create.js');
    const taken = () => tree.state.sources.map(({ id }) => id);
    return createAddition({ client, trans, taken });
  };
  const does = { actions, insertsOnSelect, leave, loadAddition };
  return new TablesWidget({ tree, search, details, memory, ...does }, trans);
}
