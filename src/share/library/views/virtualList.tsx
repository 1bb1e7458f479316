import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

export interface IVirtualListProps {
  /** Accessible name. */
  label: string;
  count: number;
  /** Height of every row, in pixels. */
  rowHeight: number;
  /** The content of a row; the row's first link or button takes the focus. */
  renderRow: (index: number, active: boolean) => ReactNode;
  /** The row the keyboard is at. */
  active: number;
  onActive: (index: number) => void;
  /** The last row that can be seen. */
  onLook?: (last: number) => void;
  /** Called for the arrow up on the first row. */
  onLeaveTop?: () => void;
  /** Position in pixels, kept between two showings of the same list. */
  place?: { top: number };
  /** Put the focus onto the active row at once. */
  focus?: boolean;
}

const OVERSCAN = 8;
/** Shown before the height of the list is known. */
const GUESS = 800;

/** A list of which only the rows in sight are in the page: smooth however long it is. Arrows, Home, End, Page keys move. */
export function VirtualList(props: IVirtualListProps): ReactNode {
  const { count, rowHeight, active, onActive, onLook, place } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const takeFocus = useRef(props.focus === true);
  const [height, setHeight] = useState(GUESS);
  const [top, setTop] = useState(place?.top ?? 0);

  useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null) return;
    node.scrollTop = place?.top ?? 0;
    const measure = () => setHeight(node.clientHeight || GUESS);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [place]);

  const first = Math.max(0, Math.floor(top / rowHeight) - OVERSCAN);
  const last = Math.min(count - 1, Math.ceil((top + height) / rowHeight) + OVERSCAN);
  useEffect(() => onLook?.(last), [last, count, onLook]);

  const reveal = useCallback(
    (index: number) => {
      const node = scroller.current;
      if (node === null) return;
      if (index * rowHeight < node.scrollTop) node.scrollTop = index * rowHeight;
      else if ((index + 1) * rowHeight > node.scrollTop + node.clientHeight)
        node.scrollTop = (index + 1) * rowHeight - node.clientHeight;
    },
    [rowHeight]
  );

  useLayoutEffect(() => {
    if (!takeFocus.current) return;
    takeFocus.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-index="${active}"] :is(a, button)`)
      ?.focus({ preventScroll: true });
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(height / rowHeight) - 1);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: count - 1
    };
    const to = moves[event.key];
    if (to === undefined) return;
    event.preventDefault();
    if (event.key === 'ArrowUp' && active <= 0) {
      props.onLeaveTop?.();
      return;
    }
    const next = Math.max(0, Math.min(count - 1, to));
    takeFocus.current = true;
    reveal(next);
    onActive(next);
  };

  const rows: number[] = [];
  if (active >= 0 && active < count && active < first) rows.push(active);
  for (let index = first; index <= last; index += 1) rows.push(index);
  if (active > last && active < count) rows.push(active);

  return (
    <div
      ref={scroller}
      className="lk-List"
      onScroll={event => {
        const now = event.currentTarget.scrollTop;
        if (place) place.top = now;
        // A new picture only when a row comes into sight.
        if (Math.floor(now / rowHeight) !== Math.floor(top / rowHeight)) setTop(now);
      }}
    >
      <ul
        role="list"
        className="lk-List-rows"
        aria-label={props.label}
        style={{ height: count * rowHeight }}
        onKeyDown={onKeyDown}
      >
        {rows.map(index => (
          <li
            key={index}
            className="lk-List-row"
            data-index={index}
            aria-setsize={count}
            aria-posinset={index + 1}
            style={{ height: rowHeight, transform: `translateY(${index * rowHeight}px)` }}
            onFocus={() => index !== active && onActive(index)}
          >
            {props.renderRow(index, index === active)}
          </li>
        ))}
      </ul>
    </div>
  );
}
