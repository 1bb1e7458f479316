import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import { tableRoutes } from '../../../contract/tables/routes.js';
import type { Preview, Profile } from '../../../contract/tables/records.js';
import { asProblem, isAbort } from '../../api/problems.js';
import { StateModel } from '../../stateModel.js';
import type { TablePart } from '../actions.js';
import type { ITableRef } from '../refs.js';

/** Something that is asked for. */
export interface IAsked<T> {
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  readonly value?: T;
  readonly error?: ProblemError;
}

/** Which rows are shown: all, those of a partition, or those of a snapshot. */
export interface IRowsOf {
  readonly partition?: string;
  readonly snapshot?: string;
}

/** How the page of a table stands. */
export interface IPageState {
  readonly part: TablePart;
  readonly rowsOf: IRowsOf;
  readonly preview: IAsked<Preview>;
  readonly profile: IAsked<Profile>;
}

/** So many rows are shown. */
export const ROWS = 100;

/** The page of one table: which part is shown, its first rows, and what its values are like. */
export class PageModel extends StateModel<IPageState> {
  constructor(options: { client: Client; ref: ITableRef; part?: TablePart }) {
    super({
      part: options.part ?? 'columns',
      rowsOf: {},
      preview: { phase: 'idle' },
      profile: { phase: 'idle' }
    });
    this._client = options.client;
    this.ref = options.ref;
  }

  readonly ref: ITableRef;

  /** Shows a part; what it needs is asked for. */
  show(part: TablePart): void {
    this.setState({ part });
    this.load();
  }

  /** Asks for what the part that is shown needs, where it is not there. */
  load(): void {
    const { part, preview, profile } = this.state;
    if (part === 'preview' && preview.phase === 'idle') void this.readPreview();
    if (part === 'profile' && profile.phase === 'idle') void this.readProfile();
  }

  /** Shows the rows of a partition or a snapshot, or of all. */
  showRows(rowsOf: IRowsOf): void {
    this.setState({ part: 'preview', rowsOf });
    void this.readPreview();
  }

  async readPreview(): Promise<void> {
    const { source, schema, table } = this.ref;
    const query = { schema, table, limit: ROWS, ...this.state.rowsOf };
    const call = (signal: AbortSignal) =>
      this._client.call(tableRoutes.preview, { params: { source }, query }, { signal });
    await this._ask('preview', call, preview => this.setState({ preview }));
  }

  async readProfile(): Promise<void> {
    const { source, schema, table } = this.ref;
    const call = (signal: AbortSignal) =>
      this._client.call(tableRoutes.profile, { params: { source }, query: { schema, table } }, { signal });
    await this._ask('profile', call, profile => this.setState({ profile }));
  }

  override dispose(): void {
    for (const asking of this._asking.values()) asking.abort();
    super.dispose();
  }

  /** Asks anew; an answer to what was asked before counts no more. */
  private async _ask<T>(
    what: string,
    call: (signal: AbortSignal) => Promise<T>,
    set: (asked: IAsked<T>) => void
  ): Promise<void> {
    this._asking.get(what)?.abort();
    const asking = new AbortController();
    this._asking.set(what, asking);
    set({ phase: 'loading' });
    try {
      const value = await call(asking.signal);
      if (this._asking.get(what) === asking) set({ phase: 'ready', value });
    } catch (error) {
      if (this._asking.get(what) !== asking || isAbort(error)) return;
      set({ phase: 'failed', error: asProblem(error) });
    }
  }

  private readonly _client: Client;
  private readonly _asking = new Map<string, AbortController>();
}
