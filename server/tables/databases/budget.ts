import type { Value } from '../../../contract/tables/index.js';

/** Collects rows until there are enough of them, or bytes. */
export interface Budget {
  readonly rows: Value[][];
  /** Set once a row did not fit: nothing more is taken. */
  readonly isFull: boolean;
  add(row: Value[]): void;
}

/** @param maxBytes - most bytes of the rows as JSON */
export function createBudget(maxBytes: number): Budget {
  const rows: Value[][] = [];
  let left = maxBytes;
  let isFull = false;
  return {
    rows,
    get isFull() {
      return isFull;
    },
    add(row) {
      if (isFull) return;
      left -= Buffer.byteLength(JSON.stringify(row)) + 1;
      if (left < 0) isFull = true;
      else rows.push(row);
    }
  };
}

/** Longest text of one value, so that one row cannot fill the memory: a part of what all may have. */
export function longestValue(maxBytes: number, columns: number): number {
  return Math.min(65_536, Math.max(256, Math.floor(maxBytes / Math.max(1, columns) / 4)));
}

/** `1 MB`, `64 kB`. */
export function sizeText(bytes: number): string {
  return bytes >= 1_000_000 ? `${Math.round(bytes / 1_000_000)} MB` : `${Math.max(1, Math.round(bytes / 1000))} kB`;
}
