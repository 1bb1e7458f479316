import { PanelLayout, Widget } from '@lumino/widgets';

/** A place that is filled when its content has been loaded. The style keeps its size, so that nothing moves. */
export class LazyWidget extends Widget {
  /**
   * @param className - the class of the place
   * @param load - brings the content
   */
  constructor(className: string, load: () => Promise<Widget>) {
    super();
    this.addClass(className);
    this.layout = new PanelLayout();
    void this._fill(load);
  }

  private async _fill(load: () => Promise<Widget>): Promise<void> {
    const content = await load();
    if (this.isDisposed) content.dispose();
    else (this.layout as PanelLayout).addWidget(content);
  }
}
