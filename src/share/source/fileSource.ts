import { PathExt } from '@jupyterlab/coreutils';
import type { Contents } from '@jupyterlab/services';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Provenance } from '../../../contract/share/records.js';
import type { IDrives } from './drives.js';
import type { IShareSource, SourceChange } from './types.js';

/** What a file needs to be shared. */
export interface IFileSourceOptions {
  /** Its path with its drive. */
  path: string;
  contents: Contents.IManager;
  drives: IDrives;
}

/**
 * A notebook that is not open. Its file is read, never written: the binding of path and id lies with Lakeside.
 */
export class FileSource implements IShareSource {
  constructor(options: IFileSourceOptions) {
    this._options = options;
    this._path = options.path;
    options.contents.fileChanged.connect(this._onFile);
  }

  readonly dirty = false;
  readonly writable = false;
  readonly metadataId = undefined;
  readonly suggestedTitle = undefined;

  get path(): string {
    return this._options.drives.pathOf(this._path);
  }

  get fileName(): string {
    return PathExt.basename(this._path);
  }

  get remote(): boolean {
    return this._options.drives.isRemote(this._path);
  }

  get revision(): number {
    return this._revision;
  }

  get changed(): ISignal<this, SourceChange> {
    return this._changed;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  async content(): Promise<string> {
    const model = await this._options.contents.get(this._path, { type: 'notebook', content: true });
    return JSON.stringify(model.content);
  }

  adopt(): boolean {
    return false;
  }

  save(): Promise<void> {
    return Promise.resolve();
  }

  facts(): Promise<Provenance> {
    return Promise.resolve({});
  }

  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    this._options.contents.fileChanged.disconnect(this._onFile);
    Signal.clearData(this);
  }

  private readonly _onFile = (_: unknown, change: Contents.IChangedArgs): void => {
    if (change.type === 'rename' && change.oldValue?.path === this._path && change.newValue?.path) {
      this._path = change.newValue.path;
      this._changed.emit('path');
    } else if (change.type === 'save' && change.newValue?.path === this._path) {
      this._revision += 1;
      this._changed.emit('saved');
    }
  };

  private readonly _options: IFileSourceOptions;
  private readonly _changed = new Signal<this, SourceChange>(this);
  private _path: string;
  private _revision = 0;
  private _isDisposed = false;
}
