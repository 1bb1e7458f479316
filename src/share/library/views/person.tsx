import type { ReactNode } from 'react';
import { useLibrary } from './context.js';
import { useModelState } from '../../../ui/hooks.js';

/** The name of a person, or "you". */
export function Person(props: { name: string }): ReactNode {
  const { trans, caller } = useLibrary();
  const { value } = useModelState(caller);
  return <span className="lk-Person">{value === props.name ? trans.__('you') : props.name}</span>;
}

/** True where somebody is the person at the screen, as far as that is known. */
export function useIsCaller(name: string): boolean {
  const { caller } = useLibrary();
  return useModelState(caller).value === name;
}
