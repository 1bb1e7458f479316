import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Menu, MenuBar } from '@lumino/widgets';
import { CommandIDs } from '../../commands.js';
import { meant } from '../standing.js';
import type { CredentialsWatch } from '../watch/watch.js';

/** JupyterLab's own menu bar also takes a rank; where it has none, the menu stands last. */
interface IRankedBar {
  addMenu(menu: Menu, update: boolean, options: { rank: number }): void;
}

/** Between Settings and Help. */
const RANK = 950;

/** A menu with a sign-in for each profile; it is there only where a profile is configured. */
export function addMenu({ app, watch }: { app: JupyterFrontEnd; watch: CredentialsWatch }): void {
  const { model, trans } = watch;
  const { commands, shell } = app;
  const bar = [...shell.widgets('menu')].find(widget => widget instanceof MenuBar);
  if (bar === undefined) return;
  const menu = new Menu({ commands });
  menu.id = 'lakeside-credentials-menu';
  menu.title.label = trans.__('Credentials');
  let shown = '';
  const update = () => {
    const { overview } = model.state;
    const profiles = overview?.profiles ?? [];
    const roles = (overview && meant(overview)?.id) ?? profiles[0]?.id;
    const next = JSON.stringify([roles, profiles.map(({ id, label }) => [id, label])]);
    // An open menu is left alone while nothing in it changes.
    if (next === shown) return;
    shown = next;
    menu.clearItems();
    for (const { id, label } of profiles) {
      menu.addItem({ command: CommandIDs.signIn, args: { profile: id, label } });
    }
    menu.addItem({ type: 'separator' });
    menu.addItem({ command: CommandIDs.credentials, args: { roles: roles ?? '' } });
    menu.addItem({ command: CommandIDs.credentials, args: { doctor: true } });
    menu.addItem({ command: CommandIDs.credentials });
    const isThere = bar.menus.includes(menu);
    if (profiles.length > 0 && !isThere) (bar as unknown as IRankedBar).addMenu(menu, false, { rank: RANK });
    else if (profiles.length === 0 && isThere) bar.removeMenu(menu);
  };
  model.stateChanged.connect(update);
  update();
}
