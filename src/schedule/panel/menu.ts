import type { TranslationBundle } from '@jupyterlab/translation';
import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

/** One entry of a menu. */
export interface IMenuEntry {
  label: string;
  run: () => void;
  isEnabled?: boolean;
}

/** Shows a menu of JupyterLab below a button; the focus goes back there. */
export function showMenu(entries: readonly (IMenuEntry | 'separator')[], button: HTMLElement): void {
  const commands = new CommandRegistry();
  const menu = new Menu({ commands });
  entries.forEach((entry, n) => {
    if (entry === 'separator') {
      menu.addItem({ type: 'separator' });
      return;
    }
    const command = `entry-${n}`;
    commands.addCommand(command, {
      label: entry.label,
      isEnabled: () => entry.isEnabled ?? true,
      execute: entry.run
    });
    menu.addItem({ command });
  });
  menu.aboutToClose.connect(() => {
    button.focus();
    // It closes before its entry runs.
    setTimeout(() => menu.dispose(), 0);
  });
  const { left, bottom } = button.getBoundingClientRect();
  menu.open(left, bottom, { forceX: false, forceY: false });
}

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
