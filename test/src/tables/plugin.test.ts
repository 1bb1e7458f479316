import type { JupyterFrontEnd } from '@jupyterlab/application';
import { CommandRegistry } from '@lumino/commands';
import type { Widget } from '@lumino/widgets';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { CommandIDs } from '../../../src/commands.js';
import { tablesPlugin } from '../../../src/tables/plugin.js';
import { FakeTables } from './support.js';

const REF = { source: 'lake', schema: 'a\u001fb', table: 'flights' };

function activate() {
  const commands = new CommandRegistry();
  const added: { widget: Widget; area: string }[] = [];
  const shell = {
    currentWidget: null,
    add: (widget: Widget, area: string) => void added.push({ widget, area }),
    activateById: vi.fn()
  };
  const app = { commands, shell, restored: Promise.resolve() } as unknown as JupyterFrontEnd;
  const fake = new FakeTables();
  const api = { client: async () => fake.client, background: async () => fake.client };
  const palette = { addItem: vi.fn() };
  void tablesPlugin.activate(app, api, null, null, null, palette, null, null);
  return { commands, added, shell, palette };
}

// What the plugin loads later is there already, so that nothing is loading still when the tests have ended.
beforeAll(async () => {
  await Promise.all([
    import('../../../src/tables/desk.js'),
    import('../../../src/tables/panel/create.js'),
    import('../../../src/tables/table/create.js')
  ]);
}, 60_000);
afterEach(() => window.history.replaceState(null, '', '/'));

describe('the plugin of tables', () => {
  test('puts the panel into the side bar, and its command into the palette', async () => {
    const { commands, added, shell, palette } = activate();
    expect(added.map(({ widget, area }) => [widget.id, area])).toEqual([['lakeside-tables', 'left']]);
    expect(palette.addItem).toHaveBeenCalledWith(expect.objectContaining({ command: CommandIDs.tables }));
    await commands.execute(CommandIDs.tables);
    expect(shell.activateById).toHaveBeenCalledWith('lakeside-tables');
    for (const id of [CommandIDs.tables, CommandIDs.openTable]) {
      expect(commands.label(id), id).toBeTruthy();
      expect(commands.caption(id), id).toBeTruthy();
      expect((await commands.describedBy(id)).args, id).toMatchObject({ type: 'object' });
    }
  });

  test('opens one page for each table', async () => {
    const { commands, added, shell } = activate();
    expect(commands.isEnabled(CommandIDs.openTable)).toBe(false);
    expect(commands.isEnabled(CommandIDs.openTable, REF)).toBe(true);
    const first = (await commands.execute(CommandIDs.openTable, REF)) as Widget;
    expect(await commands.execute(CommandIDs.openTable, REF)).toBe(first);
    const other = (await commands.execute(CommandIDs.openTable, { ...REF, table: 'weather' })) as Widget;
    expect(other).not.toBe(first);
    expect(first.title.label).toBe('flights');
    expect(first.title.caption).toBe('flights\nlake › a › b');
    expect(shell.activateById).toHaveBeenLastCalledWith(other.id);
    expect(added.filter(({ area }) => area === 'main').map(({ widget }) => widget.id)).toContain(first.id);
  });

  test('opens the table that the address names, and takes it out of the address', async () => {
    window.history.replaceState(null, '', '/lab?reset&lakeside-table=lake%2Fa%2Fb%2Fflights');
    const { added } = activate();
    await vi.waitFor(() => expect(added.map(({ area }) => area)).toContain('main'));
    expect(added.at(-1)?.widget.title.label).toBe('flights');
    expect(window.location.search).toBe('?reset=');
  });
});
