import { Notification } from '@jupyterlab/apputils';
import type { TranslationBundle } from '@jupyterlab/translation';
import { asProblem, problemDetails } from '../api/problems.js';
import { copyText } from '../ui/clipboard.js';

/** One thing to do about a message. */
export interface IDone {
  label: string;
  run: () => void;
}

const SUCCESS_MS = 10_000;

/** Says what was done. With something to do about it, it stays until that is done or refused. */
export function done(message: string, action?: IDone): void {
  const actions = action ? [{ label: action.label, callback: action.run, displayType: 'accent' as const }] : [];
  Notification.success(message, { autoClose: action ? false : SUCCESS_MS, actions });
}

/** Says what failed, with the sentence of the server. */
export function failed(message: string, error: unknown, trans: TranslationBundle): void {
  const problem = asProblem(error);
  Notification.error(`${message} ${problem.message}`, {
    autoClose: false,
    actions: [{ label: trans.__('Copy details'), callback: () => void copyText(problemDetails(problem)) }]
  });
}

/**
 * Asks for something, quietly: a message with buttons.
 *
 * @param stays - milliseconds; until it is answered where false
 * @returns takes the message away
 */
export function ask(message: string, kind: 'info' | 'warning', stays: number | false, actions: IDone[]): () => void {
  const id = Notification.emit(message, kind, {
    autoClose: stays,
    actions: actions.map(({ label, run }, n) => ({
      label,
      callback: run,
      ...(n === 0 && { displayType: 'accent' as const })
    }))
  });
  return () => Notification.dismiss(id);
}
