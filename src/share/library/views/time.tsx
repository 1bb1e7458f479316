import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { ago, exactTime } from '../format.js';
import { useLibrary } from './context.js';

/** The time, brought up to date every minute. */
export function useNow(): number {
  const { now } = useLibrary();
  const [time, setTime] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setTime(now()), 60_000);
    return () => clearInterval(timer);
  }, [now]);
  return time;
}

/** How long ago something happened; the exact time is in the tooltip. */
export function Ago(props: { instant: string; now: number }): ReactNode {
  const { trans } = useLibrary();
  return (
    <time dateTime={props.instant} title={exactTime(props.instant)}>
      {ago(props.instant, props.now, trans)}
    </time>
  );
}
