import type { ReactNode } from 'react';
import { ago, exactTime } from '../format.js';
import { useLibrary } from './context.js';

/** How long ago something happened; the exact time is in the tooltip. */
export function Ago(props: { instant: string; now: number }): ReactNode {
  const { trans } = useLibrary();
  return (
    <time dateTime={props.instant} title={exactTime(props.instant)}>
      {ago(props.instant, props.now, trans)}
    </time>
  );
}
