import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contentOf } from '../../../server/history/blocks.js';
import type { Slice } from '../../../server/history/pieces.js';
import { ada, historyHome, textOf } from '../../support/history.js';

async function blocksOf(bytes: Buffer, slices: readonly Slice[] = [{ from: 0, to: bytes.length, kind: 'cell' }]) {
  const blocks = [];
  for await (const block of contentOf(slices, (from, to) => Promise.resolve(bytes.subarray(from, to))))
    blocks.push(block);
  return blocks;
}

/** Lines of a log; the same number gives the same line. */
const line = (n: number): string => `step ${n} loss=${createHash('md5').update(String(n)).digest('hex')}`;
const log = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, n) => line(from + n));
const bytesOf = (lines: readonly string[]): Buffer => Buffer.from(lines.join('\n'));

/** Bytes of the blocks of `after` that `before` has not. */
async function fresh(before: Buffer, after: Buffer): Promise<number> {
  const known = new Set((await blocksOf(before)).map(({ bytes }) => bytes.toString('latin1')));
  const blocks = (await blocksOf(after)).map(({ bytes }) => bytes.toString('latin1'));
  return blocks.filter(block => !known.has(block)).reduce((sum, block) => sum + block.length, 0);
}

test('blocks are the bytes, whatever they are, and none is long', async () => {
  const piece = fc.oneof(
    fc.integer({ min: 1, max: 400_000 }).map(length => 'x'.repeat(length)),
    fc.integer({ min: 1, max: 3000 }).map(count => log(0, count).join('\n')),
    fc.integer({ min: 1, max: 90_000 }).map(count => '\n'.repeat(count)),
    fc.integer({ min: 1, max: 20_000 }).map(count => 'the same\n'.repeat(count))
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 6 }), async pieces => {
      const bytes = Buffer.from(pieces.join('\n'));
      const half = Math.floor(bytes.length / 2);
      const blocks = await blocksOf(bytes, [
        { from: 0, to: half, kind: 'between' },
        { from: half, to: bytes.length, kind: 'cell' }
      ]);
      expect(Buffer.concat(blocks.map(block => block.bytes)).equals(bytes)).toBe(true);
      expect(blocks.every(block => block.bytes.length > 0 && block.bytes.length <= 1024 * 1024)).toBe(true);
      expect(blocks.filter(({ kind }) => kind === 'cell')).toHaveLength(bytes.length > half ? 1 : 0);
    }),
    { numRuns: 60 }
  );
});

test('a small part is one block, a large one has blocks of some ten thousand bytes', async () => {
  expect(await blocksOf(bytesOf(log(0, 1000)))).toHaveLength(1);
  const bytes = bytesOf(log(0, 100_000));
  const blocks = await blocksOf(bytes);
  expect(bytes.length / blocks.length).toBeGreaterThan(16_000);
  expect(bytes.length / blocks.length).toBeLessThan(64_000);
});

test.each([
  ['changed', (lines: string[], at: number) => lines.with(at, 'another one')],
  ['added', (lines: string[], at: number) => lines.toSpliced(at, 0, 'one more')],
  ['taken away', (lines: string[], at: number) => lines.toSpliced(at, 1)],
  ['added at the end', (lines: string[]) => [...lines, 'one more']]
])('where a line is %s, little else is new', async (_, change) => {
  const lines = log(0, 100_000);
  for (const at of [0, 12_345, 99_999])
    expect(await fresh(bytesOf(lines), bytesOf(change(lines, at)))).toBeLessThan(250_000);
});

test('a line that changes in a large output costs a small part of it, and every version comes back', async () => {
  const home = historyHome();
  try {
    const notebook = (text: string[]): string =>
      JSON.stringify(
        {
          cells: [{ cell_type: 'code', id: 'a', metadata: {}, source: [], outputs: [{ output_type: 'stream', text }] }],
          metadata: {},
          nbformat: 4
        },
        undefined,
        1
      );
    const lines = log(0, 60_000);
    const all = Array.from({ length: 11 }, (_unused, n) => notebook(lines.toSpliced(n * 5600, n, `changed ${n}`)));
    home.save('a.ipynb', all[0]!);
    await home.history.tidy(ada, new AbortController().signal);
    const first = home.store.usage().bytes;
    for (const content of all.slice(1)) {
      home.clock.move(1000);
      home.save('a.ipynb', content);
    }
    const { notebook: kept, versions } = await home.service.timeline(ada, { path: 'a.ipynb', limit: 100 });
    expect(versions).toHaveLength(11);
    // Ten whole outputs would be ten times the first.
    expect(home.store.usage().bytes - first).toBeLessThan(first);
    for (const [n, { versionId }] of versions.entries()) {
      const { stream } = await home.service.notebook(ada, { historyId: kept!.historyId, versionId });
      expect(await textOf(stream)).toBe(all[10 - n]);
    }
  } finally {
    await home.close();
  }
});
