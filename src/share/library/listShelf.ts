import type { Client } from '../../../contract/client.js';
import type { LibraryItem } from '../../../contract/share/records.js';
import type { IAlteration } from './actions.js';
import { LibraryListModel } from './listModel.js';
import type { IListQuery } from './listQuery.js';

/** A list as it was left: its rows, and where the person was in it. */
export interface IShelvedList {
  model: LibraryListModel;
  place: { top: number; active: number };
}

const MOST = 6;

/** Keeps the lists gone through, so that coming back shows them as they were left. */
export class ListShelf {
  constructor(client: Client) {
    this._client = client;
  }

  /** The list of a page. */
  get(key: string, query: IListQuery): IShelvedList {
    const known = this._lists.get(key);
    if (known) return known;
    const made = { model: new LibraryListModel({ client: this._client, query }), place: { top: 0, active: 0 } };
    void made.model.refresh();
    this._lists.set(key, made);
    const [oldest] = this._lists.keys();
    if (this._lists.size > MOST && oldest !== undefined) {
      this._lists.get(oldest)?.model.dispose();
      this._lists.delete(oldest);
    }
    return made;
  }

  /** Brings the lists in step with what a person did. */
  follow(kind: IAlteration['kind'], item: LibraryItem): void {
    for (const { model } of this._lists.values()) {
      const wanted = model.state.query.deleted === (item.deletedAt !== undefined);
      if (kind === 'described') model.replace(item);
      else if (wanted) void model.refresh();
      else model.remove(item.notebookId);
    }
  }

  /** Asks again for every list that was not asked for within so many milliseconds. */
  refresh(olderThan = 0): void {
    for (const { model } of this._lists.values()) model.refreshIfOlder(olderThan);
  }

  private readonly _client: Client;
  private readonly _lists = new Map<string, IShelvedList>();
}
