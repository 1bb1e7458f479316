import { CommandRegistry } from '@lumino/commands';
import { Menu } from '@lumino/widgets';

/** One entry of a menu. */
export interface IMenuEntry {
  label: string;
  run: () => void;
  isEnabled?: boolean;
}

/**
 * Shows a menu of JupyterLab below a button; the focus goes back there.
 *
 * @param at - where the pointer is, where the menu comes up there
 */
export function showMenu(
  entries: readonly (IMenuEntry | 'separator')[],
  button: HTMLElement,
  at?: { x: number; y: number }
): void {
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
  menu.open(at?.x ?? left, at?.y ?? bottom, { forceX: false, forceY: false });
}
