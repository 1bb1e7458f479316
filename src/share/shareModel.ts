import type { ISignal } from '@lumino/signaling';
import type { ProblemError } from '../../contract/problem.js';
import type { Job } from '../../contract/jobs.js';
import { libraryRoutes } from '../../contract/share/library.js';
import { publishRoutes } from '../../contract/share/publish.js';
import type { ShareResult, ShareState } from '../../contract/share/publish.js';
import type { ILakesideApi, ILakesideChange } from '../tokens.js';
import { asProblem, isAbort } from './library/failure.js';
import { StateModel } from '../stateModel.js';
import type { JobModel } from './jobModel.js';
import { markOf } from './shareMark.js';
import type { ShareMark } from './shareMark.js';
import type { IPublishChoice, Publisher } from './publisher.js';
import type { IShareSource, SourceChange } from './source/types.js';

/** What views show of a notebook that is, or may be, shared. */
export interface IShareModelState {
  readonly path: string;
  readonly fileName: string;
  /** Changes on the screen that are not in the file. */
  readonly dirty: boolean;
  /** What the server last said. */
  readonly known?: ShareState;
  /** Why the server could not say. */
  readonly problem?: ProblemError;
  /** What is being done before a job exists; its words. */
  readonly preparing?: 'save' | 'upload' | 'start';
  /** The share under way, or the one that ended last. */
  readonly job?: JobModel;
  readonly mark: ShareMark;
}

/** Whether anybody looks at this browser tab. */
export interface IVisibility {
  readonly hidden: boolean;
  readonly changed: ISignal<unknown, void>;
}

/** What the model of a notebook needs. */
export interface IShareModelOptions {
  api: ILakesideApi;
  source: IShareSource;
  publisher: Publisher;
  visibility: IVisibility;
  now: () => number;
}

/** After a save the file is asked about so much later, in milliseconds: saves come in bursts. */
const SETTLE_MS = 300;
/** An answer older than this is renewed when the tab is looked at again. */
const STALE_MS = 30_000;

/**
 * One notebook and its page: what the server knows, what is under way, and what a person can do.
 *
 * #### Notes
 * It asks the server when something happened (opened, saved, renamed, shared, tab shown again), never by a timer, and
 * not while the tab is hidden.
 */
export class ShareModel extends StateModel<IShareModelState> {
  constructor(options: IShareModelOptions) {
    const { api, source, visibility } = options;
    super({ path: source.path, fileName: source.fileName, dirty: source.dirty, mark: 'unknown' });
    this._options = options;
    source.changed.connect(this._onSource);
    api.changed.connect(this._onElsewhere);
    visibility.changed.connect(this._onVisibility);
  }

  get source(): IShareSource {
    return this._options.source;
  }

  /** Whether a share of this notebook is under way. */
  get busy(): boolean {
    return isBusy(this.state);
  }

  /**
   * Asks the server how the notebook stands. A call that comes meanwhile makes it ask once more, and shares that answer.
   *
   * @returns what the server says, also kept in the state; undefined where it could not say
   */
  refresh(): Promise<ShareState | undefined> {
    clearTimeout(this._timer);
    this._timer = undefined;
    this._again = this._asking !== undefined;
    this._asking ??= this._askUntilQuiet().finally(() => (this._asking = undefined));
    return this._asking;
  }

  /** Refreshes unless the last answer is still good. */
  async ensure(): Promise<void> {
    if (this._options.now() - this._askedAt > STALE_MS) await this.refresh();
  }

  /**
   * Publishes what the person chose.
   *
   * @returns the job, as soon as it exists; follow it by itself
   * @throws ProblemError when it could not be started; an abort where the person cancelled before
   */
  async publish(choice: IPublishChoice): Promise<JobModel> {
    this._abort = new AbortController();
    this._set({ preparing: 'start' });
    try {
      const job = await this._options.publisher.start({
        source: this.source,
        known: this.state.known,
        choice,
        signal: this._abort.signal,
        onPhase: preparing => this._set({ preparing })
      });
      this.state.job?.stateChanged.disconnect(this._onJob);
      job.stateChanged.connect(this._onJob);
      this._set({ job });
      void job.finished.then(ended => this._ended(ended, job.result));
      return job;
    } finally {
      this._set({ preparing: undefined });
    }
  }

