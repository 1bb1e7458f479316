import { URLExt } from '@jupyterlab/coreutils';
import type { ServerConnection } from '@jupyterlab/services';
import type { TranslationBundle } from '@jupyterlab/translation';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../contract/client.js';
import type { Status } from '../../contract/system.js';
import type { ILakesideApi, ILakesideChange } from '../tokens.js';
import type { IClients } from './clients.js';

/** What the way to the services needs. */
export interface IApiOptions {
  /** How to reach the Jupyter server. */
  serverSettings: ServerConnection.ISettings;
  trans: TranslationBundle;
  /** Told once when the server runs another version than this page. */
  onVersion: (running: string) => void;
}

/** The way to the services; loads the clients when they are first asked for. */
export class LakesideApi implements ILakesideApi {
  readonly baseUrl: string;

  constructor(options: IApiOptions) {
    this._options = options;
    this.baseUrl = URLExt.join(options.serverSettings.baseUrl, 'lakeside/');
  }

  get changed(): ISignal<ILakesideApi, ILakesideChange> {
    return this._changed;
  }

  async client(): Promise<Client> {
    return (await this._load()).person;
  }

  async background(): Promise<Client> {
    return (await this._load()).background;
  }

  status(): Promise<Status> {
    this._status ??= this._load()
      .then(({ readStatus }) => readStatus())
      .catch((error: unknown) => {
        this._status = undefined;
        throw error;
      });
    return this._status;
  }

  address(page: string): string {
    return URLExt.join(this.baseUrl, page);
  }

  announce(change: ILakesideChange): void {
    this._changed.emit(change);
  }

  private _load(): Promise<IClients> {
    this._clients ??= import('./clients.js')
      .then(({ createClients }) => createClients({ ...this._options, baseUrl: this.baseUrl }))
      .catch((error: unknown) => {
        // A later call tries again: the chunk may have been unreachable for a moment.
        this._clients = undefined;
        throw error;
      });
    return this._clients;
  }

  private _options: IApiOptions;
  private _clients: Promise<IClients> | undefined;
  private _status: Promise<Status> | undefined;
  private _changed = new Signal<ILakesideApi, ILakesideChange>(this);
}
