import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { CommandIDs } from '../../commands.js';
import type { IPanelActions } from './context.js';
import type { SchedulesModel } from './schedulesModel.js';

/** What doing something to schedules needs. */
export interface IActionsOptions {
  model: SchedulesModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
  done: (message: string, action?: { label: string; run: () => void }) => void;
  failed: (message: string, error: unknown) => void;
  /** Shows the rest below a button. */
  menu: (summary: ScheduleSummary, button: HTMLElement) => void;
}

/** What the list can do, each with what is said about it. */
export interface IScheduleActions extends IPanelActions {
  remove(summary: ScheduleSummary): void;
}

/** Puts together what the list can do. Nothing of it throws. */
export function createActions(options: IActionsOptions): IScheduleActions {
  const { model, commands, trans, done, failed } = options;
  const nameOf = ({ schedule }: ScheduleSummary) => schedule.spec.name;
  const openRun = (runId: string) => void commands.execute(CommandIDs.scheduleRun, { runId });
  const attempt = async (sentence: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failed(sentence, error);
    }
  };
  const turn = (summary: ScheduleSummary, state: 'active' | 'paused', sentence: string) =>
    void attempt(sentence, async () => void (await model.turn(summary.schedule.id, state)));
  const restore = (summary: ScheduleSummary, state: 'active' | 'paused' = 'active') =>
    void attempt(trans.__('"%1" was not restored.', nameOf(summary)), async () => {
      await model.turn(summary.schedule.id, state);
      done(trans.__('"%1" is back.', nameOf(summary)));
    });

  return {
    openRun: run => openRun(run.id),
    setOpen: (scheduleId, isOpen) => model.setOpen(scheduleId, isOpen),
    more: scheduleId => void model.more(scheduleId),
    runNow: summary =>
      void attempt(trans.__('"%1" was not started.', nameOf(summary)), async () => {
        const run = await model.runNow(summary.schedule.id);
        done(trans.__('"%1" is started.', nameOf(summary)), {
          label: trans.__('Open run'),
          run: () => openRun(run.id)
        });
      }),
    pause: summary => turn(summary, 'paused', trans.__('"%1" was not paused.', nameOf(summary))),
    resume: summary => turn(summary, 'active', trans.__('"%1" was not resumed.', nameOf(summary))),
    cancel: run => void attempt(trans.__('The run was not cancelled.'), async () => void (await model.cancel(run.id))),
    remove: summary =>
      void attempt(trans.__('"%1" was not deleted.', nameOf(summary)), async () => {
        const before = summary.schedule.state === 'paused' ? 'paused' : 'active';
        await model.turn(summary.schedule.id, 'deleted');
        done(trans.__('"%1" is deleted. Its runs are kept, and it can be restored for 30 days.', nameOf(summary)), {
          label: trans.__('Undo'),
          run: () => restore(summary, before)
        });
      }),
    restore: summary => restore(summary),
    setDeletedOpen: isOpen => void model.setDeletedOpen(isOpen),
    menu: options.menu,
    create: () => void commands.execute(CommandIDs.scheduleCreate)
  };
}