  /** Cancels what is under way. */
  async cancel(): Promise<void> {
    this._abort?.abort();
    await this.state.job?.cancel();
  }

  /** Takes the page out of the Library. */
  async unshare(): Promise<void> {
    await this._change(libraryRoutes.delete, 'deleted');
  }

  /** Brings the page back. */
  async restore(): Promise<void> {
    await this._change(libraryRoutes.restore, 'restored');
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._options.source.changed.disconnect(this._onSource);
    this._options.api.changed.disconnect(this._onElsewhere);
    this._options.visibility.changed.disconnect(this._onVisibility);
    this.state.job?.stateChanged.disconnect(this._onJob);
    super.dispose();
  }

  private async _askUntilQuiet(): Promise<ShareState | undefined> {
    let known = await this._ask();
    while (this._again && !this.isDisposed) {
      this._again = false;
      known = await this._ask();
    }
    return known;
  }

  private async _ask(): Promise<ShareState | undefined> {
    const { api, source, now } = this._options;
    const path = source.path;
    try {
      const client = await api.background();
      const known = await client.call(publishRoutes.state, {
        query: { path, ...(source.metadataId !== undefined && { metadataId: source.metadataId }) }
      });
      // Renamed meanwhile: the answer is about a name that is gone.
      if (source.path !== path) return await this._ask();
      this._askedAt = now();
      this._set({ known, problem: undefined });
      return known;
    } catch (error) {
      if (source.path !== path) return this._ask();
      if (!isAbort(error)) this._set({ problem: asProblem(error) });
      return undefined;
    }
  }

  private async _change(route: typeof libraryRoutes.delete, action: 'deleted' | 'restored'): Promise<void> {
    const { known } = this.state;
    if (known === undefined) return;
    const { api } = this._options;
    const client = await api.client();
    await client.call(route, { params: { notebookId: known.notebookId } });
    api.announce({ notebookId: known.notebookId, action });
    await this.refresh();
  }

  private async _ended(job: Job, result: ShareResult | undefined): Promise<void> {
    const { api, publisher } = this._options;
    if (job.state === 'succeeded' && result !== undefined) {
      await publisher.settle(this.source, result).catch(() => undefined);
      api.announce({ notebookId: result.notebookId, action: 'published' });
    }
    if (!this.isDisposed) await this.refresh();
  }

  private readonly _onSource = (_: unknown, change: SourceChange): void => {
    const { source } = this._options;
    // Every key that is pressed comes here.
    if (change === 'content' && source.dirty === this.state.dirty) return;
    this._set({ dirty: source.dirty, path: source.path, fileName: source.fileName });
    if (change !== 'content') this._refreshSoon();
  };

  private readonly _onJob = (): void => {
    this._set({});
  };

  private readonly _onElsewhere = (_: unknown, change: ILakesideChange): void => {
    if (change.notebookId === this.state.known?.notebookId) this._refreshSoon();
  };

  private readonly _onVisibility = (): void => {
    const { visibility, now } = this._options;
    if (visibility.hidden) return;
    if (this._stale || now() - this._askedAt > STALE_MS) this._refreshSoon();
  };

  private _refreshSoon(): void {
    this._stale = this._options.visibility.hidden;
    if (this._stale || this.isDisposed) return;
    clearTimeout(this._timer);
    this._timer = setTimeout(() => void this.refresh(), SETTLE_MS);
  }

  private _set(change: Partial<Omit<IShareModelState, 'mark'>>): void {
    const next = { ...this.state, ...change };
    this.setState({ ...change, mark: markOf({ ...next, busy: isBusy(next) }) });
  }

  private readonly _options: IShareModelOptions;
  private _asking: Promise<ShareState | undefined> | undefined;
  private _again = false;
  private _askedAt = -Infinity;
  private _stale = false;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort: AbortController | undefined;
}

function isBusy({ job, preparing }: Pick<IShareModelState, 'job' | 'preparing'>): boolean {
  return preparing !== undefined || (job !== undefined && job.state.endedAt === undefined);
}
