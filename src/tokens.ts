import { Token } from '@lumino/coreutils';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../contract/client.js';
import type { Status } from '../contract/system.js';

/** Something of the Library changed in this browser tab. */
export interface ILakesideChange {
  /** The notebook it happened to. */
  notebookId: string;
  /** What happened. */
  action: 'published' | 'described' | 'deleted' | 'restored';
}

/**
 * The way to Lakeside's services.
 *
 * #### Notes
 * The clients and the contract behind them are loaded with the first call, not with the application.
 */
export interface ILakesideApi {
  /** Absolute address of Lakeside on this Jupyter server, with a slash at its end. */
  readonly baseUrl: string;

  /** The client for what a person asked for. */
  client(): Promise<Client>;

  /** The client for what nobody asked for: its calls do not keep an idle server alive. */
  background(): Promise<Client>;

  /** What runs on the server; asked once, again after a failure. */
  status(): Promise<Status>;

  /**
   * The absolute address of a page.
   *
   * @param page - as answers name it, relative to Lakeside: `library/notebooks/<id>`
   */
  address(page: string): string;

  /** Emitted after this tab changed something of the Library, so that the surfaces showing it can follow. */
  readonly changed: ISignal<ILakesideApi, ILakesideChange>;

  /** Tells the other surfaces about a change. */
  announce(change: ILakesideChange): void;
}

/** The token of the way to Lakeside's services. */
export const ILakesideApi = new Token<ILakesideApi>(
  'jupyterlab-lakeside:ILakesideApi',
  'The typed client of the Lakeside services beside this Jupyter server.'
);
