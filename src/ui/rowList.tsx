import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, ReactNode } from 'react';

/** What a list of rows shows. */
export interface IRowListProps {
  /** Accessible name. */
  label: string;
  /** A row's height in pixels, and a key that stays its own. */
  rows: readonly { readonly key: string; readonly height: number }[];
  /** The content of a row; its first link or button takes the focus. */
  renderRow: (index: number, active: boolean) => ReactNode;
  /** The row the keyboard is at. */
  active: number;
  onActive: (index: number) => void;
  /** Called for the arrow up on the first row. */
  onLeaveTop?: () => void;
  /** Told about other keys on a row; true where it did something with it. */
  onKey?: (key: string, index: number) => boolean;
}

/** Pixels above and below what is seen in which rows are drawn, too. */
const OVERSCAN = 300;
/** Shown before the height of the list is known. */
const GUESS = 800;

/**
 * A list of rows of different heights, of which only those in sight are in the page: smooth however long it is. Arrows,
 * Home, End and the Page keys move.
 */
export function RowList(props: IRowListProps): ReactNode {
  const { rows, active, onActive, onKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const takeFocus = useRef(false);
  const [height, setHeight] = useState(GUESS);
  const [top, setTop] = useState(0);
  const tops = useMemo(() => startsOf(rows), [rows]);
  const whole = tops.at(-1) ?? 0;

  useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null) return;
    const measure = () => setHeight(node.clientHeight || GUESS);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  const first = at(tops, top - OVERSCAN);
  const last = Math.min(rows.length - 1, at(tops, top + height + OVERSCAN));

  const reveal = useCallback(
    (index: number) => {
      const node = scroller.current;
      if (node === null) return;
      const [start = 0, end = start] = [tops[index], tops[index + 1]];
      if (start < node.scrollTop) node.scrollTop = start;
      else if (end > node.scrollTop + node.clientHeight) node.scrollTop = end - node.clientHeight;
    },
    [tops]
  );

  useEffect(() => {
    if (!takeFocus.current) return;
    takeFocus.current = false;
    focusRow(scroller.current, active);
  });

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const page = at(tops, (tops[active] ?? 0) + height) - active - 1;
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + Math.max(1, page),
      PageUp: active - Math.max(1, page),
      Home: 0,
      End: rows.length - 1
    };
    const to = moves[event.key];
    if (to === undefined) {
      if (onKey?.(event.key, active)) event.preventDefault();
      return;
    }
    event.preventDefault();
    if (event.key === 'ArrowUp' && active <= 0) {
      props.onLeaveTop?.();
      return;
    }
    const next = Math.max(0, Math.min(rows.length - 1, to));
    takeFocus.current = true;
    reveal(next);
    if (next === active) focusRow(scroller.current, next);
    else onActive(next);
  };

  const drawn = new Set([active]);
  for (let index = first; index <= last; index += 1) drawn.add(index);
  const shown = [...drawn].filter(index => index >= 0 && index < rows.length).sort((one, other) => one - other);

  return (
    <div ref={scroller} className="jp-Lakeside-rows" onScroll={event => setTop(event.currentTarget.scrollTop)}>
      <ul role="list" aria-label={props.label} style={{ height: whole }} onKeyDown={onKeyDown}>
        {shown.map(index => (
          <li
            key={rows[index]?.key}
            data-index={index}
            aria-setsize={rows.length}
            aria-posinset={index + 1}
            style={{ height: rows[index]?.height, transform: `translateY(${tops[index] ?? 0}px)` }}
            onFocus={() => index !== active && onActive(index)}
          >
            {props.renderRow(index, index === active)}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Puts the focus onto a row of a list. */
export function focusRow(list: Element | null | undefined, index: number): void {
  list?.querySelector<HTMLElement>(`[data-index="${index}"] :is(a, button)`)?.focus({ preventScroll: true });
}

/** Where each row begins, and where the last one ends. */
function startsOf(rows: IRowListProps['rows']): number[] {
  const tops = [0];
  for (const { height } of rows) tops.push((tops.at(-1) ?? 0) + height);
  return tops;
}

/** The row at a height. */
function at(tops: readonly number[], position: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((tops[middle] ?? 0) <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}
