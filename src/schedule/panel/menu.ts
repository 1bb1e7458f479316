import type { TranslationBundle } from '@jupyterlab/translation';
import type { IMenuEntry } from '../../ui/menu.js';

/** What can be done to a schedule beside what its row shows. */
export function scheduleMenu(
  does: Record<'edit' | 'clone' | 'backfill' | 'openNotebook' | 'remove', () => void>,
  trans: TranslationBundle
): (IMenuEntry | 'separator')[] {
  return [
    { label: trans.__('Edit…'), run: does.edit },
    { label: trans.__('Clone…'), run: does.clone },
    { label: trans.__('Backfill…'), run: does.backfill },
    { label: trans.__('Open Notebook'), run: does.openNotebook },
    'separator',
    { label: trans.__('Delete'), run: does.remove }
  ];
}
