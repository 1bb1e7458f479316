import type { Client } from '../../../contract/client.js';
import type { ScheduleNews } from '../../../contract/schedule/news.js';
import { runRoutes } from '../../../contract/schedule/runRoutes.js';
import { StateModel } from '../../stateModel.js';

/** The runs under way. */
export interface IRunningState {
  readonly ids: ReadonlySet<string>;
}

/** So many are counted; nobody's machine runs more at once. */
const MOST = 500;

/** Counts the runs under way, by the news. */
export class RunningModel extends StateModel<IRunningState> {
  constructor(client: Client) {
    super({ ids: new Set() });
    this._client = client;
  }

  /** Asks which runs are under way now. Never throws: the next connection asks again. */
  async refresh(): Promise<void> {
    try {
      const { runs } = await this._client.call(runRoutes.list, { query: { state: 'RUNNING', limit: MOST } });
      this.setState({ ids: new Set(runs.map(run => run.id)) });
    } catch {
      // What was counted stays.
    }
  }

  /** Takes in what happened. */
  hear(news: ScheduleNews): void {
    if (news.type !== 'run') return;
    const { id, state } = news.run;
    const { ids } = this.state;
    if ((state === 'RUNNING') === ids.has(id)) return;
    this.setState({ ids: state === 'RUNNING' ? new Set([...ids, id]) : new Set([...ids].filter(each => each !== id)) });
  }

  private readonly _client: Client;
}
