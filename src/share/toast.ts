import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { ProblemError } from '../../contract/problem.js';
import type { ILakesideApi } from '../tokens.js';
import { copyText } from '../ui/clipboard.js';
import { duration } from '../ui/duration.js';
import { conflictOf } from './conflictModel.js';
import { outcomeSentence } from './dialog/outcome.js';
import { asProblem, isAbort, problemDetails } from './library/failure.js';
import { fractionOf } from './jobModel.js';
import type { JobModel } from './jobModel.js';
import { webAddress } from './webAddress.js';
import { doing } from './words.js';

/** How long a success stays, in milliseconds: long enough to press its buttons. */
const SUCCESS_MS = 10_000;

/** What telling the person needs. */
export interface IToastOptions {
  api: ILakesideApi;
  trans: TranslationBundle;
  now: () => number;
  openUrl: (url: string) => void;
}

/** Tells the person how shares go that have no dialog. */
export class Toasts {
  constructor(options: IToastOptions) {
    this._options = options;
  }

  /**
   * Follows a share from its start to its end.
   *
   * @param start - resolves with the job
   * @param actions.cancel - stops it before there is a job
   * @param actions.retry - shares again after a failure
   * @param actions.decide - asks the person what becomes of a page that somebody changed
   */
  async follow(
    name: string,
    start: Promise<JobModel> | JobModel,
    actions: { cancel?: () => void; retry?: () => void; decide?: (problem: ProblemError) => void } = {}
  ): Promise<void> {
    const { trans, now } = this._options;
    const startedAt = now();
    let job: JobModel | undefined;
    const cancel = {
      label: trans.__('Cancel'),
      callback: (event: MouseEvent) => {
        // The notification stays until the share says that it has ended.
        event.preventDefault();
        if (job) void job.cancel().catch((error: unknown) => this.problem(asProblem(error)));
        else actions.cancel?.();
      }
    };
    const line = () => [trans.__('Sharing "%1"', name), doing(job?.state, trans), duration(now() - startedAt, trans)];
    const id = Notification.emit(line().slice(0, 1).join(''), 'in-progress', { autoClose: false, actions: [cancel] });
    const show = () =>
      Notification.update({
        id,
        message: line().join(' · '),
        progress: job ? Math.min(fractionOf(job.state.job), 0.99) : 0,
        autoClose: false,
        actions: [cancel]
      });
    try {
      job = await start;
      job.stateChanged.connect(show);
      show();
      const ended = await job.finished;
      job.stateChanged.disconnect(show);
      if (ended.state === 'succeeded') await this._success(id, job);
      else if (ended.state === 'cancelled') Notification.dismiss(id);
      else throw ended.problem ? ProblemError.from(ended.problem) : new ProblemError('internal', '');
    } catch (error) {
      if (isAbort(error)) Notification.dismiss(id);
      else this.problem(asProblem(error), { id, ...actions });
    }
  }

  /** Tells about a problem: the sentence, Retry where that makes sense, Copy details. */
  problem(
    problem: ProblemError,
    options: { id?: string; retry?: () => void; decide?: (problem: ProblemError) => void } = {}
  ): void {
    const { trans } = this._options;
    const decide = conflictOf(problem) && options.decide;
    const retry = decide ? undefined : options.retry;
    const look = { label: trans.__('Look and decide'), displayType: 'accent' as const };
    const actions = [
      ...(decide ? [{ ...look, callback: () => decide(problem) }] : []),
      ...(retry ? [{ label: trans.__('Retry'), callback: retry, displayType: 'accent' as const }] : []),
      { label: trans.__('Copy details'), callback: () => void copyText(problemDetails(problem)) }
    ];
    const message = problem.message || trans.__('The notebook was not shared.');
    const shown = { autoClose: false as const, actions };
    if (options.id === undefined || !Notification.update({ id: options.id, message, type: 'error', ...shown })) {
      Notification.error(message, shown);
    }
  }

  /** Tells that something was done, with at most one thing to do about it. */
  done(message: string, action?: { label: string; callback: () => void }): void {
    Notification.success(message, { autoClose: SUCCESS_MS, actions: action ? [action] : [] });
  }

  private async _success(id: string, job: JobModel): Promise<void> {
    const { api, trans, openUrl } = this._options;
    const { result } = job;
    if (result === undefined) return;
    const link = webAddress(result.wiki?.url) ?? api.address(result.page);
    const copied = await copyText(link);
    const copy = (event: MouseEvent) => {
      event.preventDefault();
      void copyText(link);
    };
    const sentence = `${outcomeSentence(result, trans)}${copied ? ` · ${trans.__('link copied')}` : ''}`;
    const shown = {
      message: sentence,
      type: 'success' as const,
      autoClose: SUCCESS_MS,
      actions: [
        { label: copied ? trans.__('Copy link (copied)') : trans.__('Copy link'), callback: copy },
        { label: trans.__('Open page'), callback: () => openUrl(link), displayType: 'accent' as const }
      ]
    };
    // A notification the person closed comes back once, with the end.
    if (!Notification.update({ id, ...shown })) Notification.success(sentence, shown);
  }

  private readonly _options: IToastOptions;
}
