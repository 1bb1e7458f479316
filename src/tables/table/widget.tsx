import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { TransProvider } from '../../ui/trans.js';
import type { TablePart } from '../actions.js';
import { PageView } from './pageView.js';
import type { IPageProps } from './pageView.js';

/** The page of one table, in a tab. */
export class TableWidget extends ReactWidget {
  constructor(props: IPageProps, trans: TranslationBundle) {
    super();
    this.addClass('jp-LakesideTable');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', trans.__('Table %1', props.page.ref.table));
    this._props = props;
    this._trans = trans;
  }

  /** Shows a part of the page. */
  showPart(part: TablePart): void {
    this._props.page.show(part);
  }

  override dispose(): void {
    if (this.isDisposed) return;
    this._props.page.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    const { page, details } = this._props;
    details.want(page.ref);
    page.load();
  }

  protected override render(): ReactElement {
    return (
      <TransProvider trans={this._trans}>
        <PageView {...this._props} />
      </TransProvider>
    );
  }

  private readonly _props: IPageProps;
  private readonly _trans: TranslationBundle;
}
