import type { ICell } from '@jupyterlab/nbformat';
import { nullTranslator } from '@jupyterlab/translation';
import { beforeEach, expect, test, vi } from 'vitest';
import { HistoryModel } from '../../../src/history/historyModel.js';
import { restoreAll, restoreCell, sourceOf } from '../../../src/history/restore.js';
import type { IRestoreOptions } from '../../../src/history/restore.js';
import type { IRestoreTarget } from '../../../src/history/target.js';
import { FakeHistory, versionOf } from './support.js';

const trans = nullTranslator.load('lakeside');
const cell = (id: string, source: string): ICell => ({ cell_type: 'raw', id, metadata: {}, source });

/** A notebook that tells what is done to it. */
class FakeTarget implements IRestoreTarget {
  readonly path = 'work/a.ipynb';
  dirty = false;
  refusal: string | undefined;
  readonly done: string[] = [];

  putCell(cell: ICell, number: number): void {
    this.done.push(`cell ${cell['id'] as string} at ${number}`);
  }
  putAll({ cells }: { cells: ICell[] }): void {
    this.done.push(`all ${cells.length}`);
  }
  undo(): void {
    this.done.push('undo');
  }
  save(): Promise<void> {
    this.done.push('save');
    this.dirty = false;
    return Promise.resolve();
  }
  reveal(): void {}
}

let target: FakeTarget;
let options: IRestoreOptions;
let undo: () => void;
const said = vi.fn();
const failed = vi.fn();
const ask = vi.fn();

beforeEach(async () => {
  vi.resetAllMocks();
  target = new FakeTarget();
  const fake = new FakeHistory();
  fake.contents.set(versionOf(1).versionId, { cells: [cell('a', '1'), cell('b', '2')], metadata: { kernel: 1 } });
  fake.contents.set(versionOf(2).versionId, 'no notebook');
  const model = new HistoryModel(fake.client, { path: 'work/a.ipynb' });
  await model.refresh();
  options = {
    model,
    trans,
    target: () => Promise.resolve(target),
    askToSave: ask,
    done: (message, takeBack) => {
      said(message);
      undo = takeBack;
    },
    failed
  };
});

const first = { versionId: versionOf(1).versionId, number: 1 };

test('a cell goes back to its place and is saved, which can be undone', async () => {
  await restoreCell(first, options);
  expect(target.done).toEqual(['cell b at 1', 'save']);
  expect(said).toHaveBeenCalledWith('The cell is restored.');
  undo();
  expect(target.done.slice(2)).toEqual(['undo', 'save']);
});

test('a cell that goes into a notebook with unsaved changes leaves saving to the person', async () => {
  target.dirty = true;
  await restoreCell(first, options);
  expect(target.done).toEqual(['cell b at 1']);
  expect(said).toHaveBeenCalledWith(expect.stringContaining('not saved yet'));
  undo();
  expect(target.done).toEqual(['cell b at 1', 'undo']);
});

test('a whole version is put back and saved', async () => {
  await restoreAll(versionOf(1), options);
  expect(target.done).toEqual(['all 2', 'save']);
  expect(ask).not.toHaveBeenCalled();
});

test('unsaved work is saved first, when the person says so, else nothing happens', async () => {
  target.dirty = true;
  ask.mockResolvedValueOnce(false);
  await restoreAll(versionOf(1), options);
  expect(target.done).toEqual([]);
  ask.mockResolvedValueOnce(true);
  await restoreAll(versionOf(1), options);
  expect(target.done).toEqual(['save', 'all 2', 'save']);
});

test('what cannot be written to is left alone, and what is no notebook is not put into one', async () => {
  target.refusal = 'Read-only.';
  await restoreAll(versionOf(1), options);
  await restoreCell(first, options);
  expect(failed).toHaveBeenCalledTimes(2);
  target.refusal = undefined;
  await restoreAll(versionOf(2), options);
  expect(failed).toHaveBeenCalledTimes(3);
  expect(target.done).toEqual([]);
  expect(said).not.toHaveBeenCalled();
});

test('the cell that is put back is that of the chosen version, or the one it removed', () => {
  const [newer, older] = [versionOf(2).versionId, versionOf(1).versionId];
  const diff = {
    versionId: newer,
    against: older,
    added: 0,
    removed: 0,
    changed: 0,
    moved: 0,
    unchanged: 0,
    metadataChanged: false,
    cells: []
  };
  const changed = { kind: 'changed', type: 'code', before: 3, after: 5, outputs: 'none' } as const;
  const removed = { kind: 'removed', type: 'code', before: 3, outputs: 'none' } as const;
  const added = { kind: 'added', type: 'code', after: 5, outputs: 'none' } as const;
  expect(sourceOf(changed, diff, 'before')).toEqual({ versionId: newer, number: 5 });
  expect(sourceOf(removed, diff, 'before')).toEqual({ versionId: older, number: 3 });
  expect(sourceOf(added, diff, 'before')).toEqual({ versionId: newer, number: 5 });
  // Compared with now, the chosen version is the older side.
  expect(sourceOf(changed, diff, 'now')).toEqual({ versionId: older, number: 3 });
  expect(sourceOf(removed, diff, 'now')).toEqual({ versionId: older, number: 3 });
  expect(sourceOf(added, diff, 'now')).toBeUndefined();
});
