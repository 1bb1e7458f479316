import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** Tells other tabs and frames of one Lakeside that the Library changed, and hears it from them. */
export class LibraryEcho {
  /** @param base - address of the Lakeside; others on the same host are not meant */
  constructor(base: string) {
    const path = new URL(base, globalThis.location.href).pathname.replace(/\/$/, '');
    this._channel = new BroadcastChannel(`lakeside-library:${path}`);
    this._channel.onmessage = () => this._heard.emit();
  }

  /** The Library changed elsewhere. */
  get heard(): ISignal<this, void> {
    return this._heard;
  }

  /** The Library changed here. */
  announce(): void {
    this._channel.postMessage('changed');
  }

  dispose(): void {
    this._channel.close();
    Signal.clearData(this);
  }

  private readonly _channel: BroadcastChannel;
  private readonly _heard = new Signal<this, void>(this);
}
