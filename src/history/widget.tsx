import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { TransProvider } from '../ui/trans.js';

/** What a view of history is shown in. */
export interface IHistoryWidgetOptions {
  trans: TranslationBundle;
  /** Its name for screen readers. */
  label: string;
  refresh: () => Promise<void>;
}

/** A view of history that is brought up to date when it is looked at. */
export class HistoryWidget extends ReactWidget {
  constructor(options: IHistoryWidgetOptions, view: ReactElement) {
    super();
    this.addClass('jp-LakesideHistory-body');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', options.label);
    this._options = options;
    this._view = view;
  }

  /** Brings it up to date, now or when it is looked at. */
  look(): void {
    this._isStale = true;
    this._refresh();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    document.addEventListener('visibilitychange', this._onVisible);
    this.look();
  }

  protected override onBeforeDetach(message: Message): void {
    document.removeEventListener('visibilitychange', this._onVisible);
    super.onBeforeDetach(message);
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this.look();
  }

  protected override render(): ReactElement {
    return <TransProvider trans={this._options.trans}>{this._view}</TransProvider>;
  }

  private readonly _onVisible = (): void => this._refresh();

  private _refresh(): void {
    if (!this._isStale || !this.isVisible || document.hidden) return;
    this._isStale = false;
    void this._options.refresh();
  }

  private readonly _options: IHistoryWidgetOptions;
  private readonly _view: ReactElement;
  private _isStale = true;
}
