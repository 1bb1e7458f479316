import type { TranslationBundle } from '@jupyterlab/translation';
import type { CommandRegistry } from '@lumino/commands';
import { referenceOf } from '../../../contract/schedule/places.js';
import { CommandIDs } from '../../commands.js';
import { openNotebook } from '../openNotebook.js';
import type { RunModel } from './runModel.js';
import type { IRunActions } from './runView.js';

/** What doing something to a run needs. */
export interface IRunActionsOptions {
  model: RunModel;
  commands: CommandRegistry;
  trans: TranslationBundle;
  failed: (message: string, error: unknown) => void;
  /** Opens a notebook, at a cell where one is given: its place in the output and the first lines of its source. */
  openAt: (path: string, cell?: { index: number; source?: string }) => Promise<void>;
  /** Asks the person to go on when the notebook is mended; resolves when they do, never where they do not. */
  offerToResume: (name: string, resume: () => void) => void;
}

/** Puts together what the page of a run can do. */
export function createRunActions(options: IRunActionsOptions): IRunActions {
  const { model, commands, trans, failed, openAt, offerToResume } = options;
  const openRun = (runId: string) => void commands.execute(CommandIDs.scheduleRun, { runId });
  const attempt = async (sentence: string, work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      failed(sentence, error);
    }
  };
  const again = (resume: boolean) =>
    void attempt(trans.__('The run was not started.'), async () => openRun((await model.again(resume)).id));

  return {
    cancel: () => void attempt(trans.__('The run was not cancelled.'), () => model.cancel()),
    again: () => again(false),
    fix: () =>
      void attempt(trans.__('The notebook was not opened.'), async () => {
        const { schedule, course } = model.state;
        if (schedule === undefined) {
          again(false);
          return;
        }
        const cell = course.cells.find(each => each.state === 'failed') ?? course.cells.at(-1);
        const { path } = schedule.spec.notebook;
        // What lies in a bucket is mended there.
        if (referenceOf(path)?.kind !== 's3') {
          await openNotebook(path, { commands, trans, openFile: file => openAt(file, cell) });
        }
        const name = cell ? trans.__('cell %1', cell.number) : trans.__('the notebook');
        offerToResume(name, () => again(true));
      }),
    openOutput: ({ output }) => {
      const path = `${(output ?? '').replace(/\/+$/, '')}/output.ipynb`;
      void attempt(trans.__('The output was not opened.'), () => openAt(path));
    },
    openNotebook: path =>
      void attempt(trans.__('The notebook was not opened.'), () =>
        openNotebook(path, { commands, trans, openFile: file => openAt(file) })
      ),
    openRun,
    showSchedule: scheduleId => void commands.execute(CommandIDs.schedules, { scheduleId })
  };
}
