import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { Client } from '../../../contract/client.js';
import type { ScheduleNews } from '../../../contract/schedule/news.js';
import { scheduleRoutes } from '../../../contract/schedule/routes.js';
import { asProblem } from '../../api/problems.js';

/** What following the news needs. */
export interface INewsOptions {
  client: Client;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Refused for good, as far as anybody knows: asked again now and then. */
const REFUSED_DELAY_MS = 300_000;

/** What happens to the schedules of the person, over one connection that is made again whenever it ends. */
export class NewsModel {
  constructor(options: INewsOptions) {
    this._options = options;
  }

  /** Something happened. */
  get news(): ISignal<this, ScheduleNews> {
    return this._news;
  }

  /** Connected, and what happened before is not told: whoever shows something asks for it now. */
  get connected(): ISignal<this, void> {
    return this._connected;
  }

  /** Follows the news until it is disposed. */
  async follow(): Promise<void> {
    const { client, wait } = this._options;
    const { signal } = this._abort;
    for (let fruitless = 0; !signal.aborted; fruitless++) {
      let refused = false;
      try {
        const resumed = this._seen > 0 ? { lastEventId: this._seen } : {};
        const events = await client.call(scheduleRoutes.news, {}, { signal, oneConnection: true, ...resumed });
        if (this._seen === 0) this._connected.emit();
        for await (const { id, data } of events) {
          fruitless = 0;
          this._seen = id;
          this._news.emit(data);
        }
      } catch (error) {
        refused = ['not-found', 'unauthenticated', 'forbidden'].includes(asProblem(error).code);
      }
      const delay = refused ? REFUSED_DELAY_MS : Math.min(FIRST_DELAY_MS * 2 ** fruitless, LONGEST_DELAY_MS);
      await wait(delay, signal).catch(() => undefined);
    }
  }

  dispose(): void {
    this._abort.abort();
    Signal.clearData(this);
  }

  private readonly _options: INewsOptions;
  /** The last event that was told. */
  private _seen = 0;
  private readonly _abort = new AbortController();
  private readonly _news = new Signal<this, ScheduleNews>(this);
  private readonly _connected = new Signal<this, void>(this);
}
