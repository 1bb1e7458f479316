import type { Call } from '../../contract/client.js';
import type { StreamEvent } from '../../contract/route.js';
import { readBody } from './bytes.js';
import { readEvents } from './eventStream.js';
import { isPassing } from './failures.js';

/** What following a stream of events needs. */
export interface IFollowOptions {
  call: Call;
  /** Opens the stream after an event; rejects with a `ProblemError`. */
  open: (lastEventId: number, signal: AbortSignal) => Promise<Response>;
  wait: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Without a byte for so long the connection counts as dead; the server sends heartbeats more often. */
const SILENCE_MS = 45_000;
const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5_000;
/** Connections in a row that brought nothing before it is given up: about a minute. */
const FRUITLESS = 15;

/**
 * Follows a stream of events across dropped connections: each new one goes on after the last event seen, and an event
 * that comes twice is given once.
 *
 * Ends after the event that says it is the last (a job in a final state), or when the server closes twice without news.
 *
 * @throws ProblemError when the server refuses, or cannot be reached for about a minute
 */
export async function* follow(options: IFollowOptions): AsyncGenerator<StreamEvent<unknown>, void, void> {
  const { call, open, wait } = options;
  let seen = call.lastEventId ?? 0;
  let fruitless = 0;
  let closedQuietly = 0;

  for (;;) {
    const watch = watchSilence(call.signal);
    let failure: unknown;
    let news = false;
    try {
      const response = await open(seen, watch.signal);
      for await (const event of readEvents(readBody(response.body), watch.heard)) {
        const id = Number(event.id);
        if (event.event === 'error' || !Number.isSafeInteger(id) || id <= seen) continue;
        const data = JSON.parse(event.data) as unknown;
        seen = id;
        news = true;
        yield { id, data };
        if (isLast(data)) return;
      }
      closedQuietly = news ? 0 : closedQuietly + 1;
      if (closedQuietly > 1) return;
    } catch (error) {
      call.signal?.throwIfAborted();
      if (!isPassing(error) && !isDropped(error)) throw error;
      failure = error;
    } finally {
      watch.stop();
    }
    fruitless = news ? 0 : fruitless + 1;
    if (failure instanceof Error && fruitless >= FRUITLESS) throw failure;
    const delay = Math.min(FIRST_DELAY_MS * 2 ** fruitless, LONGEST_DELAY_MS);
    const asked = isPassing(failure) ? (failure.retryAfter ?? 0) * 1000 : 0;
    await wait(Math.max(delay, Math.min(asked, LONGEST_DELAY_MS)), call.signal);
  }
}

/**
 * Listens to a stream over one connection, for callers that need to know when they are connected: what they ask for
 * after that is not out of date.
 *
 * @returns when connected; the events end with the connection, whether it was closed, broke or fell silent
 * @throws ProblemError when the server refuses or cannot be reached
 */
export async function listen(
  options: Pick<IFollowOptions, 'call' | 'open'>
): Promise<AsyncIterable<StreamEvent<unknown>>> {
  const { call, open } = options;
  const watch = watchSilence(call.signal);
  try {
    const response = await open(call.lastEventId ?? 0, watch.signal);
    return oneConnection(response, watch, call.signal);
  } catch (error) {
    watch.stop();
    throw error;
  }
}

async function* oneConnection(
  response: Response,
  watch: ReturnType<typeof watchSilence>,
  signal: AbortSignal | undefined
): AsyncGenerator<StreamEvent<unknown>, void, void> {
  try {
    for await (const event of readEvents(readBody(response.body), watch.heard)) {
      const id = Number(event.id);
      if (event.event !== 'error') yield { id, data: JSON.parse(event.data) as unknown };
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!isDropped(error)) throw error;
  } finally {
    watch.stop();
  }
}

/** A job that reached a final state has no further events. */
function isLast(data: unknown): boolean {
  const event = data as { type?: unknown; job?: { state?: unknown } } | null;
  return event?.type === 'state' && ['succeeded', 'failed', 'cancelled'].includes(String(event.job?.state));
}

/** The browser reports a connection that broke, or that we cut for its silence, in these two ways. */
function isDropped(error: unknown): boolean {
  return error instanceof TypeError || (error as { name?: unknown } | null)?.name === 'AbortError';
}

/** A signal that fires when the caller stops, or when nothing has been heard for too long. */
function watchSilence(outer: AbortSignal | undefined): { signal: AbortSignal; heard: () => void; stop: () => void } {
  const controller = new AbortController();
  const forward = () => controller.abort(outer?.reason);
  if (outer?.aborted) forward();
  outer?.addEventListener('abort', forward, { once: true });
  let timer: ReturnType<typeof setTimeout>;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => controller.abort(), SILENCE_MS);
  };
  timer = setTimeout(() => controller.abort(), SILENCE_MS);
  return {
    signal: controller.signal,
    heard,
    stop: () => {
      clearTimeout(timer);
      outer?.removeEventListener('abort', forward);
    }
  };
}
