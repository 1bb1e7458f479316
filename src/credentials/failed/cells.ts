import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Notification } from '@jupyterlab/apputils';
import type { IError } from '@jupyterlab/nbformat';
import { NotebookActions } from '@jupyterlab/notebook';
import type { INotebookTracker, Notebook } from '@jupyterlab/notebook';
import { CommandIDs } from '../../commands.js';
import { ask, failed } from '../notify.js';
import type { CredentialsWatch } from '../watch/watch.js';
import { FailedCells } from './failedCells.js';
import type { ICellError } from './recognise.js';

/** Watches the cells of all notebooks. */
export function watchCells(options: {
  app: JupyterFrontEnd;
  notebooks: INotebookTracker;
  watch: CredentialsWatch;
}): void {
  const { app, notebooks, watch } = options;
  const { model, signIns, trans, offers } = watch;
  const cells = new FailedCells({
    model,
    trans,
    signIn: profile => void signIns.signIn(profile),
    open: () => void app.commands.execute(CommandIDs.credentials),
    ask: (message, action) => ask(message, 'warning', false, [action]),
    failed: (message, error) => failed(message, error, trans),
    say: message => void Notification.info(message)
  });
  offers.push(profile => cells.offer(profile));
  NotebookActions.executed.connect((_, { notebook, cell, success }) => {
    const { id } = cell.model;
    if (success) {
      cells.ranWell(id);
      return;
    }
    const error = errorOf(cell);
    if (error === undefined) return;
    const kernel = kernelOf(notebooks, notebook);
    cells.take({ id, error, run: () => runAgain(notebooks, notebook, id, kernel) });
  });
}

/** The error in the outputs of a cell. */
function errorOf(cell: Notebook['widgets'][number]): ICellError | undefined {
  const outputs = (cell.model.toJSON() as { outputs?: { output_type: string }[] }).outputs ?? [];
  const found = outputs.find((output): output is IError => output.output_type === 'error');
  return found && { name: found.ename, value: found.evalue, traceback: found.traceback };
}

function kernelOf(notebooks: INotebookTracker, notebook: Notebook): string | undefined {
  return notebooks.find(({ content }) => content === notebook)?.sessionContext.session?.kernel?.id;
}

/** Runs a cell again, if it is still there and its kernel is the one it failed in. */
async function runAgain(
  notebooks: INotebookTracker,
  notebook: Notebook,
  id: string,
  kernel: string | undefined
): Promise<boolean> {
  const panel = notebooks.find(({ content }) => content === notebook);
  const cell = panel?.content.widgets.find(({ model }) => model.id === id);
  if (panel === undefined || cell === undefined || kernelOf(notebooks, notebook) !== kernel) return false;
  await NotebookActions.runCells(notebook, [cell], panel.sessionContext);
  return true;
}
