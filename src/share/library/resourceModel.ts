import type { ProblemError } from '../../../contract/problem.js';
import { asProblem, isAbort } from './failure.js';
import { StateModel } from '../../stateModel.js';

/** How far one answer of the server is. */
export interface IResourceState<T> {
  /** `loading` and `failed` mean that there is nothing to show. */
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly value?: T;
  /** Why the last call failed; with a value it means that the value may be out of date. */
  readonly error?: ProblemError;
}

/** One answer of the server, kept while it is asked for again. */
export class ResourceModel<T> extends StateModel<IResourceState<T>> {
  /** @param load - fetches the value; the signal says that nobody waits for it any more */
  constructor(load: (signal: AbortSignal) => Promise<T>) {
    super({ phase: 'loading' });
    this._load = load;
  }

  /** Fetches the value unless that was done, or is under way. */
  ensure(): void {
    if (!this._started) void this.refresh();
  }

  /** Fetches the value again; the one there is stays until then. */
  async refresh(): Promise<void> {
    this._started = true;
    this._abort.abort();
    const abort = (this._abort = new AbortController());
    if (this.state.phase === 'failed') this.setState({ phase: 'loading', error: undefined });
    try {
      const value = await this._load(abort.signal);
      if (!abort.signal.aborted) this.setState({ phase: 'ready', value, error: undefined });
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      this.setState({ error: asProblem(error), ...(this.state.phase !== 'ready' && { phase: 'failed' }) });
    }
  }

  /** Puts a value there that is known to be the newest. */
  replace(value: T): void {
    this._started = true;
    this._abort.abort();
    this.setState({ phase: 'ready', value, error: undefined });
  }

  override dispose(): void {
    this._abort.abort();
    super.dispose();
  }

  private readonly _load: (signal: AbortSignal) => Promise<T>;
  private _abort = new AbortController();
  private _started = false;
}
