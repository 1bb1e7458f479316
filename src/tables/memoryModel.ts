import { Dialect } from '../../contract/tables/records.js';
import { StateModel } from '../stateModel.js';
import { keyOf, refOf } from './refs.js';
import type { ITableRef } from './refs.js';

/** What is remembered of a person's work with tables. */
export interface IMemoryState {
  /** As they were chosen. */
  readonly favourites: readonly ITableRef[];
  /** The last one first. */
  readonly recents: readonly ITableRef[];
  /** The way of writing code that was chosen last. */
  readonly dialect: Dialect;
}

/** Where it is kept. */
export interface IKeep {
  fetch(): Promise<unknown>;
  save(state: IMemoryState): Promise<unknown>;
}

const MOST_RECENTS = 8;

/** Favourites, the tables used last, and the dialect chosen last. */
export class MemoryModel extends StateModel<IMemoryState> {
  constructor(keep: IKeep) {
    super({ favourites: [], recents: [], dialect: 'sql' });
    this._keep = keep;
  }

  /** Brings what was kept, beside what was chosen while it came. Where nothing can be read it begins anew. */
  async load(): Promise<void> {
    const kept = ((await this._keep.fetch().catch(() => undefined)) ?? {}) as Record<string, unknown>;
    const dialect = Dialect.safeParse(kept['dialect']);
    const { favourites, recents } = this.state;
    const all = {
      favourites: eachOnce([...refs(kept['favourites']), ...favourites]),
      recents: eachOnce([...recents, ...refs(kept['recents'])]).slice(0, MOST_RECENTS),
      ...(dialect.success && !this._hasChosen && { dialect: dialect.data })
    };
    const isChanged = this._hasChosen || favourites.length + recents.length > 0;
    if (isChanged) this._set(all);
    else this.setState(all);
  }

  isFavourite(ref: ITableRef): boolean {
    return this.state.favourites.some(each => keyOf(each) === keyOf(ref));
  }

  /** Makes a table a favourite, or makes it none. */
  toggleFavourite(ref: ITableRef): void {
    const others = this.state.favourites.filter(each => keyOf(each) !== keyOf(ref));
    this._set({ favourites: others.length < this.state.favourites.length ? others : [...others, ref] });
  }

  /** Puts a table at the top of those used last. */
  use(ref: ITableRef): void {
    const others = this.state.recents.filter(each => keyOf(each) !== keyOf(ref));
    this._set({ recents: [ref, ...others].slice(0, MOST_RECENTS) });
  }

  choose(dialect: Dialect): void {
    this._hasChosen = true;
    if (dialect !== this.state.dialect) this._set({ dialect });
  }

  private _set(change: Partial<IMemoryState>): void {
    this.setState(change);
    // What cannot be kept is forgotten with the page.
    this._keep.save(this.state).catch(() => undefined);
  }

  private _hasChosen = false;
  private readonly _keep: IKeep;
}

function eachOnce(all: readonly ITableRef[]): ITableRef[] {
  const keys = all.map(keyOf);
  return all.filter((ref, at) => keys.indexOf(keyOf(ref)) === at);
}

function refs(value: unknown): ITableRef[] {
  return Array.isArray(value) ? value.map(refOf).filter(ref => ref !== undefined) : [];
}
