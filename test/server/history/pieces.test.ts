import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut } from '../../../server/history/pieces.js';
import type { Slice } from '../../../server/history/pieces.js';
import { Scanner } from '../../../server/history/scanner.js';
import { notebookOf } from '../../support/history.js';

/** Feeds bytes in parts of the given lengths, over and over. */
function marksOf(bytes: Buffer, lengths: readonly number[] = [bytes.length || 1]) {
  const scanner = new Scanner();
  for (let at = 0, n = 0; at < bytes.length; n++) {
    const length = lengths[n % lengths.length] ?? 1;
    scanner.feed(bytes.subarray(at, at + length));
    at += length;
  }
  return scanner.marks();
}

function piecesOf(text: string, lengths?: readonly number[]) {
  const bytes = Buffer.from(text);
  const marks = marksOf(bytes, lengths);
  return { bytes, marks, slices: [...cut(bytes.length, marks)] };
}

/** The cells as texts, put together from their pieces. */
function cellsIn(bytes: Buffer, slices: readonly Slice[]): string[] {
  const cells: string[] = [];
  for (const { from, to, kind } of slices) {
    const text = bytes.toString('utf8', from, to);
    if (kind === 'cell') cells.push(text);
    else if (kind === 'more') cells.push(`${cells.pop() ?? ''}${text}`);
  }
  return cells;
}

const source = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\\"', '\\\\', '{"cells":[{', ']}', '\u2028', '"outputs":[')
);
const output = fc.record({
  output_type: fc.constant('stream'),
  text: fc.oneof(
    source,
    fc.integer({ min: 4000, max: 9000 }).map(length => '\\"'.repeat(length))
  )
});
const cell = fc.record(
  {
    cell_type: fc.constantFrom('code', 'markdown'),
    source,
    metadata: fc.dictionary(fc.constantFrom('cells', 'outputs', 'x'), fc.jsonValue({ maxDepth: 3 })),
    outputs: fc.array(output, { maxLength: 3 })
  },
  { requiredKeys: ['cell_type'] }
);
const anyNotebook = fc.record(
  {
    metadata: fc.dictionary(fc.constantFrom('cells', 'outputs', 'x'), fc.jsonValue({ maxDepth: 4 })),
    cells: fc.array(cell, { maxLength: 6 }),
    nbformat: fc.constant(4)
  },
  { requiredKeys: ['cells'] }
);

test('the pieces are the file, and its cells are found, however it is written and read', () => {
  fc.assert(
    fc.property(
      anyNotebook,
      fc.constantFrom(undefined, 1, 4, '\t'),
      fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 5 }),
      (notebook, indent, lengths) => {
        const text = JSON.stringify(notebook, undefined, indent);
        const { bytes, marks, slices } = piecesOf(text, lengths);
        expect(marks).toEqual(marksOf(bytes));
        expect(slices.map(({ from, to }) => bytes.toString('latin1', from, to)).join('')).toBe(
          bytes.toString('latin1')
        );
        expect(cellsIn(bytes, slices).map(each => JSON.parse(each) as unknown)).toEqual(
          (JSON.parse(text) as { cells: unknown[] }).cells
        );
      }
    ),
    { numRuns: 400 }
  );
});

test('any bytes are cut into pieces that are the bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), bytes => {
      const buffer = Buffer.from(bytes);
      const slices = [...cut(buffer.length, marksOf(buffer))];
      expect(Buffer.concat(slices.map(({ from, to }) => buffer.subarray(from, to)))).toEqual(buffer);
    })
  );
});

test('a large output is a piece of its own, small cells are one piece', () => {
  const picture = 'x'.repeat(40_000);
  const text = JSON.stringify({
    cells: [
      { cell_type: 'code', source: 'small', outputs: [{ output_type: 'stream', text: 'y'.repeat(5000) }] },
      {
        cell_type: 'code',
        source: 'large',
        outputs: [
          { output_type: 'stream', text: 'z' },
          { output_type: 'display_data', data: { 'image/png': picture } }
        ]
      }
    ]
  });
  const { bytes, slices } = piecesOf(text);
  expect(slices.map(({ kind }) => kind)).toEqual(['between', 'cell', 'between', 'cell', 'more', 'more', 'between']);
  const own = slices[4]!;
  expect(JSON.parse(bytes.toString('utf8', own.from, own.to))).toMatchObject({ data: { 'image/png': picture } });
});

test.each([
  ['no object', '[{"cells":[]}]'],
  ['cut off', notebookOf(['a', 'b']).slice(0, -20)],
  ['two lists of cells', '{"cells":[{}],"cells":[{}]}'],
  ['cells in metadata only', '{"metadata":{"cells":[{"source":""}]}}'],
  ['two documents', '{"cells":[{}]}{"cells":[{}]}'],
  ['too many brackets', '{"cells":[{}]}}'],
  ['nothing', '']
])('what is no notebook has no cells: %s', (_, text) => {
  expect(marksOf(Buffer.from(text))).toBeUndefined();
  expect(piecesOf(text).slices.every(({ kind }) => kind === 'between')).toBe(true);
});
