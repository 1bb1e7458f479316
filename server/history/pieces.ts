import type { PieceKind } from './ports.js';
import type { Mark } from './scanner.js';

/** A part of a file that is stored on its own. Bytes from the beginning. */
export interface Slice {
  from: number;
  to: number;
  kind: PieceKind;
}

/** A cell up to this size is one piece, and a larger one's outputs from this size on are pieces of their own. Bytes. */
const SMALL_CELL = 16 * 1024;
const OWN_OUTPUT = 4 * 1024;

/**
 * Cuts a file into pieces: its cells, the large outputs in them, and what stands between. Together they are the file.
 *
 * @param size - bytes of the file
 * @param marks - where its cells are; undefined where it has none
 */
export function* cut(size: number, marks: readonly Mark[] | undefined): Generator<Slice> {
  let at = 0;
  let outputs: Mark[] = [];
  let start = 0;
  for (const mark of marks ?? []) {
    if (mark.what === 'cell') {
      yield* unlessEmpty({ from: at, to: mark.at, kind: 'between' });
      start = mark.at;
      outputs = [];
    } else if (mark.what === 'cell-end') {
      yield* cutCell(start, mark.at, outputs);
      at = mark.at;
    } else {
      outputs.push(mark);
    }
  }
  yield* unlessEmpty({ from: at, to: size, kind: 'between' });
}

function* cutCell(from: number, to: number, outputs: readonly Mark[]): Generator<Slice> {
  let at = from;
  const kind = (): PieceKind => (at === from ? 'cell' : 'more');
  if (to - from > SMALL_CELL) {
    for (let n = 0; n + 1 < outputs.length; n += 2) {
      const [start, end] = [outputs[n]?.at ?? to, outputs[n + 1]?.at ?? to];
      if (end - start < OWN_OUTPUT) continue;
      yield* unlessEmpty({ from: at, to: start, kind: kind() });
      at = start;
      yield* unlessEmpty({ from: at, to: end, kind: 'more' });
      at = end;
    }
  }
  yield* unlessEmpty({ from: at, to, kind: kind() });
}

/** Nothing for an empty part. */
function* unlessEmpty(slice: Slice): Generator<Slice> {
  if (slice.to > slice.from) yield slice;
}
