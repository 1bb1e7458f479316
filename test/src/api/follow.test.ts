import { afterEach, describe, expect, test, vi } from 'vitest';
import { createClient } from '../../../contract/client.js';
import { jobRoutes } from '../../../contract/jobs.js';
import type { JobEvent } from '../../../contract/jobs.js';
import { ProblemError } from '../../../contract/problem.js';
import { createHttpTransport } from '../../../src/api/http.js';
import { fakeId } from '../../support/fakeLakeside.js';

const jobId = fakeId(1);
const at = '2026-11-21T10:00:00.000Z';

const step = (done: number): JobEvent => ({
  type: 'step',
  step: { name: 'render', state: 'running', done, total: 9 }
});
const ended: JobEvent = {
  type: 'state',
  job: { id: jobId, kind: 'share', state: 'succeeded', owner: 'ada', createdAt: at, updatedAt: at, steps: [] }
};

type End = 'close' | 'break';

/** A connection that sends these events and then closes, or breaks. */
function connection(events: [number, JobEvent][], end: End = 'close'): Response {
  const text = events.map(([id, data]) => `id: ${id}\ndata: ${JSON.stringify(data)}\n\n`).join('');
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (!sent) {
        sent = true;
        controller.enqueue(new TextEncoder().encode(`: still here\n\n${text}`));
      } else if (end === 'break') controller.error(new TypeError('network error'));
      else controller.close();
    }
  });
  return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
}

async function follow(connections: (Response | Error)[], lastEventId?: number, oneConnection = false) {
  const asked: (string | null)[] = [];
  const urls: string[] = [];
  const waits: number[] = [];
  const client = createClient(
    createHttpTransport({
      apiUrl: 'http://host/api/v1',
      request: async (url, init) => {
        asked.push(new Headers(init.headers).get('Last-Event-ID'));
        urls.push(url);
        const next = connections.shift();
        if (next === undefined || next instanceof Error) throw next ?? new TypeError('Failed to fetch');
        return next;
      },
      wait: async milliseconds => void waits.push(milliseconds)
    })
  );
  const ids: number[] = [];
  let error: unknown;
  try {
    const events = await client.call(jobRoutes.events, { params: { jobId } }, { lastEventId, oneConnection });
    for await (const event of events) ids.push(event.id);
  } catch (caught) {
    error = caught;
  }
  return { ids, asked, urls, waits, error };
}

afterEach(() => void vi.useRealTimers());

describe('following a job', () => {
  test('ends with the event that says so, without asking again', async () => {
    const { ids, asked, urls } = await follow([
      connection([
        [1, step(1)],
        [2, ended]
      ])
    ]);
    expect(ids).toEqual([1, 2]);
    expect(asked).toEqual([null]);
    expect(urls[0]).toContain('no_track_activity=1');
  });

  test('goes on after a broken connection from the last event seen', async () => {
    const { ids, asked } = await follow([
      connection(
        [
          [1, step(1)],
          [2, step(2)]
        ],
        'break'
      ),
      connection([
        [3, step(3)],
        [4, ended]
      ])
    ]);
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(asked).toEqual([null, '2']);
  });

  test('goes on after a connection that only closed', async () => {
    const { ids, asked } = await follow([connection([[1, step(1)]]), connection([[2, ended]])]);
    expect(ids).toEqual([1, 2]);
    expect(asked).toEqual([null, '1']);
  });

  test('gives an event once, whatever the server repeats', async () => {
    const { ids } = await follow([
      connection(
        [
          [1, step(1)],
          [2, step(2)]
        ],
        'break'
      ),
      connection([
        [1, step(1)],
        [2, step(2)],
        [3, ended]
      ])
    ]);
    expect(ids).toEqual([1, 2, 3]);
  });

  test('begins after the event the caller saw', async () => {
    const { asked } = await follow([connection([[8, ended]])], 7);
    expect(asked).toEqual(['7']);
  });

  test('waits longer and longer, and starts anew after news', async () => {
    const down = () => new TypeError('Failed to fetch');
    const { ids, waits } = await follow([
      down(),
      down(),
      down(),
      connection([[1, step(1)]], 'break'),
      connection([[2, ended]])
    ]);
    expect(ids).toEqual([1, 2]);
    expect(waits).toEqual([500, 1000, 2000, 250]);
  });

  test('gives up with a sentence when nothing answers for long', async () => {
    const { error, waits } = await follow([]);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect(waits.reduce((sum, each) => sum + each, 0)).toBeGreaterThan(45_000);
    expect(Math.max(...waits)).toBeLessThanOrEqual(5000);
  });

  test('waits as long as a starting server asks', async () => {
    const starting = new ProblemError('starting', 'Starting.', { retryAfter: 3 });
    const { ids, waits } = await follow([
      new Response(JSON.stringify(starting.toProblem()), {
        status: 503,
        headers: { 'Content-Type': 'application/problem+json' }
      }),
      connection([[1, ended]])
    ]);
    expect(ids).toEqual([1]);
    expect(waits).toEqual([3000]);
  });

  test('a refusal ends it at once', async () => {
    const gone = new ProblemError('not-found', 'There is no such job.');
    const { error, asked } = await follow([
      new Response(JSON.stringify(gone.toProblem()), {
        status: 404,
        headers: { 'Content-Type': 'application/problem+json' }
      })
    ]);
    expect(error).toMatchObject({ code: 'not-found' });
    expect(asked).toHaveLength(1);
  });

  test('a job without further news ends the stream', async () => {
    const { ids, error } = await follow([connection([[1, step(1)]]), connection([]), connection([])]);
    expect(ids).toEqual([1]);
    expect(error).toBeUndefined();
  });

  test('a connection that says nothing for long is replaced', async () => {
    vi.useFakeTimers();
    const silent = new Response(new ReadableStream(), { headers: { 'Content-Type': 'text/event-stream' } });
    // As in a browser, the body of an aborted request breaks.
    const hang = (signal: AbortSignal) =>
      new Promise<Response>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const answers = [hang, () => Promise.resolve(connection([[1, ended]]))];
    const client = createClient(
      createHttpTransport({
        apiUrl: 'http://host/api/v1',
        request: (_, init) => (answers.shift() ?? (() => Promise.resolve(silent)))(init.signal as AbortSignal),
        wait: () => Promise.resolve()
      })
    );
    const events = await client.call(jobRoutes.events, { params: { jobId } });
    const first = events[Symbol.asyncIterator]().next();
    await vi.advanceTimersByTimeAsync(44_000);
    expect(answers).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await first).value).toMatchObject({ id: 1 });
  });
});

describe('listening over one connection', () => {
  test('ends with the connection, whether it closes or breaks, and never connects again', async () => {
    for (const end of ['close', 'break'] as const) {
      const { ids, asked, error } = await follow([connection([[5, step(1)]], end), connection([])], 4, true);
      expect([ids, asked, error]).toEqual([[5], ['4'], undefined]);
    }
  });

  test('tells when it could not connect', async () => {
    const { error, asked } = await follow([new TypeError('Failed to fetch')], undefined, true);
    expect((error as ProblemError).code).toBe('unavailable');
    expect(asked).toEqual([null]);
  });
});
