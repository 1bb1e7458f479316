import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { ScheduleNews } from '../../../contract/schedule/news.js';
import type { NewsModel } from './newsModel.js';

/** What one tab tells the others. */
type Told = { type: 'connected' } | { type: 'news'; news: ScheduleNews };

/** As much of the browser's locks as is used. */
export interface ILocks {
  request(name: string, work: () => Promise<void>): Promise<unknown>;
}

/** What sharing the news between tabs needs. */
export interface INewsOfTabsOptions {
  /** Address of the Lakeside; others on the same host are not meant. */
  base: string;
  /** Makes what follows the news in the tab that has the connection. */
  follow: () => NewsModel;
  /** Missing where the page has none (plain http on another machine): then each tab has a connection of its own. */
  locks: ILocks | undefined;
}

/**
 * The news in all tabs of a browser over one connection.
 *
 * #### Notes
 * A browser keeps at most six connections to a server: with one for each tab, the seventh tab would hang. The tab that
 * holds the lock has the connection and tells the others; when it is closed, the next one takes over.
 */
export class NewsOfTabs {
  constructor(options: INewsOfTabsOptions) {
    const name = `lakeside-schedule-news:${new URL(options.base, globalThis.location.href).pathname}`;
    this._channel = new BroadcastChannel(name);
    this._channel.onmessage = (event: MessageEvent<Told>) => this._hear(event.data);
    const lead = async () => {
      if (!this._isDisposed) await this._lead(options.follow());
    };
    if (options.locks === undefined) void lead();
    else void options.locks.request(name, lead).catch(() => undefined);
  }

  /** Something happened. */
  get news(): ISignal<this, ScheduleNews> {
    return this._news;
  }

  /** Connected, and what happened before is not told: whoever shows something asks for it now. */
  get connected(): ISignal<this, void> {
    return this._connected;
  }

  dispose(): void {
    this._isDisposed = true;
    this._end();
    this._channel.close();
    Signal.clearData(this);
  }

  private async _lead(model: NewsModel): Promise<void> {
    const tell = (told: Told) => {
      this._hear(told);
      this._channel.postMessage(told);
    };
    model.connected.connect(() => tell({ type: 'connected' }));
    model.news.connect((_, news) => tell({ type: 'news', news }));
    this._end = () => model.dispose();
    await model.follow();
  }

  private _hear(told: Told): void {
    if (told.type === 'connected') this._connected.emit();
    else this._news.emit(told.news);
  }

  private readonly _channel: BroadcastChannel;
  private readonly _news = new Signal<this, ScheduleNews>(this);
  private readonly _connected = new Signal<this, void>(this);
  private _isDisposed = false;
  private _end: () => void = () => undefined;
}
