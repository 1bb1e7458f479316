import { useCallback, useSyncExternalStore } from 'react';
import type { IStateModel } from '../stateModel.js';

/** The state of a model, kept current. */
export function useModel<S>(model: IStateModel<S>): S {
  const subscribe = useCallback(
    (changed: () => void) => {
      model.stateChanged.connect(changed);
      return () => void model.stateChanged.disconnect(changed);
    },
    [model]
  );
  return useSyncExternalStore(subscribe, () => model.state);
}
