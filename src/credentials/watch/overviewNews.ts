import type { Client } from '../../../contract/client.js';
import { credentialRoutes } from '../../../contract/credentials/routes.js';
import type { CredentialsOverview } from '../../../contract/credentials/records.js';
import { asProblem } from '../../api/problems.js';

/** As much of the browser's locks as is used. */
export interface ILocks {
  request(name: string, work: () => Promise<void>): Promise<unknown>;
}

/** What following the news needs. */
export interface IOverviewNewsOptions {
  /** Address of the Lakeside; others on the same host are not meant. */
  base: string;
  client: Client;
  /** Told in every tab how everything stands. */
  hear: (overview: CredentialsOverview) => void;
  wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Missing where the page has none (plain http on another machine): then each tab has a connection of its own. */
  locks: ILocks | undefined;
}

const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;
/** Refused for good, as far as anybody knows: asked again now and then. */
const REFUSED_DELAY_MS = 300_000;

/**
 * How the profiles stand, in all tabs of a browser over one connection: a browser keeps six to a server, and a tab that
 * waits for one hangs. The tab that holds the lock has it and tells the others; when it is closed, the next takes over.
 */
export class OverviewNews {
  constructor(options: IOverviewNewsOptions) {
    this._options = options;
    this._name = `lakeside-credentials-news:${new URL(options.base, globalThis.location.href).pathname}`;
  }

  /** Begins to follow, once. */
  start(): void {
    if (this._channel !== undefined || this._abort.signal.aborted) return;
    const { hear, locks } = this._options;
    this._channel = new BroadcastChannel(this._name);
    this._channel.onmessage = (event: MessageEvent<CredentialsOverview>) => hear(event.data);
    const lead = () => this._lead();
    if (locks === undefined) void lead();
    else void locks.request(this._name, lead).catch(() => undefined);
  }

  dispose(): void {
    this._abort.abort();
    this._channel?.close();
  }

  private async _lead(): Promise<void> {
    const { client, hear, wait } = this._options;
    const { signal } = this._abort;
    for (let fruitless = 0; !signal.aborted; fruitless++) {
      let refused = false;
      try {
        const events = await client.call(credentialRoutes.news, {}, { signal, oneConnection: true });
        for await (const { data } of events) {
          fruitless = 0;
          hear(data);
          this._channel?.postMessage(data);
        }
      } catch (error) {
        refused = ['not-found', 'unauthenticated', 'forbidden'].includes(asProblem(error).code);
      }
      const delay = refused ? REFUSED_DELAY_MS : Math.min(FIRST_DELAY_MS * 2 ** fruitless, LONGEST_DELAY_MS);
      await wait(delay, signal).catch(() => undefined);
    }
  }

  private readonly _options: IOverviewNewsOptions;
  private readonly _name: string;
  private readonly _abort = new AbortController();
  private _channel: BroadcastChannel | undefined;
}
