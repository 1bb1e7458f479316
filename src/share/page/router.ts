import { StateModel } from '../../stateModel.js';
import { parseRoute } from './routes.js';
import type { Route } from './routes.js';

/** Where the page is. */
export interface IRouterState {
  readonly route: Route;
  /** Counts the pages gone through; typing in a search box is none. */
  readonly step: number;
  /** True where the person came back to a page. */
  readonly back: boolean;
}

/** Turns addresses into what is shown, without loading a page anew. Back and forward of the browser work. */
export class Router extends StateModel<IRouterState> {
  constructor(base: string) {
    super({ route: parseRoute(base, location.pathname, location.search), step: 0, back: false });
    this._base = base;
    this._depth = depthOf(history.state);
    window.addEventListener('popstate', this._onPop);
  }

  /** Goes to an address. One outside the Library is loaded by the browser. */
  go(address: string): void {
    const url = new URL(address, location.href);
    const route = parseRoute(this._base, url.pathname, url.search);
    if (url.origin !== location.origin || route.kind === 'missing') {
      location.assign(url);
      return;
    }
    this._depth += 1;
    history.pushState({ depth: this._depth }, '', url);
    this.setState({ route, step: this.state.step + 1, back: false });
  }

  /** Another address for what is shown already. */
  update(address: string, how: 'push' | 'replace'): void {
    if (how === 'push') this._depth += 1;
    const state = { depth: this._depth };
    if (how === 'push') history.pushState(state, '', address);
    else history.replaceState(state, '', address);
    const { pathname, search } = new URL(address, location.href);
    this.setState({ route: parseRoute(this._base, pathname, search) });
  }

  /** Goes to the page before this one, or to an address where there is none. */
  leave(address: string): void {
    if (this._depth > 0) history.back();
    else this.go(address);
  }

  override dispose(): void {
    window.removeEventListener('popstate', this._onPop);
    super.dispose();
  }

  private _onPop = (event: PopStateEvent) => {
    const depth = depthOf(event.state);
    const back = depth < this._depth;
    this._depth = depth;
    const route = parseRoute(this._base, location.pathname, location.search);
    this.setState({ route, step: this.state.step + 1, back });
  };

  private readonly _base: string;
  private _depth: number;
}

function depthOf(state: unknown): number {
  const depth = (state as { depth?: unknown } | null)?.depth;
  return typeof depth === 'number' ? depth : 0;
}
