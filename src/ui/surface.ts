import { Dialog } from '@jupyterlab/apputils';
import type { Widget } from '@lumino/widgets';
import { Panel } from '@lumino/widgets';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/** What a surface shows. */
export interface ISurfaceOptions {
  title: string;
  /** Fills the surface, with buttons of its own. */
  body: Widget;
  className: string;
}

/**
 * A dialog whose body brings its own buttons, so that it can change them: a form becomes a progress, then a result.
 *
 * #### Notes
 * JupyterLab's dialog takes Enter, the arrows and the focus for its fixed buttons; here they belong to the body.
 */
export class Surface extends Dialog<unknown> {
  constructor(options: ISurfaceOptions) {
    const body = new Panel();
    body.addWidget(options.body);
    super({ title: options.title, body, buttons: [], hasClose: true });
    this.addClass('jp-Lakeside-surface');
    this.addClass(options.className);
    this.node.setAttribute('aria-label', options.title);
  }

  protected override _evtKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      event.stopPropagation();
      event.preventDefault();
      this.reject();
    } else if (event.key === 'Tab') {
      this._turnAround(event);
    }
  }

  /** Keeps the focus inside. */
  protected override _evtFocus(event: FocusEvent): void {
    if (this.node.contains(event.target as Node | null)) return;
    event.stopPropagation();
    this._focusable[0]?.focus();
  }

  private _turnAround(event: KeyboardEvent): void {
    const all = this._focusable;
    const first = all[0];
    const last = all.at(-1);
    const active = document.activeElement;
    const outside = event.shiftKey ? active === first : active === last;
    if (!outside) return;
    event.preventDefault();
    (event.shiftKey ? last : first)?.focus();
  }

  private get _focusable(): HTMLElement[] {
    return [...this.node.querySelectorAll<HTMLElement>(FOCUSABLE)].filter(element => element.offsetParent !== null);
  }
}
