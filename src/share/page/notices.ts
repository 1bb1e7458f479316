import type { INotice } from '../library/actions.js';
import { StateModel } from '../../stateModel.js';

/** A notice on the screen. */
export interface IShownNotice extends INotice {
  id: number;
}

const SHOWN_MS = 8000;
const MOST = 4;

/** The notices on the screen, oldest first. Good news goes away by itself, bad news when it is closed. */
export class NoticesModel extends StateModel<{ readonly notices: readonly IShownNotice[] }> {
  constructor() {
    super({ notices: [] });
  }

  add(notice: INotice): void {
    const id = (this._last += 1);
    this.setState({ notices: [...this.state.notices, { ...notice, id }].slice(-MOST) });
    this._arm(notice, id);
  }

  close(id: number): void {
    clearTimeout(this._timers.get(id));
    this._timers.delete(id);
    this.setState({ notices: this.state.notices.filter(notice => notice.id !== id) });
  }

  /** Keeps a notice while somebody looks at it. */
  hold(id: number): void {
    clearTimeout(this._timers.get(id));
  }

  /** Lets it go again. */
  release(id: number): void {
    const notice = this.state.notices.find(shown => shown.id === id);
    if (notice) this._arm(notice, id);
  }

  override dispose(): void {
    for (const timer of this._timers.values()) clearTimeout(timer);
    super.dispose();
  }

  private _arm(notice: INotice, id: number): void {
    clearTimeout(this._timers.get(id));
    if (notice.kind === 'success')
      this._timers.set(
        id,
        setTimeout(() => this.close(id), SHOWN_MS)
      );
  }

  private _last = 0;
  private readonly _timers = new Map<number, ReturnType<typeof setTimeout>>();
}
