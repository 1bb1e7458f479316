import type { CellCounts } from '../../contract/history/index.js';
import type { Entry } from './ports.js';

/** Letters of the little picture. */
const WIDTH = 48;

/** The cells of a version by their content, each as one text: equal texts are equal cells. */
export function cellsOf(entries: readonly Entry[]): string[] {
  const cells: string[] = [];
  for (const { chunk, kind } of entries) {
    if (kind === 'cell') cells.push(String(chunk));
    else if (kind === 'more') cells.push(`${cells.pop() ?? ''},${chunk}`);
  }
  return cells;
}

/** What happened to the cells between two versions: their numbers, and a little picture of the newer one. */
export interface Changes {
  counts: CellCounts;
  strip: string;
}

/**
 * Compares the cells of two versions by their content alone. What both have counts as the same wherever it stands; of
 * the others as many count as changed as there are on both sides.
 *
 * @param older - undefined for a version that has none before it
 */
export function compareCells(older: readonly string[] | undefined, newer: readonly string[]): Changes {
  const before = older ?? [];
  const known = new Map<string, number>();
  for (const cell of before) known.set(cell, (known.get(cell) ?? 0) + 1);
  const isNew = newer.map(cell => {
    const left = known.get(cell) ?? 0;
    if (left > 0) known.set(cell, left - 1);
    return left === 0;
  });
  const fresh = isNew.filter(Boolean).length;
  const lost = [...known.values()].reduce((sum, count) => sum + count, 0);
  const changed = Math.min(fresh, lost);
  const states = stateOfEach(isNew, changed, before.length);
  return {
    counts: { cells: newer.length, added: fresh - changed, removed: lost - changed, changed },
    strip: picture(states)
  };
}

/** Of the new cells those at places that the older version had count as changed first. */
function stateOfEach(isNew: readonly boolean[], changed: number, before: number): string[] {
  const places = isNew.flatMap((fresh, place) => (fresh ? [place] : []));
  const likely = [...places.filter(place => place < before), ...places.filter(place => place >= before)];
  const asChanged = new Set(likely.slice(0, changed));
  return isNew.map((fresh, place) => (!fresh ? '.' : asChanged.has(place) ? 'c' : 'a'));
}

function picture(states: readonly string[]): string {
  if (states.length <= WIDTH) return states.join('');
  return Array.from({ length: WIDTH }, (_, n) => {
    const part = states.slice(Math.floor((n * states.length) / WIDTH), Math.floor(((n + 1) * states.length) / WIDTH));
    return part.includes('c') ? 'c' : part.includes('a') ? 'a' : '.';
  }).join('');
}
