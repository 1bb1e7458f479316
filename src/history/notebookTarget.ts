import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { ICell } from '@jupyterlab/nbformat';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { IRestoreTarget } from './target.js';

/**
 * Opens the notebook at a path where it is not open.
 *
 * @param options.beside - the tab that it opens beside
 * @returns what the history writes to
 */
export async function notebookTarget(
  path: string,
  options: { app: JupyterFrontEnd; tracker: INotebookTracker; trans: TranslationBundle; beside: string }
): Promise<IRestoreTarget> {
  const { app, tracker, trans, beside } = options;
  const place = { ref: beside, mode: 'split-left' };
  const find = () => tracker.find(panel => panel.context.path === path);
  const panel =
    find() ??
    ((await app.commands.execute('docmanager:open', { path, factory: 'Notebook', options: place })) as
      NotebookPanel | undefined) ??
    find();
  if (panel === undefined) throw new Error(trans.__('"%1" cannot be opened.', path));
  await panel.context.ready;
  return new NotebookTarget(panel, app, trans);
}

class NotebookTarget implements IRestoreTarget {
  constructor(panel: NotebookPanel, app: JupyterFrontEnd, trans: TranslationBundle) {
    this._panel = panel;
    this._app = app;
    this._trans = trans;
  }

  get path(): string {
    return this._panel.context.path;
  }

  get dirty(): boolean {
    return this._panel.context.model.dirty;
  }

  get refusal(): string | undefined {
    const { context } = this._panel;
    if (!context.model.readOnly && context.contentsModel?.writable !== false) return undefined;
    return this._trans.__('"%1" cannot be written to. Save a copy of it first.', context.localPath);
  }

  putCell(cell: ICell, number: number): void {
    const notebook = this._notebook;
    const same = notebook.cells.findIndex(each => each.id === cell['id']);
    notebook.transact(() => {
      if (same >= 0) notebook.deleteCell(same);
      notebook.insertCell(same >= 0 ? same : Math.min(number, notebook.cells.length), cell);
    });
    this._panel.content.activeCellIndex = same >= 0 ? same : Math.min(number, notebook.cells.length - 1);
  }

  putAll({ cells, metadata }: { cells: ICell[]; metadata: Record<string, unknown> }): void {
    const notebook = this._notebook;
    // The notebook stays the one it is.
    const { lakeside } = notebook.getMetadata() as { lakeside?: unknown };
    const kept = { ...metadata, ...(lakeside !== undefined && { lakeside }) };
    // Within a transaction the list of cells stays as it was before.
    const old = notebook.cells.length;
    notebook.transact(() => {
      notebook.insertCells(old, cells);
      notebook.deleteCellRange(0, old);
    });
    notebook.setMetadata(kept as never);
  }

  undo(): void {
    this._notebook.undo();
  }

  async save(): Promise<void> {
    await this._panel.context.save();
  }

  reveal(): void {
    this._app.shell.activateById(this._panel.id);
    const { content } = this._panel;
    void content.scrollToItem(content.activeCellIndex, 'smart');
  }

  private get _notebook() {
    const model = this._panel.content.model;
    if (model === null) throw new Error(this._trans.__('The notebook was closed.'));
    return model.sharedModel;
  }

  private readonly _panel: NotebookPanel;
  private readonly _app: JupyterFrontEnd;
  private readonly _trans: TranslationBundle;
}
