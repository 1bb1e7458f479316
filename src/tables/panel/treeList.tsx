import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent, ReactNode } from 'react';
import type { RowIndex } from './rowIndex.js';
import type { TreeRow } from './rows.js';
import { TreeItem } from './treeItem.js';
import type { IItemActions, RenderRow } from './treeItem.js';
import { useTypeahead } from './typeahead.js';

/** What a tree shows. */
export interface ITreeListProps {
  /** Accessible name. */
  label: string;
  rows: RowIndex;
  /** The row the keyboard is at. */
  active: number;
  onActive: (index: number) => void;
  renderRow: RenderRow;
  /** What a screen reader says of a row. */
  labelOf: (row: TreeRow) => string;
  onToggle: (row: TreeRow, isOpen: boolean) => void;
  /** Enter, Space and everything else that is no way to move; true where something was done. */
  onKey: (row: TreeRow, event: KeyboardEvent) => boolean;
  onClick: (row: TreeRow, event: MouseEvent) => void;
  onDoubleClick: (row: TreeRow) => void;
  onMenu: (row: TreeRow, item: HTMLElement, at?: { x: number; y: number }) => void;
  /** The pointer rests on a row. */
  onHover: (row: TreeRow) => void;
  /** Text that a row gives when it is dragged; undefined where it cannot be dragged now. */
  dragText: (row: TreeRow) => string | undefined;
  /** The rows in sight, a moment after they came there. */
  onLook: (rows: readonly TreeRow[]) => void;
  /** The arrow up on the first row. */
  onLeaveTop: () => void;
}

/** Pixels above and below what is seen in which rows are drawn, too. */
const OVERSCAN = 240;
/** Shown before the height of the tree is known. */
const GUESS = 800;
/** Rows that fly by are not asked for. Milliseconds. */
const REST = 40;

/** A tree of which only the rows in sight are in the page: smooth however many there are. */
export function TreeList(props: ITreeListProps): ReactNode {
  const { rows, active, onActive, onLook, renderRow } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const takeFocus = useRef(false);
  const [height, setHeight] = useState(GUESS);
  const [top, setTop] = useState(0);
  const typed = useTypeahead(rows);
  const does = useItemActions(props);

  useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null) return;
    const measure = () => setHeight(node.clientHeight || GUESS);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);

  const first = rows.at(top - OVERSCAN);
  const last = Math.min(rows.count - 1, rows.at(top + height + OVERSCAN));

  useEffect(() => {
    const timer = setTimeout(() => {
      const seen: TreeRow[] = [];
      for (let index = first; index <= last; index += 1) {
        const row = rows.row(index);
        if (row) seen.push(row);
      }
      onLook(seen);
    }, REST);
    return () => clearTimeout(timer);
  }, [rows, first, last, onLook]);

  useEffect(() => {
    if (!takeFocus.current) return;
    takeFocus.current = false;
    focusItem(scroller.current, active);
  });

  const go = (index: number) => {
    const node = scroller.current;
    const next = Math.max(0, Math.min(rows.count - 1, index));
    if (node) {
      const [start, end] = [rows.top(next), rows.top(next) + rows.heightOf(next)];
      if (start < node.scrollTop) node.scrollTop = start;
      else if (end > node.scrollTop + node.clientHeight) node.scrollTop = end - node.clientHeight;
      setTop(node.scrollTop);
    }
    takeFocus.current = true;
    if (next === active) focusItem(node, next);
    else onActive(next);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    const row = rows.row(active);
    if (event.defaultPrevented || !row || event.nativeEvent.isComposing) return;
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isPlain && move(event.key, row)) event.preventDefault();
    else if (!isItem(event.target)) return;
    else if (props.onKey(row, event)) event.preventDefault();
    else if (isPlain && event.key.length === 1 && event.key !== ' ' && event.key !== '/') {
      const found = typed(event.key, active);
      if (found >= 0) go(found);
    }
  };
  const move = (key: string, row: TreeRow): boolean => {
    const page = Math.max(1, rows.at(rows.top(active) + height) - active - 1);
    const moves: Record<string, number> = {
      ArrowDown: active + 1,
      ArrowUp: active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: rows.count - 1
    };
    const to = moves[key];
    if (key === 'ArrowUp' && active <= 0) props.onLeaveTop();
    else if (to !== undefined) go(to);
    else if (key === 'ArrowRight' && row.isOpen === false) props.onToggle(row, true);
    else if (key === 'ArrowRight' && row.isOpen === true) go(active + 1);
    else if (key === 'ArrowLeft' && row.isOpen === true) props.onToggle(row, false);
    else if (key === 'ArrowLeft' && row.parent !== undefined) go(Math.max(0, rows.find(row.parent)));
    else return key === 'ArrowRight' || key === 'ArrowLeft';
    return true;
  };

  const drawn = new Set([active]);
  for (let index = first; index <= last; index += 1) drawn.add(index);
  const shown = [...drawn].filter(index => index >= 0 && index < rows.count).sort((one, other) => one - other);

  return (
    <div ref={scroller} className="jp-LakesideTables-scroll" onScroll={event => setTop(event.currentTarget.scrollTop)}>
      <div role="tree" aria-label={props.label} style={{ height: rows.height }} onKeyDown={onKeyDown}>
        {shown.map(index => {
          const row = rows.row(index);
          if (!row) return null;
          return (
            <TreeItem
              key={elementKey(row)}
              {...{ row, index, renderRow, does }}
              isActive={index === active}
              top={rows.top(index)}
              height={rows.heightOf(index)}
              label={props.labelOf(row)}
              dragText={props.dragText(row)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** What rows do, always the same object: a row is drawn again only where it changed. */
function useItemActions(props: ITreeListProps): IItemActions {
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  return useMemo(
    () => ({
      focus: index => index !== latest.current.active && latest.current.onActive(index),
      click: (row, event) => latest.current.onClick(row, event),
      doubleClick: (row, event) => !isButton(event.target) && latest.current.onDoubleClick(row),
      menu: (row, index, event) => {
        event.preventDefault();
        event.stopPropagation();
        latest.current.onActive(index);
        latest.current.onMenu(row, event.currentTarget, { x: event.clientX, y: event.clientY });
      },
      hover: row => latest.current.onHover(row)
    }),
    []
  );
}

/**
 * A table takes the element of the row that waited for it, and with it the focus. What was found takes the elements of
 * what was found before: making them anew takes longer than all else that a letter does.
 */
function elementKey(row: TreeRow): string {
  if (row.kind === 'hit') return `hit:${row.position}`;
  const isListed = row.kind === 'unread' || (row.kind === 'table' && row.page !== undefined);
  return isListed ? `${row.parent ?? ''}:${row.position}` : row.key;
}

/** Puts the focus onto a row of a tree, which is in sight already unless `preventScroll` is false. */
export function focusItem(tree: Element | null | undefined, index: number, preventScroll = true): void {
  tree?.querySelector<HTMLElement>(`[data-index="${index}"]`)?.focus({ preventScroll });
}

/** Whether something is a button within a row. */
export function isButton(target: EventTarget): boolean {
  return target instanceof Element && target.closest('button') !== null;
}

function isItem(target: EventTarget): boolean {
  return target instanceof Element && target.getAttribute('role') === 'treeitem';
}
