import type { ICell } from '@jupyterlab/nbformat';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { CellChange } from '../../contract/cells.js';
import type { HistoryDiff, HistoryVersion } from '../../contract/history/records.js';
import { exactTime } from '../ui/format.js';
import type { Against, HistoryModel } from './historyModel.js';
import type { IRestoreTarget } from './target.js';

/** What restoring needs of its surroundings. */
export interface IRestoreOptions {
  model: HistoryModel;
  trans: TranslationBundle;
  /** Opens the notebook where it is not open. */
  target: () => Promise<IRestoreTarget>;
  /** Asks whether what was not saved may be saved first. */
  askToSave: (fileName: string) => Promise<boolean>;
  /** Says what was done; the button takes it back. */
  done: (message: string, undo: () => void) => void;
  failed: (message: string, error: unknown) => void;
}

/** Where a cell of a difference is to be taken from; undefined where the chosen version has none. */
export interface ICellSource {
  versionId: string;
  number: number;
}

/**
 * Finds the cell that "Restore this cell" puts back: that of the chosen version; where it was removed in it, the one
 * of the version before.
 */
export function sourceOf(change: CellChange, diff: HistoryDiff, against: Against): ICellSource | undefined {
  const older = diff.against;
  if (against === 'now') {
    return older === undefined || change.before === undefined ? undefined : { versionId: older, number: change.before };
  }
  if (change.after !== undefined) return { versionId: diff.versionId, number: change.after };
  return older === undefined || change.before === undefined ? undefined : { versionId: older, number: change.before };
}

/** Puts a cell back into the notebook; saves it where nothing else is unsaved. Never throws. */
export async function restoreCell(source: ICellSource, options: IRestoreOptions): Promise<void> {
  const { model, trans, failed } = options;
  try {
    const [cell, target] = await Promise.all([model.cell(source.versionId, source.number), writable(options)]);
    const wasDirty = target.dirty;
    target.putCell(cell as ICell, source.number);
    target.reveal();
    if (!wasDirty) await target.save();
    const said = wasDirty
      ? trans.__('The cell is restored. The notebook has other changes that are not saved yet.')
      : trans.__('The cell is restored.');
    options.done(said, () => takeBack(target, !wasDirty, options));
  } catch (error) {
    failed(trans.__('The cell was not restored.'), error);
  }
}

/** Puts a whole version back. Unsaved changes are saved before, as a version of their own, or nothing happens. */
export async function restoreAll(version: HistoryVersion, options: IRestoreOptions): Promise<void> {
  const { model, trans, failed } = options;
  try {
    const [content, target] = await Promise.all([model.content(version.versionId), writable(options)]);
    const notebook = content as { cells?: unknown; metadata?: unknown };
    if (!Array.isArray(notebook.cells)) throw new Error(trans.__('That version holds no cells.'));
    if (target.dirty) {
      if (!(await options.askToSave(target.path))) return;
      await target.save();
    }
    target.putAll({
      cells: notebook.cells as ICell[],
      metadata: (notebook.metadata ?? {}) as Record<string, unknown>
    });
    target.reveal();
    await target.save();
    options.done(trans.__('The notebook is as it was on %1.', exactTime(version.at)), () =>
      takeBack(target, true, options)
    );
  } catch (error) {
    failed(trans.__('The notebook was not restored.'), error);
  }
}

async function writable({ target }: IRestoreOptions): Promise<IRestoreTarget> {
  const found = await target();
  if (found.refusal !== undefined) throw new Error(found.refusal);
  return found;
}

function takeBack(target: IRestoreTarget, save: boolean, { trans, failed }: IRestoreOptions): void {
  target.undo();
  target.reveal();
  if (save) target.save().catch((error: unknown) => failed(trans.__('The notebook was not saved.'), error));
}
