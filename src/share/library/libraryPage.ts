import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import { Widget } from '@lumino/widgets';
import { FORK_EVENT, THEME_ATTRIBUTE, TITLE_EVENT } from './hostEvents.js';
import type { IForkRequest } from './hostEvents.js';
import type { IForkSource } from './actions.js';

/** What a page in a tab of JupyterLab needs. */
export interface ILibraryPageOptions {
  /** Absolute address of Lakeside, with a slash at its end. */
  baseUrl: string;
  /** Relative to Lakeside: `library/notebooks/<id>`. */
  page: string;
  fork: (source: IForkSource) => Promise<string>;
  isLight: () => boolean;
}

/** A page of the Library inside JupyterLab. It is our own page of our own server, so it is not boxed in. */
export class LibraryPage extends Widget {
  constructor(options: ILibraryPageOptions) {
    super();
    this.addClass('jp-IFrame');
    this._options = options;
    this._frame = document.createElement('iframe');
    this._page = options.page;
    Object.assign(this._frame.style, { width: '100%', height: '100%' });
    this._frame.title = 'Library';
    this._frame.allow = 'clipboard-write';
    this._frame.addEventListener(FORK_EVENT, event => this._onFork(event as CustomEvent<IForkRequest>));
    this._frame.addEventListener(TITLE_EVENT, event => this._onTitle(event as CustomEvent<string>));
    this.followTheme();
    this._frame.src = options.baseUrl + options.page;
    this.node.append(this._frame);
  }

  /** What is shown now, relative to Lakeside. */
  get page(): string {
    return this._page;
  }

  /** Emitted with what the page shows, when that is something else. */
  get moved(): ISignal<this, string> {
    return this._moved;
  }

  /** Goes to another page of the Library. */
  go(page: string): void {
    if (page === this._page) return;
    this._page = page;
    this._frame.contentWindow?.location.assign(this._options.baseUrl + page);
  }

  /** Gives the page the theme of JupyterLab. */
  followTheme(): void {
    this._frame.setAttribute(THEME_ATTRIBUTE, this._options.isLight() ? 'light' : 'dark');
  }

  private _onFork(event: CustomEvent<IForkRequest>): void {
    event.detail.take(this._options.fork(event.detail.source));
  }

  private _onTitle(event: CustomEvent<string>): void {
    const address = this._frame.contentWindow?.location.href ?? '';
    if (address.startsWith(this._options.baseUrl)) this._page = address.slice(this._options.baseUrl.length);
    this._frame.title = event.detail;
    this._moved.emit(event.detail);
  }

  private readonly _options: ILibraryPageOptions;
  private readonly _frame: HTMLIFrameElement;
  private _page: string;
  private readonly _moved = new Signal<this, string>(this);
}

/** True where two pages belong to one tab: those of one notebook, or the lists. */
export function sameTab(one: string, other: string): boolean {
  return tabOf(one) === tabOf(other);
}

function tabOf(page: string): string {
  return /^library\/notebooks\/[^/?#]+/.exec(page)?.[0] ?? 'library';
}
