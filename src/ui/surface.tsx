import { Dialog } from '@jupyterlab/apputils';
import { Button, closeIcon } from '@jupyterlab/ui-components';
import type { Widget } from '@lumino/widgets';
import { Panel } from '@lumino/widgets';
import type { ReactElement } from 'react';

const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), select:not([disabled]), textarea:not([disabled]), [tabindex="0"]';

/** What a surface shows. */
export interface ISurfaceOptions {
  title: string;
  /** Fills the surface, with buttons of its own. */
  body: Widget;
  className: string;
  /** The name of the button that closes it. */
  closeLabel: string;
}

/**
 * A dialog whose body brings its own buttons, so that it can change them: a form becomes a progress, then a result.
 *
 * #### Notes
 * JupyterLab's dialog takes Enter, the arrows and the focus for its fixed buttons; here they belong to the body. Pressing
 * beside it does not close it: what was typed would be gone.
 */
export class Surface extends Dialog<unknown> {
  constructor(options: ISurfaceOptions) {
    const body = new Panel();
    body.addWidget(options.body);
    const close = () => this.reject();
    super({ title: <Header {...options} onClose={close} />, body, buttons: [], hasClose: false });
    this.addClass('jp-Lakeside-surface');
    this.addClass(options.className);
    this.node.setAttribute('aria-label', options.title);
  }

  protected override _evtKeydown(event: KeyboardEvent): void {
    if (event.key === 'Escape') {
      // A list that is open closes first.
      if (event.target instanceof Element && event.target.getAttribute('aria-expanded') === 'true') return;
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

function Header(props: { title: string; closeLabel: string; onClose: () => void }): ReactElement {
  return (
    <>
      <span className="jp-Dialog-title">{props.title}</span>
      <Button
        type="button"
        minimal
        className="jp-Dialog-close-button"
        title={props.closeLabel}
        aria-label={props.closeLabel}
        onClick={props.onClose}
      >
        <closeIcon.react tag="span" />
      </Button>
    </>
  );
}
