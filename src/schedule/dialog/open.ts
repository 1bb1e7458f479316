import '../../../style/base.css';
import '../../../style/schedule/dialog.css';
import '../../../style/schedule/dialogFields.css';
import '../../../style/schedule/dialogTest.css';
import type { JupyterFrontEnd } from '@jupyterlab/application';
import { PathExt } from '@jupyterlab/coreutils';
import type { INotebookTracker } from '@jupyterlab/notebook';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Schedule } from '../../../contract/schedule/records.js';
import { CommandIDs } from '../../commands.js';
import type { ILakesideApi } from '../../tokens.js';
import { Surface } from '../../ui/surface.js';
import { done } from '../notify.js';
import { DialogBodyWidget } from './body.js';
import { DialogModel } from './dialogModel.js';
import type { IDialogSubject } from './load.js';
import type { IOpenNotebook } from './notices.js';

/** What opening the dialog needs. */
export interface IOpenOptions {
  app: JupyterFrontEnd;
  api: ILakesideApi;
  tracker: INotebookTracker;
  trans: TranslationBundle;
  /** With paths as JupyterLab knows them. */
  subject: IDialogSubject;
}

/**
 * Opens the dialog.
 *
 * @returns the schedule that was saved; undefined where the dialog was left. Rejects where Lakeside cannot be reached.
 */
export async function openScheduleDialog(options: IOpenOptions): Promise<Schedule | undefined> {
  const { app, api, tracker, trans, subject } = options;
  const { contents } = app.serviceManager;
  const client = await api.client();
  // The server knows no drives.
  const told = subject.kind === 'notebook' ? { ...subject, path: contents.localPath(subject.path) } : subject;
  // JupyterLab shows one dialog at a time: for a sign-in this one goes, and comes back as it was filled in.
  const left: { signIn?: { profile: string; isOver: () => void } | undefined } = {};
  const signIn = (profile: string) =>
    new Promise<void>(isOver => {
      left.signIn = { profile, isOver };
      surface?.reject();
    });
  const model = new DialogModel({
    client,
    trans,
    subject: told,
    now: Date.now,
    ...(app.commands.hasCommand(CommandIDs.signIn) && { signIn })
  });
  let saved: Schedule | undefined;
  let surface: Surface | undefined;
  const show = async () => {
    const body = new DialogBodyWidget({
      model,
      trans,
      notebook: subject.kind === 'notebook' ? openNotebook(tracker, subject.path) : undefined,
      onOpen: folder => {
        surface?.reject();
        void app.commands.execute('docmanager:open', { path: PathExt.join(folder, 'output.ipynb') });
      },
      onSaved: schedule => {
        saved = schedule;
        surface?.reject();
      },
      onClose: () => surface?.reject()
    });
    surface = new Surface({
      title: titleOf(subject, trans),
      body,
      className: 'jp-LakesideSchedule-dialog',
      closeLabel: trans.__('Close')
    });
    // A dialog that the application takes away rejects without a reason.
    await surface.launch().catch(() => undefined);
  };
  void model.load();
  await show();
  while (left.signIn !== undefined) {
    const { profile, isOver } = left.signIn;
    left.signIn = undefined;
    // What kernels use stays as it is. A failure has been said by then.
    await app.commands.execute(CommandIDs.signIn, { profile, forKernels: false }).catch(() => undefined);
    isOver();
    await show();
  }
  const words = model.times.state.times?.words;
  model.dispose();
  if (saved) tell(saved, words, options);
  return saved;
}

function titleOf(subject: IDialogSubject, trans: TranslationBundle): string {
  switch (subject.kind) {
    case 'notebook':
      return trans.__('Schedule "%1"', PathExt.basename(subject.path, '.ipynb'));
    case 'schedule':
      return trans.__('Change schedule');
    case 'clone':
      return trans.__('Clone schedule');
  }
}

function openNotebook(tracker: INotebookTracker, path: string): IOpenNotebook | undefined {
  const panel = tracker.find(each => each.context.path === path);
  if (panel === undefined) return undefined;
  return {
    get dirty() {
      return panel.context.model.dirty;
    },
    save: () => panel.context.save()
  };
}

/** Says that it is saved, and when it runs. */
function tell(schedule: Schedule, words: string | undefined, { app, trans }: IOpenOptions): void {
  const { name } = schedule.spec;
  const message =
    schedule.state === 'paused'
      ? trans.__('"%1" is saved. It is paused.', name)
      : trans.__('"%1" is saved: %2.', name, words ?? schedule.spec.when.cron);
  const show = {
    label: trans.__('Show schedules'),
    run: () => void app.commands.execute(CommandIDs.schedules, { scheduleId: schedule.id })
  };
  done(message, app.commands.hasCommand(CommandIDs.schedules) ? show : undefined);
}
