import { useLayoutEffect, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import type { PanelRow } from './rows.js';

/** How the rows are laid out. */
export interface IRowLayout {
  /** A schedule stands in one line, with columns. */
  readonly isWide: boolean;
  /** In pixels, by the kind of row. */
  readonly heights: Readonly<Record<PanelRow['kind'], number>>;
}

/** From this width on, in units of the font size, a schedule stands in one line. */
const WIDE = 46;

/** The layout of rows by the width of the list and the size of its font. */
export function useRowLayout(list: RefObject<HTMLElement>): IRowLayout {
  const [{ isWide, font }, setMeasure] = useState({ isWide: false, font: 13 });
  useLayoutEffect(() => {
    const node = list.current;
    if (node === null) return;
    const read = () => {
      const size = Number.parseFloat(getComputedStyle(node).fontSize) || 13;
      const wide = node.clientWidth >= WIDE * size;
      setMeasure(old => (old.isWide === wide && old.font === size ? old : { isWide: wide, font: size }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(node);
    return () => observer.disconnect();
  }, [list]);
  return useMemo(() => {
    const line = Math.round(2.15 * font);
    const schedule = Math.round((isWide ? 2.6 : 4.2) * font);
    const apart = Math.round(2.6 * font);
    const heights = {
      schedule,
      run: line,
      none: line,
      more: line,
      'deleted-head': apart,
      'deleted-note': line,
      deleted: apart
    };
    return { isWide, heights };
  }, [isWide, font]);
}
