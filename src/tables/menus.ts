import type { TranslationBundle } from '@jupyterlab/translation';
import type { Snippet } from '../../contract/tables/records.js';
import { showMenu } from '../ui/menu.js';
import type { IMenuEntry } from '../ui/menu.js';
import type { ITableActions } from './actions.js';
import type { DetailsModel } from './detailsModel.js';
import type { MemoryModel } from './memoryModel.js';
import type { ITableRef } from './refs.js';

/** What menus need. */
export interface IMenuOptions {
  actions: ITableActions;
  details: DetailsModel;
  memory: MemoryModel;
  trans: TranslationBundle;
}

/** Shows the ways of writing code that reads a table; the one chosen last is marked. */
export async function showDialects(ref: ITableRef, button: HTMLElement, options: IMenuOptions): Promise<void> {
  const { actions, details, memory, trans } = options;
  let snippets: readonly Snippet[];
  try {
    ({ snippets } = await details.get(ref));
  } catch {
    // The failure is said by the attempt to insert.
    await actions.insert(ref);
    return;
  }
  const seen = new Set<string>();
  const entries = snippets
    .filter(({ dialect, language }) => language === 'python' && !seen.has(dialect) && seen.add(dialect))
    .map(({ dialect, label }) => ({
      label: dialect === memory.state.dialect ? trans.__('%1 (last chosen)', label) : label,
      run: () => void actions.insert(ref, dialect)
    }));
  showMenu(entries, button);
}

/** All that can be done with a table. */
export function tableMenu(ref: ITableRef, item: HTMLElement, options: IMenuOptions): (IMenuEntry | 'separator')[] {
  const { actions, memory, trans } = options;
  return [
    { label: trans.__('Insert'), run: () => void actions.insert(ref) },
    { label: trans.__('Insert As…'), run: () => void showDialects(ref, item, options) },
    'separator',
    { label: trans.__('Open'), run: () => actions.open(ref) },
    { label: trans.__('Preview'), run: () => actions.open(ref, 'preview') },
    'separator',
    { label: trans.__('Copy Name'), run: () => actions.copyName(ref) },
    { label: trans.__('Copy Link'), run: () => actions.copyLink(ref) },
    {
      label: memory.isFavourite(ref) ? trans.__('Remove from Favourites') : trans.__('Add to Favourites'),
      run: () => actions.toggleFavourite(ref)
    }
  ];
}
