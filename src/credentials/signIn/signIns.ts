import type { TranslationBundle } from '@jupyterlab/translation';
import type { Client } from '../../../contract/client.js';
import type { CredentialsModel } from '../credentialsModel.js';
import { SignInModel } from './signInModel.js';

/** What signing in needs. */
export interface ISignInsOptions {
  client: Client;
  background: Client;
  model: CredentialsModel;
  trans: TranslationBundle;
  newId: () => string;
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  failed: (message: string, error: unknown) => void;
  /** Gives the focus back where nothing has it: a menu that opened the dialog is gone by its end. */
  returnFocus?: () => void;
}

/** Signs in to profiles, one dialog at a time. */
export class SignIns {
  constructor(options: ISignInsOptions) {
    this._options = options;
  }

  /**
   * Signs in. Resolves when the dialog is closed; a failure has been said by then.
   *
   * @param forKernels - whether kernels get its keys from then on
   */
  async signIn(profileId: string, role?: string, forKernels = true): Promise<void> {
    if (this._isOpen) return;
    this._isOpen = true;
    try {
      await this._signIn(profileId, role, forKernels);
    } finally {
      this._isOpen = false;
    }
  }

  /** Whether somebody signed in to a profile by this tab: whoever did it is told how it went. */
  tookPart(profileId: string): boolean {
    return this._begun.delete(profileId);
  }

  private async _signIn(profileId: string, role: string | undefined, forKernels: boolean): Promise<void> {
    const { client, background, model, trans, newId, wait, failed } = this._options;
    const profile = model.profile(profileId);
    if (profile === undefined) return;
    this._begun.add(profileId);
    // Databases are not what kernels get keys for.
    const activate = forKernels && profile.opens === 'aws';
    const one = new SignInModel({ client, background, profile: profileId, role, activate, newId, wait });
    const asked = one.begin();
    // Where nobody is asked anything there is nothing to show, unless it fails.
    if (profile.method === 'none') await asked;
    if (one.state.signIn?.state !== 'succeeded') {
      try {
        const { openSignIn } = await import('./open.js');
        await openSignIn({ model: one, profile, trans });
        if (document.activeElement === document.body) this._options.returnFocus?.();
      } catch (error) {
        failed(trans.__('The sign-in could not be opened.'), error);
      }
    }
    await one.leave();
    await model.refresh();
    // One that goes on at the provider is told of when it ends.
    if (model.profile(profileId)?.signIn === undefined) this._begun.delete(profileId);
  }

  private readonly _options: ISignInsOptions;
  private readonly _begun = new Set<string>();
  private _isOpen = false;
}
