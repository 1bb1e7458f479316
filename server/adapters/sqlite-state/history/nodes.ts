import { hash } from 'node:crypto';
import type { Entry, PieceKind } from '../../../history/ports.js';

/** Entries of a node: about so many on average, and never more than so many. */
const AVERAGE = 32;
const MOST = 256;

const kinds: readonly PieceKind[] = ['between', 'cell', 'more'];

/**
 * Cuts the entries of a version into runs, at places that the content itself decides: where one cell changes, only
 * its own run is another one, and all others are shared with the version before.
 *
 * @param hashes - of the content of each entry
 */
export function* runsOf(entries: readonly Entry[], hashes: readonly Buffer[]): Generator<Entry[]> {
  let run: Entry[] = [];
  for (const [n, entry] of entries.entries()) {
    run.push(entry);
    const isEnd = entry.kind !== 'between' && (hashes[n]?.[0] ?? 0) % AVERAGE === 0;
    if (isEnd || run.length >= MOST) {
      yield run;
      run = [];
    }
  }
  if (run.length > 0) yield run;
}

/** A run as bytes, and their hash. */
export function encodeRun(run: readonly Entry[]): { hash: Buffer; bytes: Buffer } {
  const bytes = encodeNumbers(run.map(({ chunk, kind }) => chunk * 4 + kinds.indexOf(kind)));
  return { hash: hash('sha256', bytes, 'buffer'), bytes };
}

export function decodeRun(bytes: Uint8Array): Entry[] {
  return decodeNumbers(bytes).map(number => ({ chunk: Math.floor(number / 4), kind: kinds[number % 4] ?? 'more' }));
}

/** Whole numbers from 0 on in as many bytes as each needs, seven bits in a byte, the lowest first. */
export function encodeNumbers(numbers: readonly number[]): Buffer {
  const bytes: number[] = [];
  for (const number of numbers) {
    let rest = number;
    for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  }
  return Buffer.from(bytes);
}

export function decodeNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let number = 0;
  let place = 1;
  for (const byte of bytes) {
    number += (byte % 128) * place;
    place *= 128;
    if (byte < 128) {
      numbers.push(number);
      number = 0;
      place = 1;
    }
  }
  return numbers;
}
