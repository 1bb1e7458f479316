import type { ReactNode } from 'react';
import type { RunState } from '../../contract/schedule/records.js';
import { useTrans } from '../ui/trans.js';
import { lookOf, stateWord } from './states.js';
import type { StateLook } from './states.js';

/** A state as shape and colour, with its word in the tooltip and for screen readers. */
export function StateMark(props: {
  state: RunState;
  /** More for the tooltip: when it was. */
  note?: string;
  /** The word stands beside it already. */
  silent?: boolean;
}): ReactNode {
  const { state, note, silent = false } = props;
  const trans = useTrans();
  const look = lookOf(state);
  const word = stateWord(state, trans);
  return (
    <span
      className={`jp-LakesideSchedule-mark jp-mod-${look}`}
      title={note === undefined ? word : `${word} · ${note}`}
      {...(silent ? { 'aria-hidden': true } : { role: 'img', 'aria-label': word })}
    >
      <svg viewBox="0 0 10 10" aria-hidden="true" focusable="false">
        {shape(look)}
      </svg>
    </span>
  );
}

function shape(look: StateLook): ReactNode {
  switch (look) {
    case 'succeeded':
      return <circle cx="5" cy="5" r="4" fill="currentColor" />;
    case 'running':
      return (
        <>
          <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" />
          <path d="M5 1.5a3.5 3.5 0 0 0 0 7z" fill="currentColor" />
        </>
      );
    case 'queued':
      return <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" />;
    case 'failed':
      return <path d="M2 2l6 6M8 2l-6 6" fill="none" stroke="currentColor" strokeWidth="1.8" />;
    case 'attention':
      return <path d="M4.1 .8h1.8l-.3 5.2H4.4zM4.1 7.2h1.8V9H4.1z" fill="currentColor" />;
    default:
      return <path d="M1.5 5h7" fill="none" stroke="currentColor" strokeWidth="1.6" />;
  }
}
