import { Router, json as parseJson } from 'express';
import type { Request, RequestHandler, Response } from 'express';
import { check } from '../../contract/client.js';
import { ProblemError } from '../../contract/problem.js';
import { isStreamBody } from '../../contract/route.js';
import type { AnyRoute, Bytes, StreamBody, StreamEvent } from '../../contract/route.js';
import type { AnyHandler, HandlerTable } from '../handlers.js';
import type { Caller } from '../ports.js';
import { sendBytes } from './bytes.js';
import { sendEvents } from './events.js';

/** Largest JSON body, in bytes. Notebooks travel as streams, not in JSON bodies. */
const MAX_JSON = 1024 * 1024;

export interface MountOptions {
  /** Checks answers against the contract too; on in tests. */
  checkAnswers?: boolean;
}

/**
 * Puts every route of the table onto an Express router, below `/api/v1`.
 *
 * @param table - may be made on the first request, so that a start costs nothing
 */
export function mount(
  routes: readonly AnyRoute[],
  table: () => Promise<HandlerTable>,
  options: MountOptions = {}
): Router {
  const router = Router();
  for (const route of routes) {
    const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    router[method](route.path, ...bodyParsers(route), answer(route, table, options));
  }
  return router;
}

/** Mutations take JSON only: what a foreign page's form or image can send is refused before it is read. */
function bodyParsers(route: AnyRoute): RequestHandler[] {
  if (route.method === 'GET') return [];
  const guard: RequestHandler = (request, _response, next) => {
    const hasBody =
      request.headers['transfer-encoding'] !== undefined || Number(request.get('content-length') ?? 0) > 0;
    if ((hasBody || route.body !== undefined) && !request.is('application/json')) {
      throw new ProblemError('unsupported-type', 'Send the body as application/json.');
    }
    next();
  };
  return isStreamBody(route.body) ? [guard] : [guard, parseJson({ limit: MAX_JSON })];
}

function answer(route: AnyRoute, table: () => Promise<HandlerTable>, options: MountOptions): RequestHandler {
  return async (request, response) => {
    const handler = (await table()).get(route);
    if (handler === undefined) throw new Error(`No handler for ${route.id}`);
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const output = await handler(input(route, request, response, gone.signal));
    await send(route, output, request, response, { ...options, gone: gone.signal });
  };
}

function input(route: AnyRoute, request: Request, response: Response, signal: AbortSignal): Parameters<AnyHandler>[0] {
  const lastEventId = Number(request.get('last-event-id') ?? Number.NaN);
  return {
    params: check(route.params, request.params, 'path'),
    query: check(route.query, ownQuery(request), 'query'),
    body: isStreamBody(route.body) ? limited(request, route.body) : check(route.body, request.body ?? {}, 'body'),
    caller: response.locals['caller'] as Caller,
    signal,
    ...(Number.isInteger(lastEventId) && lastEventId >= 0 && { lastEventId })
  };
}

/** The query without what Jupyter and the browser add to it. */
function ownQuery(request: Request): Record<string, unknown> {
  const { no_track_activity: _polling, _: _cacheBuster, ...query } = request.query as Record<string, unknown>;
  return query;
}

async function* limited(request: Request, body: StreamBody): AsyncIterable<Uint8Array> {
  const tooLarge = (): ProblemError =>
    new ProblemError('too-large', `The body is larger than ${Math.floor(body.maxBytes / 1024 / 1024)} MB.`);
  if (Number(request.get('content-length') ?? 0) > body.maxBytes) throw tooLarge();
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > body.maxBytes) throw tooLarge();
    yield chunk;
  }
}

async function send(
  route: AnyRoute,
  output: unknown,
  request: Request,
  response: Response,
  options: MountOptions & { gone: AbortSignal }
): Promise<void> {
  response.setHeader('Cache-Control', 'no-store');
  const wanted = route.response;
  switch (wanted.kind) {
    case 'empty':
      response.status(204).end();
      return;
    case 'json': {
      const body = options.checkAnswers ? wanted.schema.parse(output) : output;
      if (wanted.location) {
        const prefix = response.locals['prefix'] as string;
        response.setHeader('Location', `${prefix}/api/v1${wanted.location(body)}`);
      }
      response.status(wanted.status).type('application/json').send(JSON.stringify(body));
      return;
    }
    case 'events':
      await sendEvents(response, output as AsyncIterable<StreamEvent<unknown>>, options.gone);
      return;
    case 'bytes':
      await sendBytes(request, response, output as Bytes, options.gone);
  }
}
