import { check } from '../../contract/client.js';
import type { Answer, Call, Transport } from '../../contract/client.js';
import { isStreamBody } from '../../contract/route.js';
import type { Bytes, StreamEvent } from '../../contract/route.js';
import type { HandlerTable } from '../handlers.js';
import type { Caller } from '../ports.js';

/** Carries calls to the handlers of this process: the CLI's way to the same services that the browser uses. */
export function inProcess(table: HandlerTable, caller: Caller): Transport {
  return {
    async send(call: Call): Promise<Answer> {
      const { route } = call;
      const handler = table.get(route);
      if (handler === undefined) throw new Error(`No handler for ${route.id}`);
      const output = await handler({
        params: check(route.params, call.params, 'params'),
        query: check(route.query, call.query, 'query'),
        body: isStreamBody(route.body) ? chunks(call.body) : check(route.body, call.body, 'body'),
        caller,
        signal: call.signal ?? new AbortController().signal,
        ...(call.lastEventId !== undefined && { lastEventId: call.lastEventId })
      });
      switch (route.response.kind) {
        case 'json':
          // What travels over HTTP loses its undefined members; the CLI sees the same.
          return { kind: 'json', body: JSON.parse(JSON.stringify(output)) as unknown };
        case 'events':
          return { kind: 'events', events: output as AsyncIterable<StreamEvent<unknown>> };
        case 'bytes':
          return { kind: 'bytes', bytes: output as Bytes };
        case 'empty':
          return { kind: 'empty' };
      }
    }
  };
}

function chunks(body: unknown): unknown {
  if (typeof body === 'string') return [Buffer.from(body)];
  return body instanceof Uint8Array ? [body] : body;
}
