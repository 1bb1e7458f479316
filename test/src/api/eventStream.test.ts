import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readEvents } from '../../../src/api/eventStream.js';
import type { ServerEvent } from '../../../src/api/eventStream.js';

async function* split(bytes: Uint8Array, sizes: number[]) {
  let at = 0;
  for (const size of sizes) {
    yield bytes.subarray(at, at + size);
    at += size;
  }
  yield bytes.subarray(at);
}

async function read(text: string, sizes: number[] = []): Promise<ServerEvent[]> {
  const events: ServerEvent[] = [];
  for await (const event of readEvents(split(new TextEncoder().encode(text), sizes))) events.push(event);
  return events;
}

describe('server-sent events', () => {
  test('an event has an id, a name and its data lines joined', async () => {
    expect(await read('id: 7\nevent: step\ndata: a\ndata:b\n\n')).toEqual([{ id: '7', event: 'step', data: 'a\nb' }]);
  });

  test('comments, retry times and events without data are left out', async () => {
    expect(await read(': still here\n\nretry: 9\n\nid: 3\n\ndata: x\n\n')).toEqual([
      { id: '3', event: 'message', data: 'x' }
    ]);
  });

  test('an event that the connection cut off is not given', async () => {
    expect(await read('data: whole\n\ndata: half')).toEqual([{ id: '', event: 'message', data: 'whole' }]);
  });

  test.each(['\n', '\r\n', '\r'])('line ends %j', async end => {
    const text = `id: 1${end}data: x${end}${end}id: 2${end}data: y${end}${end}\n`;
    expect((await read(text)).map(event => event.id + event.data)).toEqual(['1x', '2y']);
  });

  test('wherever the bytes are split, the events are the same', async () => {
    const text = ': hello\r\n\r\nid: 1\r\ndata: {"a":"é😀"}\r\n\r\nid: 2\ndata: 日本\ndata: 語\n\n';
    const whole = await read(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9 })), async sizes => {
        expect(await read(text, sizes)).toEqual(whole);
      })
    );
  });

  test('heartbeats are heard', async () => {
    let heard = 0;
    for await (const _ of readEvents(split(new TextEncoder().encode(': x\n\n'), [1, 1]), () => heard++));
    expect(heard).toBeGreaterThan(1);
  });
});
