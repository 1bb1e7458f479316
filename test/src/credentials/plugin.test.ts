import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandRegistry } from '@lumino/commands';
import { Menu, MenuBar } from '@lumino/widgets';
import { nullTranslator } from '@jupyterlab/translation';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../src/commands.js';
import { CredentialsModel } from '../../../src/credentials/credentialsModel.js';
import { addMenu } from '../../../src/credentials/menu/menu.js';
import { credentialsPlugin } from '../../../src/credentials/panel/plugin.js';
import type { CredentialsWatch } from '../../../src/credentials/watch/watch.js';
import { FakeCredentials, profileOf } from './support.js';

const trans = nullTranslator.load('lakeside');
const ends: (() => void)[] = [];
afterEach(() => ends.splice(0).forEach(end => end()));

async function activated(ids = ['dev', 'prod'], active?: string) {
  const fake = new FakeCredentials();
  fake.overview.profiles = ids.map(id => profileOf(id, { label: id.toUpperCase() }));
  delete fake.overview.active;
  if (active !== undefined) fake.overview.active = active;
  const model = new CredentialsModel({ client: fake.client, background: fake.client, clock: Date.now });
  ends.push(() => model.dispose());
  await model.refresh();
  const signIn = vi.fn(async () => undefined);
  const watch = { model, trans, signIns: { signIn } } as unknown as CredentialsWatch;
  const commands = new CommandRegistry();
  const bar = new MenuBar();
  bar.addMenu(new Menu({ commands }));
  const shell = { add: vi.fn(), activateById: vi.fn(), widgets: () => [bar][Symbol.iterator]() };
  const app = { commands, shell } as unknown as JupyterFrontEnd;
  const palette = { addItem: vi.fn() };
  void credentialsPlugin.activate(app, { load: async () => watch }, null, null, palette);
  return { app, fake, model, watch, commands, bar, shell, palette, signIn };
}

describe('the commands of credentials', () => {
  test('are named, described and in the palette', async () => {
    const { commands, palette } = await activated();
    for (const id of [CommandIDs.credentials, CommandIDs.signIn]) {
      expect(commands.label(id), id).toBeTruthy();
      expect(commands.caption(id), id).toBeTruthy();
      expect((await commands.describedBy(id)).args, id).toMatchObject({ type: 'object' });
      expect(palette.addItem).toHaveBeenCalledWith(expect.objectContaining({ command: id }));
    }
  });

  test('sign in to the profile that is named, to the one in use, or let choose', async () => {
    const { commands, shell, signIn } = await activated(['dev', 'prod'], 'prod');
    await commands.execute(CommandIDs.signIn, { profile: 'dev' });
    await commands.execute(CommandIDs.signIn);
    await commands.execute(CommandIDs.signIn, { profile: 'dev', forKernels: false });
    expect(signIn.mock.calls).toEqual([
      ['dev', undefined, true],
      ['prod', undefined, true],
      ['dev', undefined, false]
    ]);
    await commands.execute(CommandIDs.signIn, { profile: 'gone' });
    expect(shell.activateById).toHaveBeenCalledOnce();
    const several = await activated();
    await several.commands.execute(CommandIDs.signIn);
    expect(several.signIn).not.toHaveBeenCalled();
    expect(several.shell.activateById).toHaveBeenCalledWith('lakeside-credentials');
  });
});

describe('the menu', () => {
  const labels = (bar: MenuBar) => bar.menus[1]?.items.map(item => item.label);

  test('has a sign-in for each profile, and is there only with one', async () => {
    const { app, fake, model, watch, bar } = await activated([]);
    addMenu({ app, watch });
    expect(bar.menus).toHaveLength(1);
    fake.overview.profiles = [profileOf('dev', { label: 'Development' }), profileOf('prod', { label: 'Live' })];
    await model.refresh();
    expect(bar.menus[1]?.title.label).toBe('Credentials');
    expect(labels(bar)).toEqual([
      'Sign in to Development',
      'Sign in to Live',
      '',
      'My Roles',
      'Doctor of Credentials',
      'Credentials'
    ]);
    fake.overview.profiles = [];
    await model.refresh();
    expect(bar.menus).toHaveLength(1);
  });
});
