import { once } from 'node:events';
import type { Response } from 'express';
import type { StreamEvent } from '../../contract/route.js';

/** Proxies cut connections that stay silent; a comment keeps them open. Milliseconds. */
const HEARTBEAT = 15_000;

/** Sends numbered server-sent events until the stream ends or the caller is gone. */
export async function sendEvents(
  response: Response,
  events: AsyncIterable<StreamEvent<unknown>>,
  gone: AbortSignal
): Promise<void> {
  response.status(200);
  response.setHeader('Content-Type', 'text/event-stream; charset=utf-8');
  response.setHeader('X-Accel-Buffering', 'no');
  response.flushHeaders();
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT);
  try {
    for await (const event of events) {
      if (gone.aborted) return;
      const more = response.write(`id: ${event.id}\ndata: ${JSON.stringify(event.data)}\n\n`);
      if (!more) await once(response, 'drain', { signal: gone });
    }
    response.end();
  } catch (error) {
    if (!gone.aborted) throw error;
  } finally {
    clearInterval(heartbeat);
  }
}
