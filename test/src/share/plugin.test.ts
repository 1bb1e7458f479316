import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../src/commands.js';
import plugins from '../../../src/index.js';
import { sharePlugin } from '../../../src/share/plugin.js';
import { FakeApi } from '../../support/fakeShare.js';
import { FakeLakeside } from '../../support/fakeLakeside.js';

interface Schema {
  properties: Record<string, { title?: string; description?: string; default?: unknown }>;
  'jupyter.lab.menus'?: Record<string, unknown[]>;
  'jupyter.lab.toolbars'?: Record<string, unknown[]>;
}

const schemas = new Map(
  readdirSync('schema').map(name => [name, JSON.parse(readFileSync(`schema/${name}`, 'utf8')) as Schema])
);

function activate(currentWidget: object | null = null, selected: string[] = []) {
  const commands = new CommandRegistry();
  const palette = { addItem: vi.fn() };
  const browsers = {
    tracker: { currentWidget: { selectedItems: () => selected.map(path => ({ type: 'notebook', path })) } }
  };
  const app = {
    commands,
    restored: new Promise(() => undefined),
    serviceManager: { contents: {} }
  } as unknown as JupyterFrontEnd;
  const tracker = { currentWidget } as unknown as INotebookTracker;
  void sharePlugin.activate(app, new FakeApi(new FakeLakeside()), tracker, null, palette, null, browsers);
  return { commands, palette };
}

afterEach(() => localStorage.clear());

describe('the plugins', () => {
  test('have ids of their own, below the name of the package', () => {
    const ids = plugins.map(plugin => plugin.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^jupyterlab-lakeside:[a-z-]+$/);
  });

  test('need nothing that Notebook 7 does not have', () => {
    const needed = plugins.flatMap(plugin => plugin.requires ?? []).map(token => token.name);
    expect(needed).not.toContain('@jupyterlab/application:ILabShell');
    expect(needed).not.toContain('@jupyterlab/statusbar:IStatusBar');
    expect(needed).not.toContain('@jupyterlab/application:ILayoutRestorer');
    expect(needed).not.toContain('@jupyterlab/apputils:ICommandPalette');
  });

  test('have the schemas that belong to them, and no others', () => {
    const ids = plugins.map(plugin => plugin.id);
    for (const name of schemas.keys()) expect(ids).toContain(`jupyterlab-lakeside:${name.replace('.json', '')}`);
  });
});

describe('the schemas', () => {
  test('tell each setting in words', () => {
    for (const [name, schema] of schemas) {
      for (const [key, setting] of Object.entries(schema.properties)) {
        expect(setting.title, `${name} ${key}`).toBeTruthy();
        expect(setting.description, `${name} ${key}`).toMatch(/\.$/);
        expect(setting, `${name} ${key}`).toHaveProperty('default');
      }
    }
  });

  test('name commands that exist', () => {
    const { commands } = activate();
    const named = JSON.stringify([...schemas.values()]).match(/"command":"[^"]+"/g) ?? [];
    const ours = named.filter(each => each.includes('share'));
    expect(ours.length).toBeGreaterThan(2);
    for (const each of ours) expect(commands.hasCommand(each.slice(11, -1)), each).toBe(true);
  });
});

describe('the commands of sharing', () => {
  test('are there, named and described, with what they take', async () => {
    const { commands } = activate();
    const others = /library|schedule|notebook-history|deleted-notebooks|table|credentials|sign-in/;
    const ids = Object.values(CommandIDs).filter(id => !others.test(id));
    for (const id of ids) {
      expect(commands.label(id), id).toBeTruthy();
      expect(commands.caption(id), id).toBeTruthy();
      expect((await commands.describedBy(id)).args, id).toMatchObject({ type: 'object' });
    }
  });

  test('wait for a notebook, or are told which', () => {
    expect(activate().commands.isEnabled(CommandIDs.share)).toBe(false);
    expect(activate().commands.isEnabled(CommandIDs.share, { path: 'a.ipynb' })).toBe(true);
    expect(activate({}).commands.isEnabled(CommandIDs.share)).toBe(true);
  });

  test('share a file where one notebook is selected', () => {
    expect(activate(null, ['a.ipynb']).commands.isVisible(CommandIDs.shareFile)).toBe(true);
    expect(activate(null, []).commands.isVisible(CommandIDs.shareFile)).toBe(false);
    expect(activate(null, ['a.ipynb', 'b.ipynb']).commands.isVisible(CommandIDs.shareFile)).toBe(false);
  });

  test('are in the palette', () => {
    const { palette } = activate();
    expect(palette.addItem).toHaveBeenCalledWith(expect.objectContaining({ command: CommandIDs.share }));
  });

  test('are there without palette, settings, translator and file browser', () => {
    const commands = new CommandRegistry();
    const app = { commands, restored: Promise.resolve(), serviceManager: { contents: {} } };
    void sharePlugin.activate(
      app as unknown as JupyterFrontEnd,
      new FakeApi(new FakeLakeside()),
      { currentWidget: null },
      null,
      null,
      null,
      null
    );
    expect(commands.hasCommand(CommandIDs.share)).toBe(true);
    expect(commands.isVisible(CommandIDs.shareFile)).toBe(false);
  });
});
