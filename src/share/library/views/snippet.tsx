import type { ReactNode } from 'react';

/** Where a search found something, with the hits marked. */
export function Snippet(props: { text: string }): ReactNode {
  const parts = props.text.split(/\uE000([^\uE001]*)\uE001/);
  return (
    <span className="lk-Snippet">
      {parts.map((part, position) => (position % 2 === 1 ? <mark key={position}>{part}</mark> : part))}
    </span>
  );
}
