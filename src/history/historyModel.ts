import type { Client } from '../../contract/client.js';
import { historyRoutes } from '../../contract/history/history.js';
import type { HistoryDiff, HistoryNotebook, HistoryVersion } from '../../contract/history/records.js';
import type { ProblemError } from '../../contract/problem.js';
import { asProblem, isAbort } from '../api/problems.js';
import { StateModel } from '../stateModel.js';

/** Against what a version is shown: the one before it, or the newest one. */
export type Against = 'before' | 'now';

/** What is compared with the chosen version, and how far that is. */
export interface IDiffState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly diff?: HistoryDiff;
  readonly error?: ProblemError;
}

/** How the history of one notebook stands. */
export interface IHistoryState {
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly error?: ProblemError;
  readonly enabled: boolean;
  readonly notebook?: HistoryNotebook;
  /** Newest first. */
  readonly versions: readonly HistoryVersion[];
  /** There are older ones than those. */
  readonly next?: string;
  readonly loadingMore: boolean;
  readonly selected?: string;
  readonly against: Against;
  readonly diff?: IDiffState;
}

/** Whose history it is. */
export type HistoryOf = { path: string } | { historyId: string };

/** The versions of one notebook, the chosen one of them, and what changed in it. */
export class HistoryModel extends StateModel<IHistoryState> {
  constructor(client: Client, of: HistoryOf) {
    super({ phase: 'loading', enabled: true, versions: [], loadingMore: false, against: 'before' });
    this._client = client;
    this._of = of;
  }

  /** The version that is chosen. */
  get version(): HistoryVersion | undefined {
    return this.state.versions.find(version => version.versionId === this.state.selected);
  }

  /** The notebook was renamed. */
  moveTo(path: string): void {
    if ('path' in this._of) this._of = { path };
  }

  /** Loads the newest versions; what is chosen stays. Older ones that were loaded are kept. */
  async refresh(): Promise<void> {
    const call = ++this._call;
    if (this.state.phase === 'failed') this.setState({ phase: 'loading', error: undefined });
    try {
      const timeline = await this._client.call(historyRoutes.timeline, { query: { ...this._of } });
      if (call !== this._call) return;
      const oldest = timeline.versions.at(-1)?.versionId;
      const older = oldest === undefined ? [] : this.state.versions.filter(each => each.versionId < oldest);
      const versions = [...timeline.versions, ...older];
      const { selected } = this.state;
      const stays = versions.some(each => each.versionId === selected);
      const isNewest = selected === undefined || selected === this.state.versions[0]?.versionId;
      const chosen = stays && !isNewest ? selected : versions[0]?.versionId;
      this.setState({
        phase: 'ready',
        error: undefined,
        enabled: timeline.enabled,
        notebook: timeline.notebook,
        versions,
        next: older.length > 0 ? this.state.next : timeline.next
      });
      if (chosen !== selected || this.state.against === 'now') this._choose(chosen, this.state.against);
    } catch (error) {
      if (call !== this._call || isAbort(error)) return;
      this.setState({ error: asProblem(error), ...(this.state.phase !== 'ready' && { phase: 'failed' as const }) });
    }
  }

  /** Loads older versions. */
  async more(): Promise<void> {
    const { next, loadingMore } = this.state;
    if (next === undefined || loadingMore) return;
    this.setState({ loadingMore: true });
    try {
      const timeline = await this._client.call(historyRoutes.timeline, { query: { ...this._of, before: next } });
      this.setState({
        versions: [...this.state.versions, ...timeline.versions],
        next: timeline.next,
        loadingMore: false
      });
    } catch (error) {
      this.setState({ error: asProblem(error), loadingMore: false });
    }
  }

  /** Chooses a version to look at. */
  select(versionId: string): void {
    if (versionId !== this.state.selected) this._choose(versionId, this.state.against);
  }

  /** Chooses what it is compared with. */
  compareWith(against: Against): void {
    if (against !== this.state.against) this._choose(this.state.selected, against);
  }

  /** Compares again. */
  retryDiff(): void {
    this._choose(this.state.selected, this.state.against);
  }

  /** A cell of a version. @throws ProblemError */
  async cell(versionId: string, number: number): Promise<unknown> {
    const params = { ...this._version(versionId), number };
    const { stream } = await this._client.call(historyRoutes.cell, { params });
    return JSON.parse(await text(stream)) as unknown;
  }

  /** A whole version. @throws ProblemError */
  async content(versionId: string): Promise<unknown> {
    const { stream } = await this._client.call(historyRoutes.notebook, { params: this._version(versionId) });
    return JSON.parse(await text(stream)) as unknown;
  }

  override dispose(): void {
    this._call++;
    this._abort.abort();
    super.dispose();
  }

  private _choose(selected: string | undefined, against: Against): void {
    this._abort.abort();
    this._abort = new AbortController();
    this.setState({ selected, against, diff: selected === undefined ? undefined : { phase: 'loading' } });
    if (selected !== undefined) void this._compare(selected, against, this._abort.signal);
  }

  private async _compare(selected: string, against: Against, signal: AbortSignal): Promise<void> {
    const newest = this.state.versions[0]?.versionId ?? selected;
    const call =
      against === 'now'
        ? { params: this._version(newest), query: { against: selected } }
        : { params: this._version(selected) };
    try {
      const diff = await this._client.call(historyRoutes.diff, call, { signal });
      if (!signal.aborted) this.setState({ diff: { phase: 'ready', diff } });
    } catch (error) {
      if (!signal.aborted) this.setState({ diff: { phase: 'failed', error: asProblem(error) } });
    }
  }

  private _version(versionId: string): { historyId: string; versionId: string } {
    return { historyId: this.state.notebook?.historyId ?? '', versionId };
  }

  private readonly _client: Client;
  private _of: HistoryOf;
  private _call = 0;
  private _abort = new AbortController();
}

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let all = '';
  for await (const part of stream) all += decoder.decode(part, { stream: true });
  return all + decoder.decode();
}
