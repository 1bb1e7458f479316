import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

/** Something with a state that views show: read it, and hear when there is a new one. */
export interface IStateModel<S> {
  /** Never changed in place: a new state is a new object. */
  readonly state: S;
  readonly stateChanged: ISignal<IStateModel<S>, S>;
}

/** A state, a signal, and the end of both. */
export abstract class StateModel<S> implements IStateModel<S> {
  constructor(state: S) {
    this._state = state;
  }

  get state(): S {
    return this._state;
  }

  get stateChanged(): ISignal<this, S> {
    return this._stateChanged;
  }

  get isDisposed(): boolean {
    return this._isDisposed;
  }

  /** Stops work under way; no signal comes after it. */
  dispose(): void {
    if (this._isDisposed) return;
    this._isDisposed = true;
    Signal.clearData(this);
  }

  /** Replaces parts of the state and tells who listens. */
  protected setState(change: Partial<S>): void {
    if (this._isDisposed) return;
    this._state = { ...this._state, ...change };
    this._stateChanged.emit(this._state);
  }

  private _state: S;
  private _isDisposed = false;
  private readonly _stateChanged = new Signal<this, S>(this);
}
