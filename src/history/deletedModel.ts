import type { Client } from '../../contract/client.js';
import { historyRoutes } from '../../contract/history/history.js';
import type { HistoryNotebook } from '../../contract/history/records.js';
import type { ProblemError } from '../../contract/problem.js';
import { asProblem } from '../api/problems.js';
import { StateModel } from '../stateModel.js';

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
export class DeletedModel extends StateModel<IDeletedState> {
  constructor(client: Client) {
    super({ phase: 'loading', enabled: true, notebooks: [], busy: new Set() });
    this._client = client;
  }

  async refresh(): Promise<void> {
    const call = ++this._call;
    if (this.state.phase === 'failed') this.setState({ phase: 'loading', error: undefined });
    try {
      const { enabled, notebooks } = await this._client.call(historyRoutes.deleted, {});
      if (call === this._call) this.setState({ phase: 'ready', error: undefined, enabled, notebooks });
    } catch (error) {
      if (call !== this._call) return;
      this.setState({ error: asProblem(error), ...(this.state.phase !== 'ready' && { phase: 'failed' as const }) });
    }
  }

  /** Brings a notebook back. @returns where it is now @throws ProblemError */
  async bringBack(historyId: string): Promise<string> {
    this.setState({ busy: new Set([...this.state.busy, historyId]) });
    try {
      const { path } = await this._client.call(historyRoutes.bringBack, { params: { historyId } });
      this.setState({ notebooks: this.state.notebooks.filter(each => each.historyId !== historyId) });
      return path;
    } finally {
      this.setState({ busy: new Set([...this.state.busy].filter(id => id !== historyId)) });
    }
  }

  override dispose(): void {
    this._call++;
    super.dispose();
  }

  private readonly _client: Client;
  private _call = 0;
}
