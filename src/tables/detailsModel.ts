import type { Client } from '../../contract/client.js';
import type { ProblemError } from '../../contract/problem.js';
import { tableRoutes } from '../../contract/tables/routes.js';
import type { TableDetail } from '../../contract/tables/records.js';
import { asProblem } from '../api/problems.js';
import { StateModel } from '../stateModel.js';
import { keyOf } from './refs.js';
import type { ITableRef } from './refs.js';

/** What is known of one table. With a detail, an error means that it could not be read anew. */
export interface IDetail {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly detail?: TableDetail;
  readonly error?: ProblemError | undefined;
}

/** What is known of tables, by `keyOf`. */
export interface IDetailsState {
  readonly details: ReadonlyMap<string, IDetail>;
}

/** So many tables are kept; the one asked for longest ago is forgotten first. */
const MOST = 200;

/** The details of the tables that were looked at. Each is asked for once, whoever wants it. */
export class DetailsModel extends StateModel<IDetailsState> {
  constructor(client: Client) {
    super({ details: new Map() });
    this._client = client;
  }

  of(ref: ITableRef): IDetail | undefined {
    return this.state.details.get(keyOf(ref));
  }

  /**
   * The details of a table, asked for where they are not known.
   *
   * @throws ProblemError with the sentence of the server
   */
  async get(ref: ITableRef): Promise<TableDetail> {
    return this.of(ref)?.detail ?? (await this.read(ref));
  }

  /** Asks for them where they are not known; what fails stays in the state. */
  want(ref: ITableRef): void {
    if (this.of(ref) === undefined) void this.read(ref).catch(() => undefined);
  }

  /**
   * Asks for the details of a table now; those known stay until the answer is there.
   *
   * @throws ProblemError with the sentence of the server
   */
  read(ref: ITableRef): Promise<TableDetail> {
    const key = keyOf(ref);
    const running = this._running.get(key);
    if (running) return running;
    const reading = this._read(ref).finally(() => this._running.delete(key));
    this._running.set(key, reading);
    return reading;
  }

  private async _read(ref: ITableRef): Promise<TableDetail> {
    const { source, schema, table } = ref;
    const known = this.of(ref)?.detail;
    this._set(ref, { phase: 'loading', ...(known && { detail: known }) });
    try {
      const detail = await this._client.call(tableRoutes.table, { params: { source }, query: { schema, table } });
      this._set(ref, { phase: 'ready', detail });
      return detail;
    } catch (error) {
      const problem = asProblem(error);
      this._set(ref, { phase: 'failed', ...(known && { detail: known }), error: problem });
      throw problem;
    }
  }

  private _set(ref: ITableRef, detail: IDetail): void {
    const details = new Map(this.state.details);
    details.delete(keyOf(ref));
    details.set(keyOf(ref), detail);
    for (const key of details.keys()) {
      if (details.size <= MOST) break;
      if (!this._running.has(key)) details.delete(key);
    }
    this.setState({ details });
  }

  private readonly _client: Client;
  private readonly _running = new Map<string, Promise<TableDetail>>();
}
