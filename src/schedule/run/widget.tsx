import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { TransProvider } from '../../ui/trans.js';
import { RunView } from './runView.js';
import type { IRunViewProps } from './runView.js';

/** The page of a run. It follows the run as long as it is there, also when nobody looks. */
export class RunWidget extends ReactWidget {
  constructor(props: IRunViewProps, trans: TranslationBundle) {
    super();
    this.addClass('jp-LakesideRun');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Run'));
    this._props = props;
    this._trans = trans;
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this._props.model.dispose();
    this._props.diff.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    void this._props.model.follow();
  }

  protected override render(): ReactElement {
    return (
      <TransProvider trans={this._trans}>
        <RunView {...this._props} />
      </TransProvider>
    );
  }

  private readonly _props: IRunViewProps;
  private readonly _trans: TranslationBundle;
}
