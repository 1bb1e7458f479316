import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';
import type { ILakesideApi, ILakesideChange } from '../../tokens.js';

/** Tells other tabs and frames of one Lakeside that the Library changed, and hears it from them. */
export class LibraryEcho {
  /** @param base - address of the Lakeside; others on the same host are not meant */
  constructor(base: string) {
    const path = new URL(base, globalThis.location.href).pathname.replace(/\/$/, '');
    this._channel = new BroadcastChannel(`lakeside-library:${path}`);
    this._channel.onmessage = (event: MessageEvent<ILakesideChange>) => this._heard.emit(event.data);
  }

  /** The Library changed elsewhere. */
  get heard(): ISignal<this, ILakesideChange> {
    return this._heard;
  }

  /** The Library changed here. */
  announce(change: ILakesideChange): void {
    this._channel.postMessage(change);
  }

  dispose(): void {
    this._channel.close();
    Signal.clearData(this);
  }

  private readonly _channel: BroadcastChannel;
  private readonly _heard = new Signal<this, ILakesideChange>(this);
}

/** Lets the surfaces of this tab follow what happens in others, and others what happens here. */
export function bridgeTabs(api: ILakesideApi): LibraryEcho {
  const echo = new LibraryEcho(api.baseUrl);
  let hearing = false;
  echo.heard.connect((_, change) => {
    hearing = true;
    api.announce(change);
    hearing = false;
  });
  api.changed.connect((_, change) => {
    if (!hearing) echo.announce(change);
  });
  return echo;
}
