import '../../style/base.css';
import '../../style/history.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { Dialog, Notification, showDialog } from '@jupyterlab/apputils';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { Contents } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Widget } from '@lumino/widgets';
import { asProblem, problemDetails } from '../api/problems.js';
import { CommandIDs } from '../commands.js';
import type { ILakesideApi } from '../tokens.js';
import { copyText } from '../ui/clipboard.js';
import { DeletedModel } from './deletedModel.js';
import { DeletedView } from './deletedView.js';
import { HistoryModel } from './historyModel.js';
import { HistoryView as HistoryViewBody } from './historyView.js';
import { notebookTarget } from './notebookTarget.js';
import type { IRestoreOptions } from './restore.js';
import type { HistoryView } from './tabs.js';
import { HistoryWidget } from './widget.js';

const SUCCESS_MS = 10_000;

/** How often deleted notebooks are looked for while their list is in sight. */
const LOOK_AGAIN_MS = 5_000;

/** What a view of history needs. */
export interface IHistoryBodyOptions {
  view: HistoryView;
  app: JupyterFrontEnd;
  api: ILakesideApi;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  /** The id of the tab it is for. */
  tabId: string;
  /** The notebook was renamed. */
  onPath: (path: string) => void;
}

/** Makes what a tab of history shows. */
export async function createHistoryBody(options: IHistoryBodyOptions): Promise<Widget> {
  const client = await options.api.client();
  if (options.view.kind === 'deleted') {
    const model = new DeletedModel(client);
    return createDeleted(model, options);
  }
  const { view } = options;
  // The server knows no drives.
  const { contents } = options.app.serviceManager;
  const of = view.kind === 'notebook' ? { path: contents.localPath(view.path) } : { historyId: view.historyId };
  return createNotebook(new HistoryModel(client, of), options);
}

function createNotebook(model: HistoryModel, options: IHistoryBodyOptions): Widget {
  const { app, tracker, trans, view } = options;
  let path = view.kind === 'deleted' ? '' : view.path;
  const isThere = view.kind === 'notebook';
  const target = () => notebookTarget(path, { app, tracker, trans, beside: options.tabId });
  const restore: IRestoreOptions = {
    model,
    trans,
    target,
    askToSave: changed => askToSave(PathExt.basename(changed), trans),
    done: (message, undo) =>
      Notification.success(message, {
        autoClose: SUCCESS_MS,
        actions: [{ label: trans.__('Undo'), callback: undo, displayType: 'accent' }]
      }),
    failed: (message, error) => fail(message, error, trans)
  };
  const saveNow = async () => {
    await (await target()).save();
    await model.refresh();
  };
  const widget = new HistoryWidget(
    { trans, label: trans.__('History'), refresh: () => model.refresh() },
    <HistoryViewBody
      model={model}
      restore={isThere ? restore : undefined}
      onSaveNow={() => void saveNow().catch((error: unknown) => fail(trans.__('It was not saved.'), error, trans))}
    />
  );
  const { contents } = app.serviceManager;
  const follow = (_: unknown, change: Contents.IChangedArgs) => {
    if (change.type === 'rename' && change.oldValue?.path === path && change.newValue?.path) {
      path = change.newValue.path;
      model.moveTo(contents.localPath(path));
      options.onPath(path);
      widget.look();
    } else if (change.type === 'save' && change.newValue?.path === path) {
      widget.look();
    }
  };
  contents.fileChanged.connect(follow);
  widget.disposed.connect(() => {
    contents.fileChanged.disconnect(follow);
    model.dispose();
  });
  return widget;
}

function createDeleted(model: DeletedModel, options: IHistoryBodyOptions): Widget {
  const { app, trans } = options;
  const bringBack = async (historyId: string) => {
    try {
      const path = await model.bringBack(historyId);
      Notification.success(trans.__('"%1" is back.', path), {
        autoClose: SUCCESS_MS,
        actions: [
          {
            label: trans.__('Open'),
            callback: () => void app.commands.execute('docmanager:open', { path }),
            displayType: 'accent'
          }
        ]
      });
      void app.commands.execute('filebrowser:refresh').catch(() => undefined);
    } catch (error) {
      fail(trans.__('The notebook was not brought back.'), error, trans);
    }
  };
  const widget = new HistoryWidget(
    { trans, label: trans.__('Deleted notebooks'), refresh: () => model.refresh() },
    <DeletedView
      model={model}
      onBringBack={historyId => void bringBack(historyId)}
      onOpen={({ historyId, path }) => void app.commands.execute(CommandIDs.notebookHistory, { historyId, path })}
    />
  );
  const { contents } = app.serviceManager;
  const follow = (_: unknown, { type }: Contents.IChangedArgs) => {
    if (type === 'delete') widget.look();
  };
  contents.fileChanged.connect(follow);
  // Files are removed by terminals and other people, too, of which nobody tells this tab.
  const timer = window.setInterval(() => {
    if (model.state.phase === 'ready' && model.state.busy.size === 0 && document.visibilityState === 'visible') {
      widget.look();
    }
  }, LOOK_AGAIN_MS);
  widget.disposed.connect(() => {
    window.clearInterval(timer);
    contents.fileChanged.disconnect(follow);
    model.dispose();
  });
  return widget;
}

async function askToSave(fileName: string, trans: TranslationBundle): Promise<boolean> {
  const { button } = await showDialog({
    title: trans.__('"%1" has changes that are not saved', fileName),
    body: trans.__('Save them first? They are kept as a version of their own, and you can go back to it.'),
    buttons: [
      Dialog.cancelButton({ label: trans.__('Cancel') }),
      Dialog.okButton({ label: trans.__('Save and restore') })
    ]
  });
  return button.accept;
}

function fail(message: string, error: unknown, trans: TranslationBundle): void {
  const problem = asProblem(error);
  const reason = problem.code === 'internal' && error instanceof Error ? error.message : problem.message;
  Notification.error(`${message} ${reason}`, {
    autoClose: false,
    actions: [{ label: trans.__('Copy details'), callback: () => void copyText(problemDetails(problem)) }]
  });
}
