import type { ReactNode } from 'react';
import type { ShareMark } from './shareMark.js';

/** The shape of a mark: full, half, turning, attention. Its word stands beside it or in the tooltip. */
export function Mark(props: { mark: ShareMark }): ReactNode {
  const { mark } = props;
  if (mark === 'none' || mark === 'unknown') return null;
  return (
    <svg className={`jp-LakesideShare-mark jp-mod-${mark}`} viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      {shape(mark)}
    </svg>
  );
}

function shape(mark: ShareMark): ReactNode {
  switch (mark) {
    case 'current':
      return <circle cx="5" cy="5" r="4" fill="currentColor" />;
    case 'changed':
      return (
        <>
          <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" />
          <path d="M5 1.5a3.5 3.5 0 0 0 0 7z" fill="currentColor" />
        </>
      );
    case 'busy':
      return (
        <>
          <circle cx="5" cy="5" r="3.5" fill="none" stroke="currentColor" opacity=".35" strokeWidth="1.5" />
          <path d="M5 1.5A3.5 3.5 0 0 1 8.5 5" fill="none" stroke="currentColor" strokeWidth="1.5" />
        </>
      );
    default:
      return <path d="M4.2 1h1.6l-.3 5h-1zM4.2 7.2h1.6v1.6H4.2z" fill="currentColor" />;
  }
}
