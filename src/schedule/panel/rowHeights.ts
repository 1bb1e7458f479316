import { useLayoutEffect, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import type { PanelRow } from './rows.js';

/** From this width on, in units of the font size, a schedule stands in one line. The style sheet has the same. */
const WIDE = 46;

/** The height of each kind of row in pixels, by the width of the list and the size of its font. */
export function useRowHeights(list: RefObject<HTMLElement>): Readonly<Record<PanelRow['kind'], number>> {
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
    return {
      schedule,
      run: line,
      none: line,
      more: line,
      'deleted-head': Math.round(2.6 * font),
      'deleted-note': line,
      deleted: Math.round(2.6 * font)
    };
  }, [isWide, font]);
}
