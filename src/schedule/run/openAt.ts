import type { JupyterFrontEnd } from '@jupyterlab/application';
import type { INotebookTracker, NotebookPanel } from '@jupyterlab/notebook';
import { failingCell } from './failingCell.js';

/**
 * Opens a notebook, and goes to a cell of it.
 *
 * @param cell - its place in the output of a run, and the first lines of its source
 * @throws Error where it cannot be opened
 */
export async function openAt(
  path: string,
  cell: { index: number; source?: string } | undefined,
  options: { app: JupyterFrontEnd; tracker: INotebookTracker }
): Promise<void> {
  const { app, tracker } = options;
  await app.commands.execute('docmanager:open', { path });
  if (cell === undefined) return;
  const panel: NotebookPanel | undefined = tracker.find(each => each.context.path === path);
  if (panel === undefined) return;
  await panel.context.ready;
  await panel.revealed;
  const sources = panel.content.widgets.map(({ model }) => model.sharedModel.getSource());
  const place = failingCell(sources, cell.index, cell.source);
  if (place === undefined) return;
  panel.content.activeCellIndex = place;
  await panel.content.scrollToItem(place, 'center');
  panel.content.mode = 'edit';
}
