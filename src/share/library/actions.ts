import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../../contract/client.js';
import type { ProblemError } from '../../../contract/problem.js';
import { libraryRoutes } from '../../../contract/share/library.js';
import type { DetailsChange } from '../../../contract/share/library.js';
import type { LibraryItem, LibraryNotebook } from '../../../contract/share/records.js';
import { asProblem } from './failure.js';
import { StateModel } from '../../stateModel.js';
import type { ILibraryText } from './text.js';

/** Something to tell the person, with at most one thing to do about it. */
export interface INotice {
  kind: 'success' | 'error';
  message: string;
  error?: ProblemError;
  action?: { label: string; run: () => void };
}

/** A notebook of the Library that is not as it was. */
export interface IAlteration {
  kind: 'described' | 'deleted' | 'restored';
  notebook: LibraryNotebook;
}

/** Which version to copy, and how the copy is named. */
export interface IForkSource {
  notebookId: string;
  /** Absent: the newest. */
  versionId?: string;
  title: string;
}

/** What the actions need. */
export interface IActionsOptions {
  client: Client;
  trans: ILibraryText;
  /** Copies a notebook among the person's files and says where. */
  fork: (source: IForkSource) => Promise<IForked>;
  copyText: (text: string) => Promise<void>;
}

/** Where a copy went. */
export interface IForked {
  path: string;
  /** Opens the copy; absent where it is open already. */
  open?: () => void;
  /** Goes from this page to the copy; absent where it is open already. */
  go?: () => void;
}

/** What people do with notebooks of the Library. The state names those that something is being done with. */
export class LibraryActions extends StateModel<{ readonly busy: ReadonlySet<string> }> {
  constructor(options: IActionsOptions) {
    super({ busy: new Set() });
    this._options = options;
  }

  /** Tells the person how something went. */
  get noticed(): ISignal<this, INotice> {
    return this._noticed;
  }

  /** Says that a notebook is not as it was. */
  get altered(): ISignal<this, IAlteration> {
    return this._altered;
  }

  /** Takes a notebook out of the Library and offers to undo that. */
  delete(item: LibraryItem): Promise<boolean> {
    const { client, trans } = this._options;
    return this._do(item, async () => {
      const params = { notebookId: item.notebookId };
      const notebook = await client.call(libraryRoutes.delete, { params });
      this._altered.emit({ kind: 'deleted', notebook });
      this._noticed.emit({
        kind: 'success',
        message: trans.__('"%1" is out of the Library. It can be restored for 30 days.', item.title),
        action: { label: trans.__('Undo'), run: () => void this.restore(item) }
      });
    });
  }

  /** Brings a deleted notebook back. */
  restore(item: LibraryItem): Promise<boolean> {
    const { client, trans } = this._options;
    return this._do(item, async () => {
      const params = { notebookId: item.notebookId };
      const notebook = await client.call(libraryRoutes.restore, { params });
      this._altered.emit({ kind: 'restored', notebook });
      this._noticed.emit({ kind: 'success', message: trans.__('"%1" is back in the Library.', item.title) });
    });
  }

  /** Copies a version among the person's files. */
  fork(source: IForkSource): Promise<boolean> {
    const { trans } = this._options;
    return this._do(source, async () => {
      const forked = await this._options.fork(source);
      this._noticed.emit({
        kind: 'success',
        message: trans.__('Copied to %1.', forked.path),
        ...(forked.open && { action: { label: trans.__('Open'), run: forked.open } })
      });
    });
  }

  /** Copies a version among the person's files, and goes to the copy. */
  forkAndGo(source: IForkSource): Promise<boolean> {
    return this._do(source, async () => (await this._options.fork(source)).go?.());
  }

  /**
   * Changes title, tags, groups or audience.
   *
   * @throws ProblemError naming the fields, for the form to show
   */
  async change(notebookId: string, change: DetailsChange): Promise<void> {
    const notebook = await this._options.client.call(libraryRoutes.change, { params: { notebookId }, body: change });
    this._altered.emit({ kind: 'described', notebook });
  }

  /** Puts an absolute address on the clipboard. */
  async copyLink(address: string): Promise<void> {
    const { trans } = this._options;
    try {
      await this._options.copyText(address);
      this._noticed.emit({ kind: 'success', message: trans.__('The link is on the clipboard.') });
    } catch {
      this._noticed.emit({
        kind: 'error',
        message: trans.__('The browser does not let the page write to the clipboard. The link is: %1', address)
      });
    }
  }

  /** Does something with one notebook; a failure is told, not thrown. True where it went well. */
  private async _do(item: { notebookId: string }, work: () => Promise<void>): Promise<boolean> {
    const { trans } = this._options;
    this._setBusy(item.notebookId, true);
    try {
      await work();
      return true;
    } catch (thrown) {
      const error = asProblem(thrown);
      this._noticed.emit({
        kind: 'error',
        message: error.message,
        error,
        action: { label: trans.__('Retry'), run: () => void this._do(item, work) }
      });
      return false;
    } finally {
      this._setBusy(item.notebookId, false);
    }
  }

  private _setBusy(notebookId: string, busy: boolean): void {
    const all = new Set(this.state.busy);
    if (busy) all.add(notebookId);
    else all.delete(notebookId);
    this.setState({ busy: all });
  }

  private readonly _options: IActionsOptions;
  private readonly _noticed = new Signal<this, INotice>(this);
  private readonly _altered = new Signal<this, IAlteration>(this);
}
