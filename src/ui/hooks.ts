import type { ISignal } from '@lumino/signaling';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

/** Something with a state that is replaced, never changed in place. */
export interface IObservable<S> {
  readonly state: S;
  readonly stateChanged: ISignal<unknown, S>;
}

/** The state of a model, kept current. */
export function useModelState<S>(model: IObservable<S>): S {
  const subscribe = useCallback(
    (changed: () => void) => {
      model.stateChanged.connect(changed);
      return () => void model.stateChanged.disconnect(changed);
    },
    [model]
  );
  return useSyncExternalStore(subscribe, () => model.state);
}

/**
 * The time, brought up to date as long as it is shown.
 *
 * @param every - milliseconds between two updates
 * @param running - stands still when false
 */
export function useNow(every: number, running = true): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!running) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every, running]);
  return now;
}
