import type { Message } from '@lumino/messaging';
import { PanelLayout, Widget } from '@lumino/widgets';
import type { LibraryBody } from './panel.js';

/** The place of the Library in the side bar. What it shows is loaded when it is first looked at. */
export class LibrarySidePanel extends Widget {
  /** @param load - brings the content */
  constructor(load: () => Promise<LibraryBody>) {
    super();
    this.layout = new PanelLayout();
    this._load = load;
  }

  /** The content, loaded now where that did not happen yet. */
  body(): Promise<LibraryBody> {
    this._body ??= this._load().then(
      body => {
        (this.layout as PanelLayout).addWidget(body);
        return body;
      },
      (error: unknown) => {
        this._body = undefined;
        throw error;
      }
    );
    return this._body;
  }

  protected override onBeforeShow(message: Message): void {
    super.onBeforeShow(message);
    void this.body();
  }

  protected override onActivateRequest(message: Message): void {
    super.onActivateRequest(message);
    void this.body().then(body => requestAnimationFrame(() => body.focusSearch()));
  }

  private readonly _load: () => Promise<LibraryBody>;
  private _body: Promise<LibraryBody> | undefined;
}
