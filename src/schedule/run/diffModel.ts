import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import type { RunDiff } from '../../../contract/schedule/runRoutes.js';
import { runRoutes } from '../../../contract/schedule/runRoutes.js';
import { toText } from '../../api/bytes.js';
import { asProblem } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';

/** How far comparing with the last good run is. */
export interface IDiffState {
  readonly phase: 'none' | 'loading' | 'ready' | 'failed';
  readonly diff?: RunDiff;
  readonly error?: ProblemError;
}

/** What changed in the output of a run against the last good one before it. Asked for when it is first looked at. */
export class DiffModel extends StateModel<IDiffState> {
  constructor(options: { client: Client; runId: string }) {
    super({ phase: 'none' });
    this._options = options;
  }

  /** Compares, where that did not happen yet. */
  async ensure(): Promise<void> {
    const { phase } = this.state;
    if (phase === 'none' || phase === 'failed') await this.refresh();
  }

  /** Compares again. */
  async refresh(): Promise<void> {
    const call = ++this._call;
    this.setState({ phase: 'loading', error: undefined });
    const { client, runId } = this._options;
    try {
      const diff = await client.call(runRoutes.diff, { params: { runId }, query: {} });
      if (call === this._call) this.setState({ phase: 'ready', diff });
    } catch (error) {
      if (call === this._call) this.setState({ phase: 'failed', error: asProblem(error) });
    }
  }

  /** A cell of one of the two outputs. @throws ProblemError */
  readonly cell = async (side: 'before' | 'after', number: number): Promise<unknown> => {
    const { diff } = this.state;
    const runId = side === 'after' ? diff?.run.id : diff?.against?.id;
    if (runId === undefined) return undefined;
    const bytes = await this._options.client.call(runRoutes.cell, { params: { runId, number } });
    return JSON.parse(await toText(bytes)) as unknown;
  };

  private readonly _options: { client: Client; runId: string };
  private _call = 0;
}
