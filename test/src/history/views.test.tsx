import { nullTranslator } from '@jupyterlab/translation';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ProblemError } from '../../../contract/problem.js';
import { DeletedModel } from '../../../src/history/deletedModel.js';
import { DeletedView } from '../../../src/history/deletedView.js';
import { HistoryModel } from '../../../src/history/historyModel.js';
import { HistoryView } from '../../../src/history/historyView.js';
import type { IRestoreOptions } from '../../../src/history/restore.js';
import { TransProvider } from '../../../src/ui/trans.js';
import { FakeHistory, notebook, versionOf } from './support.js';

const trans = nullTranslator.load('lakeside');
afterEach(cleanup);

async function show(change: (fake: FakeHistory) => void = () => undefined, restorable = true) {
  const fake = new FakeHistory();
  change(fake);
  const model = new HistoryModel(fake.client, { path: 'work/a.ipynb' });
  const onSaveNow = vi.fn();
  const restore = { model, trans, target: vi.fn(() => Promise.reject(new Error('closed'))), failed: vi.fn() };
  render(
    <TransProvider trans={trans}>
      <HistoryView
        model={model}
        restore={restorable ? (restore as unknown as IRestoreOptions) : undefined}
        onSaveNow={onSaveNow}
      />
    </TransProvider>
  );
  expect(screen.getByRole('status').textContent).toBe('Loading the history');
  await act(() => model.refresh());
  await waitFor(() => expect(screen.queryByText('Comparing')).toBeNull());
  return { fake, model, onSaveNow, restore };
}

test('versions stand under their days, the newest is chosen, its changes are shown', async () => {
  await show();
  const options = screen.getAllByRole('option');
  expect(options).toHaveLength(3);
  expect(options[0]!.getAttribute('aria-selected')).toBe('true');
  expect(options[0]!.textContent).toContain('newest');
  expect(options[0]!.textContent).toContain('1 changed');
  expect(options[2]!.textContent).toContain('3 cells');
  expect(screen.getByRole('listbox').getAttribute('aria-activedescendant')).toBe(options[0]!.id);
  expect(options[0]!.querySelectorAll('.jp-LakesideHistory-strip > .jp-mod-changed')).toHaveLength(1);
  const changes = screen.getAllByRole('listitem');
  expect(changes.map(each => each.querySelector('pre')?.textContent)).toEqual(['x = 1x = 2', 'new cell', 'old cell']);
  expect(within(changes[0]!).getByText('Its output changed.')).toBeTruthy();
  // The newest one is what there is: nothing to restore but single cells that it removed.
  expect(screen.queryByRole('button', { name: 'Restore all' })).toBeNull();
  expect(screen.getAllByRole('button', { name: /^Restore this cell/ })).toHaveLength(1);
  expect(within(changes[2]!).getByRole('button')).toBeTruthy();
});

test('of very many versions those out of sight stay empty, until they are chosen', async () => {
  const many = Array.from({ length: 2_000 }, (_, at) => versionOf(2_000 - at));
  await show(fake => {
    fake.versions = many;
    fake.pageSize = 2_000;
  });
  const options = screen.getAllByRole('option');
  expect(options).toHaveLength(2_000);
  expect(options.filter(option => option.textContent !== '')).toHaveLength(30);
  act(() => void fireEvent.keyDown(screen.getByRole('listbox'), { key: 'End' }));
  expect(options.at(-1)!.textContent).toContain('3 cells');
  expect(options.at(-1)!.getAttribute('aria-selected')).toBe('true');
});

test('arrows choose among the versions, and stop at the ends', async () => {
  const { model } = await show();
  const list = screen.getByRole('listbox');
  for (const [key, number] of [
    ['ArrowDown', 2],
    ['ArrowUp', 3],
    ['ArrowUp', 3],
    ['End', 1],
    ['ArrowDown', 1],
    ['Home', 3]
  ] as const) {
    act(() => void fireEvent.keyDown(list, { key }));
    expect(model.version?.versionId, key).toBe(versionOf(number).versionId);
  }
  await waitFor(() => expect(screen.queryByText('Comparing')).toBeNull());
});

test('an older version can be put back, whole or by the cell', async () => {
  const { restore } = await show();
  act(() => void fireEvent.click(screen.getAllByRole('option')[1]!));
  fireEvent.click(screen.getByRole('button', { name: 'Restore all' }));
  await waitFor(() => expect(restore.target).toHaveBeenCalledTimes(1));
  await waitFor(() => expect(screen.queryByText('Comparing')).toBeNull());
  fireEvent.click(screen.getByRole('button', { name: 'Restore this cell: Cell 2' }));
  await waitFor(() => expect(restore.failed).toHaveBeenCalledTimes(2));
});

