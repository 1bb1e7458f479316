import { memo } from 'react';
import type { ReactNode } from 'react';
import { useTrans } from '../../ui/trans.js';
import type { ICell } from './course.js';

/** More pieces than that are too thin to be seen: then one stands for several cells. */
const MOST = 120;

/** What a piece of the strip says. */
export type Piece = 'done' | 'running' | 'failed' | 'cut' | 'coming';

/**
 * The cells of a run as pieces of a strip.
 *
 * @param isOver - no cell runs any more: one that was at it did not come to its end
 */
export function piecesOf(cells: readonly ICell[], of: number, isOver: boolean): Piece[] {
  const states = new Map(cells.map(cell => [cell.number, cell.state]));
  const first = cells[0]?.number ?? 1;
  const all = Array.from({ length: of }, (_, n): Piece => {
    const state = states.get(n + 1);
    if (state === 'running') return isOver ? 'cut' : 'running';
    // What was taken over from a former run was done there.
    return state ?? (cells.length > 0 && n + 1 < first ? 'done' : 'coming');
  });
  if (all.length <= MOST) return all;
  const size = Math.ceil(all.length / MOST);
  return Array.from({ length: Math.ceil(all.length / size) }, (_, n) => together(all.slice(n * size, (n + 1) * size)));
}

/** One for several: what needs a look comes first, and it is done when all are. */
function together(pieces: readonly Piece[]): Piece {
  for (const piece of ['failed', 'cut', 'running'] as const) if (pieces.includes(piece)) return piece;
  return pieces.every(piece => piece === 'done') ? 'done' : 'coming';
}

/** The cells of a run at a glance: done, running, failed, to come. */
export const CellStrip = memo(function CellStrip(props: {
  cells: readonly ICell[];
  of: number;
  isOver: boolean;
}): ReactNode {
  const { cells, of, isOver } = props;
  const trans = useTrans();
  const done = cells.filter(cell => cell.state === 'done').length;
  const failed = cells.find(cell => cell.state === 'failed');
  const label = failed
    ? trans.__('%1 of %2 cells done, cell %3 failed', done, of, failed.number)
    : trans.__('%1 of %2 cells done', done, of);
  return (
    <div className="jp-LakesideRun-strip" role="img" aria-label={label} title={label}>
      {piecesOf(cells, of, isOver).map((piece, n) => (
        <span key={n} className={`jp-mod-${piece}`} />
      ))}
    </div>
  );
});
