import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ReactElement } from 'react';
import { TransProvider } from '../../ui/trans.js';
import type { CredentialsModel } from '../credentialsModel.js';
import type { IPanelActions } from './actions.js';
import { PanelView } from './panelView.js';

/** The panel of sign-ins and keys. */
export class CredentialsWidget extends ReactWidget {
  constructor(options: { model: CredentialsModel; actions: IPanelActions; trans: TranslationBundle }) {
    super();
    this.addClass('jp-LakesideCredentials');
    this._options = options;
  }

  /** Unfolds the roles of a profile. */
  showRoles(profile: string): void {
    this._rolesOf = profile;
    this.update();
  }

  /** Unfolds the doctor. */
  showDoctor(): void {
    this._doctorOpen = true;
    this.update();
  }

  /** Puts the focus where the keyboard goes on. */
  focusFirst(): void {
    this.node.querySelector<HTMLElement>('button:not([disabled])')?.focus();
  }

  protected override render(): ReactElement {
    const { model, actions, trans } = this._options;
    return (
      <TransProvider trans={trans}>
        <h2 className="jp-LakesideCredentials-title">{trans.__('Credentials')}</h2>
        <PanelView model={model} actions={actions} rolesOf={this._rolesOf} doctorOpen={this._doctorOpen} />
      </TransProvider>
    );
  }

  private readonly _options: { model: CredentialsModel; actions: IPanelActions; trans: TranslationBundle };
  private _rolesOf: string | undefined;
  private _doctorOpen = false;
}
