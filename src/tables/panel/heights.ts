import { useLayoutEffect, useMemo, useState } from 'react';
import type { RefObject } from 'react';
import type { IHeights } from './layout.js';

/** Lines of a sentence that are shown at most; more can be scrolled to. */
const MOST_LINES = 7;

/** The heights of rows by the width of the panel and the size of its font. */
export function useHeights(place: RefObject<HTMLElement>): IHeights {
  const [{ width, font }, setMeasure] = useState({ width: 240, font: 13 });
  useLayoutEffect(() => {
    const node = place.current;
    if (node === null) return;
    const read = () => {
      const size = Number.parseFloat(getComputedStyle(node).fontSize) || 13;
      // Steps, so that dragging the border does not lay out anew with every pixel.
      const wide = Math.max(160, Math.floor((node.clientWidth || 240) / 20) * 20);
      setMeasure(old => (old.width === wide && old.font === size ? old : { width: wide, font: size }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(node);
    return () => observer.disconnect();
  }, [place]);
  return useMemo(() => {
    const line = Math.max(24, Math.round(1.9 * font));
    const letters = Math.max(16, Math.floor((width - 60) / (0.52 * font)));
    return {
      line,
      hit: Math.max(40, Math.round(3.1 * font)),
      problem: text => Math.ceil(Math.min(MOST_LINES, Math.ceil(text.length / letters)) * 1.35 * font) + line + 10
    };
  }, [width, font]);
}
