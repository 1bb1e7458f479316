import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import { tableRoutes } from '../../../contract/tables/routes.js';
import type { SearchResult } from '../../../contract/tables/records.js';
import { asProblem, isAbort } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';

/** As many as somebody looks through; more letters find the others. Twice as many take a third longer to come. */
const MOST = 100;

/** How a search stands. */
export interface ISearchState {
  readonly query: string;
  /** `idle`: nothing is searched for. While it is `searching` the results of before are shown. */
  readonly phase: 'idle' | 'searching' | 'ready' | 'failed';
  readonly result?: SearchResult | undefined;
  /** What the result is of. */
  readonly found: string;
  readonly error?: ProblemError | undefined;
}

/** Tables and columns whose names fit what is typed. Each letter asks at once; only the last answer counts. */
export class SearchModel extends StateModel<ISearchState> {
  constructor(client: Client) {
    super({ query: '', phase: 'idle', found: '' });
    this._client = client;
  }

  setQuery(query: string): void {
    if (query === this.state.query) return;
    this.setState({ query });
    void this.search();
  }

  /** Searches for what is typed. */
  async search(): Promise<void> {
    this._asking?.abort();
    const q = this.state.query.trim();
    if (q === '') {
      this.setState({ phase: 'idle', result: undefined, found: '', error: undefined });
      return;
    }
    const asking = new AbortController();
    this._asking = asking;
    this.setState({ phase: 'searching' });
    try {
      const result = await this._client.call(
        tableRoutes.search,
        { query: { q, limit: MOST } },
        { signal: asking.signal }
      );
      if (this._asking === asking) this.setState({ phase: 'ready', result, found: q, error: undefined });
    } catch (error) {
      if (this._asking !== asking || isAbort(error)) return;
      this.setState({ phase: 'failed', error: asProblem(error) });
    }
  }

  override dispose(): void {
    this._asking?.abort();
    super.dispose();
  }

  private readonly _client: Client;
  private _asking: AbortController | undefined;
}
