import { ILayoutRestorer } from '@jupyterlab/application';
import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ICommandPalette } from '@jupyterlab/apputils';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';
import { CommandIDs } from '../../commands.js';
import { credentialsIcon } from '../../icons.js';
import { LazySidePanel } from '../../ui/lazySidePanel.js';
import { ICredentials } from '../tokens.js';

/** The panel of sign-ins and keys, and the commands that sign in. */
export const credentialsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'jupyterlab-lakeside:credentials',
  description: 'Signs in to profiles, and shows who one is and how long.',
  autoStart: true,
  requires: [ICredentials],
  optional: [ITranslator, ILayoutRestorer, ICommandPalette],
  activate: (
    app: JupyterFrontEnd,
    credentials: ICredentials,
    translator: ITranslator | null,
    restorer: ILayoutRestorer | null,
    palette: ICommandPalette | null
  ): void => {
    const trans = (translator ?? nullTranslator).load('lakeside');
    const name = trans.__('Credentials');
    const panel = new LazySidePanel({
      load: async () => {
        const [{ createPanel }, watch] = await Promise.all([import('./create.js'), credentials.load()]);
        return createPanel(watch, app.serviceManager);
      },
      focus: body => body.focusFirst(),
      failure: trans.__('The sign-ins could not be loaded. Check your connection, then try again.'),
      trans
    });
    panel.id = 'lakeside-credentials';
    panel.title.icon = credentialsIcon;
    panel.title.caption = name;
    panel.node.setAttribute('role', 'region');
    panel.node.setAttribute('aria-label', name);
    app.shell.add(panel, 'left', { rank: 615, type: 'Credentials' });
    restorer?.add(panel, panel.id);

    app.commands.addCommand(CommandIDs.credentials, {
      label: each =>
        each['doctor'] === true
          ? trans.__('Doctor of Credentials')
          : each['roles'] === undefined
            ? name
            : trans.__('My Roles'),
      caption: trans.__('Who you are, how long, and which keys notebooks get'),
      icon: credentialsIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            roles: { type: 'string', description: trans.__('Unfolds the roles of this profile') },
            doctor: { type: 'boolean', description: trans.__('Unfolds the doctor') }
          }
        }
      },
      execute: async ({ roles, doctor }) => {
        app.shell.activateById(panel.id);
        if (typeof roles === 'string') (await panel.body()).showRoles(roles);
        if (doctor === true) (await panel.body()).showDoctor();
      }
    });
    app.commands.addCommand(CommandIDs.signIn, {
      label: each =>
        typeof each['label'] === 'string' ? trans.__('Sign in to %1', each['label']) : trans.__('Sign in…'),
      caption: trans.__('Get keys for notebooks'),
      icon: credentialsIcon,
      describedBy: {
        args: {
          type: 'object',
          properties: {
            profile: { type: 'string', description: trans.__('Name of the profile; the one in use without it') },
            forKernels: {
              type: 'boolean',
              description: trans.__('Whether kernels use it from then on; without it they do')
            }
          }
        }
      },
      execute: async ({ profile, forKernels }) => {
        const [{ meant }, { model, signIns }] = await Promise.all([import('../standing.js'), credentials.load()]);
        if (model.state.overview === undefined) await model.refresh();
        const { overview } = model.state;
        const id = typeof profile === 'string' ? profile : overview && meant(overview)?.id;
        if (id !== undefined && model.profile(id)) await signIns.signIn(id, undefined, forKernels !== false);
        else app.shell.activateById(panel.id);
      }
    });
    const category = trans.__('Lakeside');
    palette?.addItem({ command: CommandIDs.credentials, category });
    palette?.addItem({ command: CommandIDs.credentials, category, args: { doctor: true } });
    palette?.addItem({ command: CommandIDs.signIn, category });
  }
};
