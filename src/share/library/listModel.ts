import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import { libraryRoutes } from '../../../contract/share/library.js';
import type { LibraryPage } from '../../../contract/share/library.js';
import type { LibraryItem } from '../../../contract/share/records.js';
import { asProblem, isAbort } from './failure.js';
import { changeQuery, everything, sameQuery } from './listQuery.js';
import type { IListQuery } from './listQuery.js';
import { StateModel } from '../../stateModel.js';

/** What a list of notebooks shows. */
export interface IListState {
  /** What is asked for; what is shown may still be the answer to the query before. */
  readonly query: IListQuery;
  /** `loading`: nothing to show yet. `failed`: nothing to show, and why. */
  readonly phase: 'loading' | 'ready' | 'failed';
  /** The notebooks loaded so far, from the first on. */
  readonly items: readonly LibraryItem[];
  /** All that match, loaded or not. */
  readonly total: number;
  /** True where there are more than `total`. */
  readonly more: boolean;
  /** The query that `items` answer. */
  readonly shown: IListQuery;
  /** A newer answer is on its way; until then the older one is shown. */
  readonly refreshing: boolean;
  /** Why the last call failed. With items it means: what is shown may be out of date or stops early. */
  readonly error?: ProblemError;
}

/** How a list behaves. */
export interface IListOptions {
  client: Client;
  query?: IListQuery;
  /** Milliseconds after the last key before a search is sent. */
  debounce?: number;
}

const FIRST_PAGE = 50;
const NEXT_PAGE = 200;

/** The notebooks that match a query, loaded page by page as far as somebody looks. */
export class LibraryListModel extends StateModel<IListState> {
  constructor(options: IListOptions) {
    const query = options.query ?? everything;
    super({ query, shown: query, phase: 'loading', items: [], total: 0, more: false, refreshing: false });
    this._client = options.client;
    this._debounce = options.debounce ?? 150;
  }

  /** Changes what is asked for. Words are sent a moment after the last key, everything else at once. */
  setQuery(change: Partial<IListQuery>): void {
    const before = this.state.query;
    const query = changeQuery(before, change);
    if (sameQuery(before, query)) {
      if (before.q !== query.q) this.setState({ query });
      return;
    }
    this.setState({ query });
    clearTimeout(this._timer);
    if (before.q !== query.q) this._timer = setTimeout(() => void this.refresh(), this._debounce);
    else void this.refresh();
  }

  /** Asks for something else altogether, at once. */
  show(query: IListQuery): void {
    this.setState({ query });
    void this.refresh();
  }

  /** Asks again. What is shown stays until the answer is there. */
  async refresh(): Promise<void> {
    clearTimeout(this._timer);
    this._abort.abort();
    const abort = (this._abort = new AbortController());
    this._loadingMore = false;
    this._askedAt = Date.now();
    const { query, items } = this.state;
    this.setState({ refreshing: true, error: undefined, ...(items.length === 0 && { phase: 'loading' }) });
    try {
      const page = await this._fetch(query, abort.signal);
      if (abort.signal.aborted) return;
      this._next = page.next;
      this.setState({
        phase: 'ready',
        items: page.items,
        total: page.total,
        more: page.more,
        shown: query,
        refreshing: false
      });
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      // Answers to another question are no older answers to this one.
      const kept = sameQuery(this.state.shown, query) && this.state.phase === 'ready';
      this.setState({
        refreshing: false,
        error: asProblem(error),
        ...(!kept && { phase: 'failed', items: [], total: 0, more: false })
      });
    }
    void this._loadMore();
  }

  /** Asks again unless that happened within so many milliseconds. */
  refreshIfOlder(milliseconds: number): void {
    if (Date.now() - this._askedAt >= milliseconds) void this.refresh();
  }

  /** Says how far somebody looks: notebooks up to this position are loaded. */
  want(position: number): void {
    this._wanted = position;
    void this._loadMore();
  }

  /** Shows a notebook as it is now, where the list has it. */
  replace(item: LibraryItem): void {
    this.setState({
      items: this.state.items.map(old => (old.notebookId === item.notebookId ? { ...item, snippet: old.snippet } : old))
    });
  }

  /** Takes a notebook off the list. */
  remove(notebookId: string): void {
    const items = this.state.items.filter(item => item.notebookId !== notebookId);
    const gone = this.state.items.length - items.length;
    this.setState({ items, total: this.state.total - gone });
  }

  override dispose(): void {
    clearTimeout(this._timer);
    this._abort.abort();
    super.dispose();
  }

  private async _loadMore(): Promise<void> {
    if (this._loadingMore) return;
    const abort = this._abort;
    this._loadingMore = true;
    try {
      while (!this.state.refreshing && this._next !== undefined && this.state.items.length <= this._wanted) {
        const page = await this._fetch(this.state.shown, abort.signal, this._next);
        if (abort.signal.aborted) return;
        this._next = page.next;
        this.setState({ items: merge(this.state.items, page.items), total: page.total, more: page.more });
      }
      if (!this.state.refreshing && this._next === undefined) this._settleTotal();
    } catch (error) {
      if (abort.signal.aborted || isAbort(error)) return;
      this.setState({ error: asProblem(error) });
    } finally {
      if (abort === this._abort) this._loadingMore = false;
    }
  }

  /** Notebooks come and go between two pages; at the end the list is as long as what came. */
  private _settleTotal(): void {
    const { items, total, more, phase } = this.state;
    if (phase === 'ready' && !more && items.length !== total) this.setState({ total: items.length });
  }

  private _fetch(query: IListQuery, signal: AbortSignal, cursor?: string): Promise<LibraryPage> {
    const limit = cursor === undefined ? FIRST_PAGE : NEXT_PAGE;
    const { deleted, q, ...filters } = query;
    return this._client.call(
      libraryRoutes.list,
      { query: { ...filters, q: q.trim(), deleted: deleted ? 'true' : 'false', limit, cursor } },
      { signal }
    );
  }

  private readonly _client: Client;
  private readonly _debounce: number;
  private _timer: ReturnType<typeof setTimeout> | undefined;
  private _abort = new AbortController();
  private _next: string | undefined;
  private _wanted = -1;
  private _loadingMore = false;
  private _askedAt = 0;
}

/** One list after the other; a notebook that moved between two pages stands once. */
function merge(items: readonly LibraryItem[], further: readonly LibraryItem[]): LibraryItem[] {
  const known = new Set(items.map(item => item.notebookId));
  return [...items, ...further.filter(item => !known.has(item.notebookId))];
}
