import type { TranslationBundle } from '@jupyterlab/translation';
import type { Profile } from '../../../contract/credentials/records.js';
import type { CredentialsModel } from '../credentialsModel.js';
import type { IDone } from '../notify.js';
import { recognise } from './recognise.js';
import type { ICellError } from './recognise.js';

/** A cell that failed, wherever it stands. */
export interface IFailedCell {
  /** Of the cell in its notebook. */
  id: string;
  error: ICellError;
  /** Runs that very cell in its kernel; false where it is no longer there. */
  run: () => Promise<boolean>;
}

/** What remembering failed cells needs. */
export interface IFailedCellsOptions {
  model: CredentialsModel;
  trans: TranslationBundle;
  signIn: (profileId: string) => void;
  /** Opens the panel, where a person chooses a profile. */
  open: () => void;
  /** Shows a message; what is returned takes it away. */
  ask: (message: string, action: IDone) => () => void;
  failed: (message: string, error: unknown) => void;
  say: (message: string) => void;
}

interface IPending {
  cell: IFailedCell;
  profile: string | undefined;
  dismiss: () => void;
}

/** Cells that failed on keys that ended: asks for a sign-in at once, and offers to run the last of them again after it. */
export class FailedCells {
  constructor(options: IFailedCellsOptions) {
    this._options = options;
  }

  /**
   * Takes in a cell that failed.
   *
   * @returns whether keys are the reason
   */
  take(cell: IFailedCell): boolean {
    const { model, trans, signIn, open, ask } = this._options;
    const { overview } = model.state;
    const found = overview && recognise(cell.error, { ...overview, now: model.now() });
    if (found === undefined) return false;
    const { profile } = found;
    this._pending?.dismiss();
    const message =
      profile === undefined
        ? trans.__('The cell got no keys: no profile is in use.')
        : profile.state === 'signed-out'
          ? trans.__('The cell got no keys: you are not signed in to %1.', profile.label)
          : trans.__('The cell failed: the session of %1 has ended.', profile.label);
    const action =
      profile === undefined
        ? { label: trans.__('Open Credentials'), run: open }
        : { label: trans.__('Sign in'), run: () => signIn(profile.id) };
    this._pending = { cell, profile: profile?.id, dismiss: ask(message, action) };
    return true;
  }

  /** The cell ran well meanwhile: nothing is left to offer. */
  ranWell(id: string): void {
    if (this._pending?.cell.id !== id) return;
    this._pending.dismiss();
    this._pending = undefined;
  }

  /** What somebody who signed in can do next. */
  offer(profile: Profile): IDone | undefined {
    const pending = this._pending;
    if (pending === undefined || (pending.profile !== undefined && pending.profile !== profile.id)) return undefined;
    pending.dismiss();
    this._pending = undefined;
    const { trans } = this._options;
    return { label: trans.__('Re-run the failed cell'), run: () => void this._run(pending.cell) };
  }

  private async _run(cell: IFailedCell): Promise<void> {
    const { trans, failed, say } = this._options;
    try {
      if (!(await cell.run())) say(trans.__('The cell is not there any more, or its kernel was started again.'));
    } catch (error) {
      failed(trans.__('The cell was not run.'), error);
    }
  }

  private readonly _options: IFailedCellsOptions;
  private _pending: IPending | undefined;
}
