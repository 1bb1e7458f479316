import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { asProblem, problemDetails } from '../api/problems.js';
import { copyText } from '../ui/clipboard.js';

const SUCCESS_MS = 10_000;

/** Says what was done, with at most one thing to do about it. */
export function done(message: string, action?: { label: string; run: () => void }): void {
  const actions = action ? [{ label: action.label, callback: action.run, displayType: 'accent' as const }] : [];
  Notification.success(message, { autoClose: SUCCESS_MS, actions });
}

/** Says what failed, with the sentence of the server. */
export function failed(message: string, error: unknown, trans: TranslationBundle): void {
  const problem = asProblem(error);
  Notification.error(`${message} ${problem.message}`, {
    autoClose: false,
    actions: [{ label: trans.__('Copy details'), callback: () => void copyText(problemDetails(problem)) }]
  });
}
