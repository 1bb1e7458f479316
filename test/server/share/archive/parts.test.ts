import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beforeEvents, eventKey, parseEventKey } from '../../../../server/share/archive/keys.js';
import { Marks } from '../../../../server/share/archive/marks.js';
import { linesOf, unpack } from '../../../../server/share/archive/packed.js';
import { mapLimited } from '../../../../server/share/archive/pool.js';
import { createIds } from '../../../../server/ids.js';
import { createTestClock } from '../../../support/library.js';

describe('keys of events', () => {
  it('sort as their ids do, and begin where a list is told to', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(40 * 24 * 3_600_000), { minLength: 2 }),
        fc.nat(40 * 24 * 3_600_000),
        (steps, since) => {
          const clock = createTestClock(0);
          const ids = createIds(clock);
          const all = steps.map(step => {
            clock.setDate(step);
            return { id: ids.next(), at: step };
          });
          const keys = all.map(each => eventKey(each.id));
          expect([...keys].sort()).toEqual(
            all
              .map(each => each.id)
              .sort()
              .map(eventKey)
          );
          const begin = beforeEvents(since);
          for (const { id } of all) {
            const made = parseInt(id.slice(0, 10), 32);
            expect(Number.isNaN(made)).toBe(false);
            expect(parseEventKey(eventKey(id))).toBe(id);
          }
          for (const { id, at } of all) if (at >= since) expect(eventKey(id) > begin).toBe(true);
        }
      )
    );
  });

  it('leaves out what came before', () => {
    const clock = createTestClock();
    const ids = createIds(clock);
    const early = ids.next();
    clock.move(1);
    const begin = beforeEvents(clock.now());
    expect(eventKey(early) > begin).toBe(false);
    expect(eventKey(ids.next()) > begin).toBe(true);
  });

  it('takes the greatest id there is', () => {
    expect(eventKey('7ZZZZZZZZZZZZZZZZZZZZZZZZZ')).toBe('log/9999-12-31/7ZZZZZZZZZZZZZZZZZZZZZZZZZ.json');
  });
});

describe('marks', () => {
  it('never forget a hash, and rarely take another one for it', () => {
    const marks = new Marks();
    const hash = (n: number) => createHash('sha256').update(String(n)).digest('hex');
    for (let n = 0; n < 20_000; n++) marks.add(hash(n));
    for (let n = 0; n < 20_000; n++) expect(marks.has(hash(n))).toBe(true);
    const wrong = Array.from({ length: 20_000 }, (_, n) => hash(n + 20_000)).filter(each => marks.has(each));
    expect(wrong.length).toBeLessThan(20);
  });
});

describe('lines', () => {
  const inPieces = async function* (bytes: Uint8Array, size: number): AsyncIterable<Uint8Array> {
    for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
  };
  const read = async (lines: AsyncIterable<string>) => {
    const all: string[] = [];
    for await (const line of lines) all.push(line);
    return all;
  };

  it('are read whole, wherever the pieces are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' })),
        fc.integer({ min: 1, max: 20 }),
        async (texts, size) => {
          const lines = texts.map(text => text.replaceAll('\n', ' ').toWellFormed());
          const bytes = new TextEncoder().encode(lines.map(line => `${line}\n`).join(''));
          expect(await read(linesOf(inPieces(bytes, size)))).toEqual(lines);
          expect(await read(linesOf(unpack(inPieces(gzipSync(bytes), size))))).toEqual(lines);
        }
      )
    );
  });

  it('end with an error where the packed bytes are cut or broken', async () => {
    const packed = gzipSync('a line\n'.repeat(10_000));
    await expect(read(linesOf(unpack(inPieces(packed.subarray(0, 50), 10))))).rejects.toThrow();
    packed[40] = (packed[40] ?? 0) ^ 255;
    await expect(read(linesOf(unpack(inPieces(packed, 10))))).rejects.toThrow();
  });

  it('stop reading the source when nobody reads on', async () => {
    let closed = false;
    const source = async function* (): AsyncIterable<Uint8Array> {
      try {
        for (;;) yield gzipSync('x\n');
      } finally {
        closed = true;
      }
    };
    for await (const line of linesOf(unpack(source()))) {
      expect(line).toBe('x');
      break;
    }
    await new Promise(resolve => setTimeout(resolve, 20));
    expect(closed).toBe(true);
  });
});

describe('mapLimited', () => {
  it('keeps the order and the limit', async () => {
    let running = 0;
    let most = 0;
    const results = await mapLimited([5, 1, 3, 2, 4], 2, async item => {
      most = Math.max(most, ++running);
      await new Promise(resolve => setTimeout(resolve, item));
      running--;
      return item * 10;
    });
    expect(results).toEqual([50, 10, 30, 20, 40]);
    expect(most).toBe(2);
  });

  it('ends with the first failure, after what was started', async () => {
    const done: number[] = [];
    const work = mapLimited([1, 2, 3, 4, 5, 6], 2, async item => {
      await new Promise(resolve => setTimeout(resolve, 1));
      if (item === 2) throw new Error('no');
      done.push(item);
    });
    await expect(work).rejects.toThrow('no');
    expect(done.length).toBeLessThan(5);
  });
});
