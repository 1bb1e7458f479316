import { memo, useEffect, useRef, useState } from 'react';
import type { MouseEvent, ReactNode } from 'react';
import type { TreeRow } from './rows.js';

/** What is in a row. `isNear`: the keyboard or the pointer is there. */
export type RenderRow = (row: TreeRow, isActive: boolean, isNear: boolean) => ReactNode;

/** What happens on a row. */
export interface IItemActions {
  focus: (index: number) => void;
  click: (row: TreeRow, event: MouseEvent) => void;
  doubleClick: (row: TreeRow, event: MouseEvent) => void;
  menu: (row: TreeRow, index: number, event: MouseEvent<HTMLElement>) => void;
  /** The pointer rests there. */
  hover: (row: TreeRow) => void;
}

interface ITreeItemProps {
  row: TreeRow;
  index: number;
  isActive: boolean;
  /** Pixels below the top of the tree. */
  top: number;
  height: number;
  label: string;
  /** Text that it gives when it is dragged; undefined where it cannot be dragged. */
  dragText: string | undefined;
  renderRow: RenderRow;
  does: IItemActions;
}

/** The pointer rests where it stays so long. Milliseconds. */
const HOVER = 90;

/** A row of the tree, in its place. */
export const TreeItem = memo(function TreeItem(props: ITreeItemProps): ReactNode {
  const { row, index, isActive, top, height, label, dragText, renderRow, does } = props;
  const [isPointed, setPointed] = useState(false);
  const rest = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(rest.current), []);
  return (
    <div
      role="treeitem"
      className={`jp-LakesideTables-item jp-mod-${row.kind}`}
      data-index={index}
      aria-label={label}
      aria-level={row.level}
      aria-expanded={row.isOpen}
      aria-selected={isActive}
      aria-posinset={row.position}
      aria-setsize={row.size}
      tabIndex={isActive ? 0 : -1}
      draggable={dragText !== undefined}
      style={{ height, transform: `translateY(${top}px)`, paddingInlineStart: 4 + 12 * (row.level - 1) }}
      onFocus={() => does.focus(index)}
      onClick={event => does.click(row, event)}
      onDoubleClick={event => does.doubleClick(row, event)}
      onContextMenu={event => does.menu(row, index, event)}
      onPointerEnter={() => {
        setPointed(true);
        clearTimeout(rest.current);
        rest.current = setTimeout(() => does.hover(row), HOVER);
      }}
      onPointerLeave={() => {
        setPointed(false);
        clearTimeout(rest.current);
      }}
      onDragStart={event => {
        if (dragText === undefined) return;
        event.dataTransfer.setData('text/plain', dragText);
        event.dataTransfer.effectAllowed = 'copy';
      }}
    >
      {renderRow(row, isActive, isActive || isPointed)}
    </div>
  );
});
