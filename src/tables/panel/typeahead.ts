import { useCallback, useRef } from 'react';
import type { RowIndex } from './rowIndex.js';

/** Letters typed so soon one after another belong together. Milliseconds. */
const TOGETHER = 700;
/** So many rows are looked at. */
const MOST = 5_000;

/** Finds the next row whose name begins with what is typed; -1 where there is none. */
export function useTypeahead(rows: RowIndex): (letter: string, active: number) => number {
  const typed = useRef({ text: '', at: 0 });
  return useCallback(
    (letter: string, active: number) => {
      const now = Date.now();
      const before = now - typed.current.at < TOGETHER ? typed.current.text : '';
      const text = before + letter.toLowerCase();
      typed.current = { text, at: now };
      // The same letter again goes on to the next one.
      const isSame = text === text.charAt(0).repeat(text.length);
      const wanted = isSame ? text.charAt(0) : text;
      const from = isSame ? active + 1 : active;
      for (let n = 0; n < Math.min(rows.count, MOST); n += 1) {
        const index = (from + n) % rows.count;
        if (rows.row(index)?.text.toLowerCase().startsWith(wanted)) return index;
      }
      return -1;
    },
    [rows]
  );
}
