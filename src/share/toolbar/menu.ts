import { MenuSvg } from '@jupyterlab/ui-components';
import type { CommandRegistry } from '@lumino/commands';
import type { ShareState } from '../../../contract/share/publish.js';
import { CommandIDs } from '../../commands.js';
import { isShared } from '../shareMark.js';

/** What the menu needs. */
export interface IShareMenuOptions {
  commands: CommandRegistry;
  anchor: HTMLElement;
  path: string;
  known: ShareState | undefined;
}

/** Opens what can be done with a notebook and its page; the focus returns to the button. */
export function openShareMenu(options: IShareMenuOptions): void {
  const { commands, anchor, path, known } = options;
  const menu = new MenuSvg({ commands });
  menu.addClass('jp-LakesideShare-menu');
  const add = (command: string, args: Record<string, string> = {}) =>
    menu.addItem({ command, args: { path, ...args } });

  add(CommandIDs.configure);
  if (isShared(known)) {
    menu.addItem({ type: 'separator' });
    add(CommandIDs.copyLink);
    add(CommandIDs.openPage);
    add(CommandIDs.openHistory);
    add(CommandIDs.download);
    menu.addItem({ type: 'separator' });
    add(CommandIDs.unshare);
  }
  menu.aboutToClose.connect(() => {
    // Commands run after the menu has closed.
    setTimeout(() => menu.dispose(), 0);
    anchor.focus();
  });
  const { left, bottom } = anchor.getBoundingClientRect();
  menu.open(left, bottom);
}
