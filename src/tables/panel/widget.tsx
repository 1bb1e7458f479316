import { ReactWidget } from '@jupyterlab/ui-components';
import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import type { ReactElement } from 'react';
import { TransProvider } from '../../ui/trans.js';
import { PanelView } from './panelView.js';
import type { IPanelProps } from './panelView.js';

/** While names are being read, how far that is is asked for so often; in milliseconds. */
const BUILDING_MS = 1_000;
/** Otherwise so often. */
const RESTING_MS = 60_000;

/** The panel of tables. It asks how sources stand while somebody looks. */
export class TablesWidget extends ReactWidget {
  constructor(props: Omit<IPanelProps, 'area'>, trans: TranslationBundle) {
    super();
    this.addClass('jp-LakesideTables');
    this._props = props;
    this._trans = trans;
    props.tree.stateChanged.connect(() => {
      this._plan();
      if (this._from !== undefined) requestAnimationFrame(() => this._goThere());
    });
  }

  /** Puts the focus where the keyboard goes on; as soon as there is something, where the person stays meanwhile. */
  focusSearch(): void {
    this._from = document.activeElement;
    this._goThere();
  }

  /** Searches for a name. */
  search(query: string): void {
    this._props.search.setQuery(query);
    this.focusSearch();
  }

  override dispose(): void {
    if (this.isDisposed) return;
    clearTimeout(this._timer);
    this._props.tree.dispose();
    this._props.search.dispose();
    super.dispose();
  }

  protected override onAfterAttach(message: Message): void {
    super.onAfterAttach(message);
    this._look();
  }

  protected override onAfterShow(message: Message): void {
    super.onAfterShow(message);
    this._look();
  }

  protected override onBeforeHide(message: Message): void {
    super.onBeforeHide(message);
    this._stop();
  }

  protected override render(): ReactElement {
    return (
      <TransProvider trans={this._trans}>
        <PanelView {...this._props} area={this._area} />
      </TransProvider>
    );
  }

  private _goThere(): void {
    const place = this.node.querySelector<HTMLElement>('input, select, .jp-Lakeside-state button');
    if (place === null || this._from === undefined) return;
    if (document.activeElement === this._from) place.focus();
    this._from = undefined;
  }

  private readonly _area = (): HTMLElement => this.node;

  private _look(): void {
    const { tree } = this._props;
    if (!this.isVisible) return;
    void (tree.state.phase === 'ready' ? tree.poll() : tree.refresh()).then(() => this._plan());
  }

  /** Plans the next question, where somebody looks and none is planned. */
  private _plan(): void {
    const { tree } = this._props;
    const every = tree.isBuilding ? BUILDING_MS : RESTING_MS;
    if (this._timer !== undefined && this._every === every) return;
    this._stop();
    if (this.isDisposed || !this.isVisible) return;
    this._every = every;
    this._timer = window.setTimeout(() => {
      this._timer = undefined;
      // A hidden browser tab waits.
      if (document.hidden) this._plan();
      else void tree.poll().then(() => this._plan());
    }, every);
  }

  private _stop(): void {
    window.clearTimeout(this._timer);
    this._timer = undefined;
  }

  private readonly _props: Omit<IPanelProps, 'area'>;
  private readonly _trans: TranslationBundle;
  private _timer: number | undefined;
  /** Where the focus was when it was wanted here, until it came. */
  private _from: Element | null | undefined;
  private _every = 0;
}
