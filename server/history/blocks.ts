import { crc32 } from 'node:zlib';
import type { Slice } from './pieces.js';
import type { PieceKind } from './ports.js';

/** Longest block: what is in memory at a time. Bytes. */
const LONGEST = 1024 * 1024;

/** Parts up to this size stay whole. Bytes. */
const SMALL = 64 * 1024;

/** Shortest block, and how much longer one is on the average. Bytes. */
const SHORTEST = 8 * 1024;
const USUAL = 24 * 1024;

const LINE_END = 0x0a;

/** The content of slices in their order; that of a long one in several blocks. */
export async function* contentOf(
  slices: Iterable<Slice>,
  read: (from: number, to: number) => Promise<Buffer>
): AsyncGenerator<{ bytes: Buffer; kind: PieceKind }> {
  for (const { from, to, kind } of slices) {
    for (let at = from; at < to;) {
      const bytes = await read(at, Math.min(to, at + LONGEST));
      const ends = blockEnds(bytes);
      // Where the last of them ends, what follows must tell.
      if (at + bytes.length < to && ends.length > 1) ends.pop();
      let start = 0;
      for (const end of ends) {
        const isFirst = at + start === from;
        yield { bytes: bytes.subarray(start, end), kind: kind === 'cell' && !isFirst ? 'more' : kind };
        start = end;
      }
      at += start;
    }
  }
}

/**
 * Where the blocks of a long part end: after lines that its own content chooses, so that the blocks before and after a
 * line that was added, changed or taken away stay the same. A line ends a block by its checksum, the longer it is the
 * likelier: so blocks are of about the same size, whatever the lines are. The last one ends with the part.
 */
export function blockEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  let line = bytes.length > SMALL ? afterLine(bytes, SHORTEST) : bytes.length;
  while (line < bytes.length) {
    const next = afterLine(bytes, line);
    if (next < bytes.length && isLast(bytes.subarray(line, next))) {
      ends.push(next);
      line = afterLine(bytes, next + SHORTEST);
    } else line = next;
  }
  return [...ends, bytes.length];
}

/** Where the line after that of a position begins; the end of all where there is none. */
function afterLine(bytes: Buffer, position: number): number {
  const end = bytes.indexOf(LINE_END, Math.min(position, bytes.length));
  return end < 0 ? bytes.length : end + 1;
}

function isLast(line: Buffer): boolean {
  return crc32(line) < (line.length / USUAL) * 2 ** 32;
}
