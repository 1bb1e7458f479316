import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';

/** What a place in the side bar needs. */
export interface ILazySidePanelOptions<T extends Widget> {
  /** Brings the content. */
  load: () => Promise<T>;
  /** Puts the focus into the content when the person goes there. */
  focus: (body: T) => void;
  /** Says that it could not be loaded. */
  failure: string;
  trans: TranslationBundle;
}

/** A place in the side bar. What it shows is loaded when it is first looked at. */
export class LazySidePanel<T extends Widget> extends Widget {
  constructor(options: ILazySidePanelOptions<T>) {
    super();
    this.layout = new PanelLayout();
    this._options = options;
  }

  /** The content, loaded now where that did not happen yet. Rejects when it cannot be loaded. */
  body(): Promise<T> {
    this._body ??= this._fill();
    return this._body;
  }

  protected override onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
    void this._show();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    void this._show().then(body => requestAnimationFrame(() => body && this._options.focus(body)));
  }

  private async _fill(): Promise<T> {
    try {
      const body = await this._options.load();
      if (this.isDisposed) body.dispose();
      else (this.layout as PanelLayout).addWidget(body);
      return body;
    } catch (error) {
      // The next look tries again.
      this._body = undefined;
      throw error;
    }
  }

  private async _show(): Promise<T | undefined> {
    this._failure?.dispose();
    try {
      return await this.body();
    } catch {
      if (!this.isDisposed) this._fail();
      return undefined;
    }
  }

  /** Without the content there are no parts of ours to say so with. */
  private _fail(): void {
    const text = document.createElement('p');
    text.textContent = this._options.failure;
    const retry = document.createElement('button');
    retry.className = 'jp-Button jp-mod-styled jp-mod-accept';
    retry.textContent = this._options.trans.__('Retry');
    retry.addEventListener('click', () => void this._show());
    this._failure = new Widget();
    this._failure.node.setAttribute('role', 'alert');
    Object.assign(this._failure.node.style, { padding: '12px' });
    this._failure.node.append(text, retry);
    (this.layout as PanelLayout).addWidget(this._failure);
  }

  private readonly _options: ILazySidePanelOptions<T>;
  private _body: Promise<T> | undefined;
  private _failure: Widget | undefined;
}
