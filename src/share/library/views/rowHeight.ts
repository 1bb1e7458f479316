import { useLayoutEffect, useState } from 'react';
import type { RefObject } from 'react';

/** How the rows of a list are laid out. */
export interface IRowLayout {
  /** One line with columns, or lines below each other. */
  wide: boolean;
  /** Height of a row in pixels. */
  height: number;
}

/** Heights in units of the font size: plain, and with the line that says where a search found something. */
const heights = { wide: { plain: 3.1, search: 4.7 }, narrow: { plain: 4.2, search: 5.8 } };
/** From this width on, in units of the font size, a row has columns. */
const WIDE = 46;

/** The layout of rows by the width of the list and the size of its font. */
export function useRowLayout(list: RefObject<HTMLElement>, search: boolean): IRowLayout {
  const [measure, setMeasure] = useState({ wide: true, font: 13 });
  useLayoutEffect(() => {
    const node = list.current;
    if (node === null) return;
    const read = () => {
      const font = Number.parseFloat(getComputedStyle(node).fontSize) || 13;
      const wide = node.clientWidth === 0 || node.clientWidth >= WIDE * font;
      setMeasure(old => (old.wide === wide && old.font === font ? old : { wide, font }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(node);
    return () => observer.disconnect();
  }, [list]);
  const { wide, font } = measure;
  return { wide, height: Math.round(heights[wide ? 'wide' : 'narrow'][search ? 'search' : 'plain'] * font) };
}
