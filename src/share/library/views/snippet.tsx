import type { ReactNode } from 'react';

/** Characters before the first hit where there is little room. */
const LEAD = 14;

/**
 * Where a search found something, with the hits marked.
 *
 * @param props.narrow - begin just before the first hit, as the rest of the line may not be in sight
 */
export function Snippet(props: { text: string; narrow: boolean }): ReactNode {
  const parts = (props.narrow ? fromHit(props.text) : props.text).split(/\uE000([^\uE001]*)\uE001/);
  return (
    <span className="lk-Snippet">
      {parts.map((part, position) => (position % 2 === 1 ? <mark key={position}>{part}</mark> : part))}
    </span>
  );
}

function fromHit(text: string): string {
  const hit = text.indexOf('\uE000');
  if (hit <= LEAD) return text;
  const space = text.slice(hit - LEAD, hit).indexOf(' ');
  return `… ${text.slice(space === -1 ? hit : hit - LEAD + space + 1)}`;
}
