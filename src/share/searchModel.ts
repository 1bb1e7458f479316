import type { ProblemError } from '../../contract/problem.js';
import { asProblem, isAbort } from './library/failure.js';
import { StateModel } from '../stateModel.js';

/** What a search shows. */
export interface ISearchState<T> {
  /** `idle`: nobody searched yet. While it loads, what was found before stays. */
  readonly phase: 'idle' | 'loading' | 'ready' | 'failed';
  /** What was searched for last. */
  readonly text: string;
  readonly found: readonly T[];
  readonly problem?: ProblemError;
}

/** A search waits so long for the next key, in milliseconds. */
const PAUSE_MS = 200;

/** Searches on the server while a person types: one call at a time, the last text wins. */
export class SearchModel<T> extends StateModel<ISearchState<T>> {
  /** @param search - asks the server; the signal says that nobody waits for it any more */
  constructor(search: (text: string, signal: AbortSignal) => Promise<readonly T[]>) {
    super({ phase: 'idle', text: '', found: [] });
    this._search = search;
  }

  /** Searches for what is typed, after a pause. */
  type(text: string): void {
    this.stop();
    this.setState({ text, phase: 'loading', problem: undefined });
    this._timer = setTimeout(() => void this.now(text), PAUSE_MS);
  }

  /** Searches at once. */
  async now(text: string): Promise<void> {
    this.stop();
    const abort = (this._abort = new AbortController());
    this.setState({ text, phase: 'loading', problem: undefined });
    try {
      const found = await this._search(text, abort.signal);
      if (!abort.signal.aborted) this.setState({ phase: 'ready', found });
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      this.setState({ phase: 'failed', found: [], problem: asProblem(error) });
    }
  }

  /** Gives up what is under way; what was found stays. */
  stop(): void {
    clearTimeout(this._timer);
    this._abort?.abort();
    if (this.state.phase === 'loading') this.setState({ phase: 'idle' });
  }

  override dispose(): void {
    this.stop();
    super.dispose();
  }

  private readonly _search: (text: string, signal: AbortSignal) => Promise<readonly T[]>;
  private _abort: AbortController | undefined;
  private _timer: ReturnType<typeof setTimeout> | undefined;
}
