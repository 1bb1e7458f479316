import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../contract/client.js';
import { historyRoutes } from '../../contract/history/history.js';
import type { HistoryNotebook } from '../../contract/history/records.js';
import type { ProblemError } from '../../contract/problem.js';
import { asProblem } from '../api/problems.js';

/** How the list of deleted notebooks stands. */
export interface IDeletedState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error?: ProblemError;
  readonly enabled: boolean;
  readonly notebooks: readonly HistoryNotebook[];
  /** Those that are being brought back. */
  readonly busy: ReadonlySet<string>;
}

/** The notebooks that were deleted. */
export class DeletedModel {
  constructor(client: Client) {
    this._client = client;
  }

  get state(): IDeletedState {
    return this._state;
  }

  get stateChanged(): ISignal<this, IDeletedState> {
    return this._changed;
  }

  async refresh(): Promise<void> {
    const call = ++this._call;
    if (this._state.phase === 'failed') this._set({ phase: 'loading', error: undefined });
    try {
      const { enabled, notebooks } = await this._client.call(historyRoutes.deleted, {});
      if (call === this._call) this._set({ phase: 'ready', error: undefined, enabled, notebooks });
    } catch (error) {
      if (call !== this._call) return;
      this._set({ error: asProblem(error), ...(this._state.phase !== 'ready' && { phase: 'failed' as const }) });
    }
  }

  /** Brings a notebook back. @returns where it is now @throws ProblemError */
  async bringBack(historyId: string): Promise<string> {
    this._set({ busy: new Set([...this._state.busy, historyId]) });
    try {
      const { path } = await this._client.call(historyRoutes.bringBack, { params: { historyId } });
      this._set({ notebooks: this._state.notebooks.filter(each => each.historyId !== historyId) });
      return path;
    } finally {
      this._set({ busy: new Set([...this._state.busy].filter(id => id !== historyId)) });
    }
  }

  dispose(): void {
    this._call++;
    Signal.clearData(this);
  }

  private _set(change: Partial<IDeletedState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit(this._state);
  }

  private readonly _client: Client;
  private readonly _changed = new Signal<this, IDeletedState>(this);
  private _state: IDeletedState = { phase: 'loading', enabled: true, notebooks: [], busy: new Set() };
  private _call = 0;
}
