import type { TranslationBundle } from '@jupyterlab/translation';
import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { LibraryBody } from './panel.js';

/** The place of the Library in the side bar. What it shows is loaded when it is first looked at. */
export class LibrarySidePanel extends Widget {
  /** @param load - brings the content */
  constructor(load: () => Promise<LibraryBody>, trans: TranslationBundle) {
    super();
    this.layout = new PanelLayout();
    this._load = load;
    this._trans = trans;
  }

  /** The content, loaded now where that did not happen yet. Rejects when it cannot be loaded. */
  body(): Promise<LibraryBody> {
    this._body ??= this._fill();
    return this._body;
  }

  protected override onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
    void this._show();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    void this._show().then(body => requestAnimationFrame(() => body?.focusSearch()));
  }

  private async _fill(): Promise<LibraryBody> {
    try {
      const body = await this._load();
      if (this.isDisposed) body.dispose();
      else (this.layout as PanelLayout).addWidget(body);
      return body;
    } catch (error) {
      // The next look tries again.
      this._body = undefined;
      throw error;
    }
  }

  private async _show(): Promise<LibraryBody | undefined> {
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
    text.textContent = this._trans.__('The Library could not be loaded. Check your connection, then try again.');
    const retry = document.createElement('button');
    retry.className = 'jp-Button jp-mod-styled jp-mod-accept';
    retry.textContent = this._trans.__('Retry');
    retry.addEventListener('click', () => void this._show());
    this._failure = new Widget();
    this._failure.node.setAttribute('role', 'alert');
    Object.assign(this._failure.node.style, { padding: '12px' });
    this._failure.node.append(text, retry);
    (this.layout as PanelLayout).addWidget(this._failure);
  }

  private readonly _load: () => Promise<LibraryBody>;
  private readonly _trans: TranslationBundle;
  private _body: Promise<LibraryBody> | undefined;
  private _failure: Widget | undefined;
}
