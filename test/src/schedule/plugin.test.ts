import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker } from '@jupyterlab/notebook';
import { CommandRegistry } from '@lumino/commands';
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../src/commands.js';
import { schedulePlugin } from '../../../src/schedule/plugin.js';
import type { ILakesideApi } from '../../../src/tokens.js';

const opened = vi.hoisted(() => vi.fn());
vi.mock('../../../src/schedule/dialog/open.js', () => ({ openScheduleDialog: opened }));

function activate(current?: string, selected: { type: string; path: string }[] = []) {
  opened.mockReset();
  const commands = new CommandRegistry();
  const palette = { addItem: vi.fn() };
  const toolbars = { addFactory: vi.fn() };
  const browsers = { tracker: { currentWidget: { selectedItems: () => selected } } };
  const tracker = { currentWidget: current === undefined ? null : { context: { path: current } } };
  const app = { commands } as unknown as JupyterFrontEnd;
  const given = [{} as ILakesideApi, tracker as unknown as INotebookTracker];
  void schedulePlugin.activate(app, ...given, null, palette, browsers, toolbars);
  return { commands, palette, toolbars };
}

const subject = () => (opened.mock.calls.at(-1)?.[0] as { subject: unknown } | undefined)?.subject;

describe('the commands of scheduling', () => {
  test('are named and described, and stand where the schema says', async () => {
    const { commands, palette, toolbars } = activate();
    for (const id of [CommandIDs.scheduleCreate, CommandIDs.scheduleEdit]) {
      expect(commands.label(id), id).toBeTruthy();
      expect(commands.caption(id), id).toBeTruthy();
      expect((await commands.describedBy(id)).args, id).toMatchObject({ type: 'object' });
    }
    expect(palette.addItem).toHaveBeenCalledWith(expect.objectContaining({ command: CommandIDs.scheduleCreate }));
    const schema = readFileSync('schema/schedule.json', 'utf8');
    for (const [, id] of schema.matchAll(/"command": "([^"]+)"/g)) expect(commands.hasCommand(id!), id).toBe(true);
    const [, name] = toolbars.addFactory.mock.calls[0] as [string, string];
    expect(schema).toContain(`"name": "${name}"`);
  });

  test('take the current notebook, a path, or the file that is selected', async () => {
    const { commands } = activate('current.ipynb', [
      { type: 'directory', path: 'folder' },
      { type: 'notebook', path: 'chosen.ipynb' }
    ]);
    await commands.execute(CommandIDs.scheduleCreate);
    expect(subject()).toEqual({ kind: 'notebook', path: 'current.ipynb' });
    await commands.execute(CommandIDs.scheduleCreate, { path: 'a/b.ipynb' });
    expect(subject()).toEqual({ kind: 'notebook', path: 'a/b.ipynb' });
    await commands.execute(CommandIDs.scheduleCreate, { from: 'browser' });
    expect(subject()).toEqual({ kind: 'notebook', path: 'chosen.ipynb' });
    await commands.execute(CommandIDs.scheduleEdit, { scheduleId: 'x' });
    expect(subject()).toEqual({ kind: 'schedule', scheduleId: 'x' });
    await commands.execute(CommandIDs.scheduleEdit, { scheduleId: 'x', clone: true });
    expect(subject()).toEqual({ kind: 'clone', scheduleId: 'x' });
  });

  test('wait for a notebook, or are told which', () => {
    const { commands } = activate();
    expect(commands.isEnabled(CommandIDs.scheduleCreate)).toBe(false);
    expect(commands.isEnabled(CommandIDs.scheduleCreate, { path: 'a.ipynb' })).toBe(true);
    expect(commands.isEnabled(CommandIDs.scheduleEdit)).toBe(false);
    expect(activate('a.ipynb').commands.isEnabled(CommandIDs.scheduleCreate)).toBe(true);
  });

  test('open one dialog at a time, and say which schedule was saved', async () => {
    const { commands } = activate('a.ipynb');
    let close: (saved: { id: string }) => void = () => undefined;
    opened.mockReturnValueOnce(new Promise(then => (close = then)));
    const first = commands.execute(CommandIDs.scheduleCreate);
    await vi.waitFor(() => expect(opened).toHaveBeenCalledOnce());
    expect(await commands.execute(CommandIDs.scheduleCreate)).toBeUndefined();
    expect(opened).toHaveBeenCalledOnce();
    close({ id: 'made' });
    expect(await first).toBe('made');
    await commands.execute(CommandIDs.scheduleCreate);
    expect(opened).toHaveBeenCalledTimes(2);
  });

  test('are there in an application without palette, file browser and toolbar registry', () => {
    const commands = new CommandRegistry();
    const app = { commands } as unknown as JupyterFrontEnd;
    void schedulePlugin.activate(app, {}, { currentWidget: null }, null, null, null, null);
    expect(commands.hasCommand(CommandIDs.scheduleCreate)).toBe(true);
  });
});
