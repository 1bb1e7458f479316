import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../contract/client.js';
import { historyRoutes } from '../../contract/history/history.js';
import type { HistoryDiff, HistoryNotebook, HistoryVersion } from '../../contract/history/records.js';
import type { ProblemError } from '../../contract/problem.js';
import { asProblem, isAbort } from '../api/problems.js';

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
export class HistoryModel {
  constructor(client: Client, of: HistoryOf) {
    this._client = client;
    this._of = of;
  }

  get state(): IHistoryState {
    return this._state;
  }

  get stateChanged(): ISignal<this, IHistoryState> {
    return this._changed;
  }

  /** The version that is chosen. */
  get version(): HistoryVersion | undefined {
    return this._state.versions.find(version => version.versionId === this._state.selected);
  }

  /** The notebook was renamed. */
  moveTo(path: string): void {
    if ('path' in this._of) this._of = { path };
  }

  /** Loads the newest versions; what is chosen stays. Older ones that were loaded are kept. */
  async refresh(): Promise<void> {
    const call = ++this._call;
    if (this._state.phase === 'failed') this._set({ phase: 'loading', error: undefined });
    try {
      const timeline = await this._client.call(historyRoutes.timeline, { query: { ...this._of } });
      if (call !== this._call) return;
      const oldest = timeline.versions.at(-1)?.versionId;
      const older = oldest === undefined ? [] : this._state.versions.filter(each => each.versionId < oldest);
      const versions = [...timeline.versions, ...older];
      const { selected } = this._state;
      const stays = versions.some(each => each.versionId === selected);
      const isNewest = selected === undefined || selected === this._state.versions[0]?.versionId;
      const chosen = stays && !isNewest ? selected : versions[0]?.versionId;
      this._set({
        phase: 'ready',
        error: undefined,
        enabled: timeline.enabled,
        notebook: timeline.notebook,
        versions,
        next: older.length > 0 ? this._state.next : timeline.next
      });
      if (chosen !== selected || this._state.against === 'now') this._choose(chosen, this._state.against);
    } catch (error) {
      if (call !== this._call || isAbort(error)) return;
      this._set({ error: asProblem(error), ...(this._state.phase !== 'ready' && { phase: 'failed' as const }) });
    }
  }

  /** Loads older versions. */
  async more(): Promise<void> {
    const { next, loadingMore } = this._state;
    if (next === undefined || loadingMore) return;
    this._set({ loadingMore: true });
    try {
      const timeline = await this._client.call(historyRoutes.timeline, { query: { ...this._of, before: next } });
      this._set({ versions: [...this._state.versions, ...timeline.versions], next: timeline.next, loadingMore: false });
    } catch (error) {
      this._set({ error: asProblem(error), loadingMore: false });
    }
  }

  /** Chooses a version to look at. */
  select(versionId: string): void {
    if (versionId !== this._state.selected) this._choose(versionId, this._state.against);
  }

  /** Chooses what it is compared with. */
  compareWith(against: Against): void {
    if (against !== this._state.against) this._choose(this._state.selected, against);
  }

  /** Compares again. */
  retryDiff(): void {
    this._choose(this._state.selected, this._state.against);
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

  dispose(): void {
    this._call++;
    this._abort.abort();
    Signal.clearData(this);
  }

  private _choose(selected: string | undefined, against: Against): void {
    this._abort.abort();
    this._abort = new AbortController();
    this._set({ selected, against, diff: selected === undefined ? undefined : { phase: 'loading' } });
    if (selected !== undefined) void this._compare(selected, against, this._abort.signal);
  }

  private async _compare(selected: string, against: Against, signal: AbortSignal): Promise<void> {
    const newest = this._state.versions[0]?.versionId ?? selected;
    const call =
      against === 'now'
        ? { params: this._version(newest), query: { against: selected } }
        : { params: this._version(selected) };
    try {
      const diff = await this._client.call(historyRoutes.diff, call, { signal });
      if (!signal.aborted) this._set({ diff: { phase: 'ready', diff } });
    } catch (error) {
      if (!signal.aborted) this._set({ diff: { phase: 'failed', error: asProblem(error) } });
    }
  }

  private _version(versionId: string): { historyId: string; versionId: string } {
    return { historyId: this._state.notebook?.historyId ?? '', versionId };
  }

  private _set(change: Partial<IHistoryState>): void {
    this._state = { ...this._state, ...change };
    this._changed.emit(this._state);
  }

  private readonly _client: Client;
  private _of: HistoryOf;
  private readonly _changed = new Signal<this, IHistoryState>(this);
  private _state: IHistoryState = {
    phase: 'loading',
    enabled: true,
    versions: [],
    loadingMore: false,
    against: 'before'
  };
  private _call = 0;
  private _abort = new AbortController();
}

async function text(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let all = '';
  for await (const part of stream) all += decoder.decode(part, { stream: true });
  return all + decoder.decode();
}