describe('pictures of a cell whose output changed', () => {
  const watched: (() => void)[] = [];
  beforeEach(() => {
    watched.length = 0;
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(readonly told: (entries: { isIntersecting: boolean; target: Element }[]) => void) {}
        observe(target: Element) {
          watched.push(() => this.told([{ isIntersecting: true, target }]));
        }
        unobserve() {}
        disconnect() {}
      }
    );
  });
  afterEach(() => vi.unstubAllGlobals());
  const come = () => act(() => watched.splice(0).forEach(reach => reach()));

  const cell = (...pictures: string[]) => ({
    cell_type: 'code',
    outputs: pictures.map(png => ({ output_type: 'display_data', data: { 'image/png': png } }))
  });
  const keep = (fake: FakeHistory, before: object, after: object) => {
    fake.contents.set(versionOf(2).versionId, { cells: [{}, before] });
    fake.contents.set(versionOf(3).versionId, { cells: [{}, after] });
  };
  const shown = () => screen.queryAllByRole<HTMLImageElement>('img').map(({ alt, src }) => [alt, src]);

  test('stand side by side, those that stayed left out', async () => {
    const { fake } = await show(given => keep(given, cell('c2FtZQ==', 'b2xk'), cell('c2FtZQ==', 'bmV3')));
    expect(fake.calls.filter(url => url.includes('/cells/'))).toEqual([]);
    come();
    await waitFor(() => expect(shown()).toHaveLength(2));
    expect(shown()).toEqual([
      ['Picture of cell 2: Before', 'data:image/png;base64,b2xk'],
      ['Picture of cell 2: After', 'data:image/png;base64,bmV3']
    ]);
    expect(screen.getByText('Its output changed.')).toBeTruthy();
  });

  test('that came or went are named', async () => {
    await show(fake => keep(fake, cell('b2xk'), cell()));
    come();
    await waitFor(() => expect(shown()).toHaveLength(1));
    expect(screen.getByText('No picture').closest('figure')?.textContent).toContain('After');
  });

  test('that could not be fetched are said, and fetched again', async () => {
    const { fake } = await show(given => {
      given.contents.clear();
    });
    come();
    const alert = await screen.findByRole('alert');
    keep(fake, cell('b2xk'), cell('bmV3'));
    fireEvent.click(within(alert).getByRole('button', { name: 'Retry' }));
    await waitFor(() => expect(shown()).toHaveLength(2));
    expect(screen.queryByRole('alert')).toBeNull();
  });
});

test('what is shown is chosen with two buttons', async () => {
  const { model } = await show();
  const now = screen.getByRole('button', { name: 'Compared with now' });
  expect(now.getAttribute('aria-pressed')).toBe('false');
  fireEvent.click(now);
  await waitFor(() => expect(now.getAttribute('aria-pressed')).toBe('true'));
  expect(model.state.against).toBe('now');
});

test('nothing kept yet teaches, and offers to save', async () => {
  const { onSaveNow } = await show(fake => (fake.versions = []));
  expect(screen.getByText('Nothing was kept of this notebook yet')).toBeTruthy();
  fireEvent.click(screen.getByRole('button', { name: 'Save now' }));
  expect(onSaveNow).toHaveBeenCalled();
});

test('history that is off is said, with and without versions', async () => {
  await show(fake => {
    fake.versions = [];
    fake.enabled = false;
  });
  expect(screen.getByText('History is off on this server')).toBeTruthy();
  cleanup();
  await show(fake => (fake.enabled = false));
  expect(screen.getByText('History is off on this server: nothing new is kept.')).toBeTruthy();
  expect(screen.getAllByRole('option')).toHaveLength(3);
});

test('a failure shows the sentence of the server and tries again', async () => {
  await show(fake => (fake.failure = new ProblemError('unavailable', 'Lakeside is not running.')));
  expect(screen.getByRole('alert').textContent).toContain('Lakeside is not running.');
  fireEvent.click(screen.getByRole('button', { name: 'Retry' }));
  expect(await screen.findAllByRole('option')).toHaveLength(3);
});

test('a deleted notebook says what to do first', async () => {
  await show(fake => (fake.known = { ...notebook, deletedAt: '2026-01-06T12:00:00.000Z' }), false);
  expect(screen.getByText(/This notebook was deleted/)).toBeTruthy();
  expect(screen.queryByRole('button', { name: /Restore/ })).toBeNull();
});

test('older versions are fetched on request', async () => {
  await show(fake => (fake.pageSize = 2));
  fireEvent.click(screen.getByRole('button', { name: 'Show older versions' }));
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(3));
  expect(screen.queryByRole('button', { name: 'Show older versions' })).toBeNull();
});

test('deleted notebooks are listed, filtered, opened and brought back', async () => {
  const fake = new FakeHistory();
  const deletedAt = '2026-01-06T12:00:00.000Z';
  fake.deleted = [
    { ...notebook, deletedAt },
    { ...notebook, historyId: versionOf(901).versionId, path: 'b.ipynb', deletedAt }
  ];
  const model = new DeletedModel(fake.client);
  const [onBringBack, onOpen] = [vi.fn(), vi.fn()];
  render(
    <TransProvider trans={trans}>
      <DeletedView model={model} onBringBack={onBringBack} onOpen={onOpen} />
    </TransProvider>
  );
  await act(() => model.refresh());
  expect(screen.getAllByRole('listitem')).toHaveLength(2);
  fireEvent.click(screen.getByRole('button', { name: 'Bring work/a.ipynb back' }));
  expect(onBringBack).toHaveBeenCalledWith(notebook.historyId);
  fireEvent.click(screen.getByRole('button', { name: 'History of b.ipynb' }));
  expect(onOpen).toHaveBeenCalledWith(fake.deleted[1]);
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'B.IP' } });
  expect(screen.getAllByRole('listitem')).toHaveLength(1);
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'nowhere' } });
  expect(screen.getByRole('status').textContent).toContain('No deleted notebook');
  cleanup();
  fake.deleted = [];
  const empty = new DeletedModel(fake.client);
  render(
    <TransProvider trans={trans}>
      <DeletedView model={empty} onBringBack={onBringBack} onOpen={onOpen} />
    </TransProvider>
  );
  await act(() => empty.refresh());
  expect(screen.getByText('No deleted notebooks')).toBeTruthy();
});
