import type * as z from 'zod';
import type { ProblemCode } from './problem.js';

/** HTTP methods a route may use. GET never changes anything. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call a route: a person's browser or CLI, or also a running kernel through the kernel door. */
export type RouteAudience = 'person' | 'kernel';

/** A JSON answer. `location` gives the path of the resource that the answer announces (202, 201). */
export interface JsonResponse<S extends z.ZodType = z.ZodType> {
  kind: 'json';
  status: 200 | 201 | 202;
  schema: S;
  location?: (body: z.infer<S>) => string;
}

/** A stream of numbered, persisted server-sent events; replays after `Last-Event-ID`. */
export interface EventsResponse<S extends z.ZodType = z.ZodType> {
  kind: 'events';
  status: 200;
  schema: S;
}

/** A byte stream. `text/html` is always served under a sandboxing Content-Security-Policy. */
export interface BytesResponse {
  kind: 'bytes';
  status: 200;
  contentType: string;
}

/** No body (204). */
export interface EmptyResponse {
  kind: 'empty';
  status: 204;
}

export type RouteResponse = JsonResponse | EventsResponse | BytesResponse | EmptyResponse;

/** A request body that is streamed to the service unread, up to `maxBytes`. */
export interface StreamBody {
  kind: 'stream';
  contentType: string;
  maxBytes: number;
}

export type RouteBody = z.ZodType | StreamBody;

/**
 * One entry of the contract. The server mounts it, the typed client calls it, OpenAPI is generated from it
 * and the contract test walks it.
 */
export interface Route<
  P extends z.ZodType | undefined = z.ZodType | undefined,
  Q extends z.ZodType | undefined = z.ZodType | undefined,
  B extends RouteBody | undefined = RouteBody | undefined,
  R extends RouteResponse = RouteResponse
> {
  /** Stable id, `feature.verb`. */
  id: string;
  method: Method;
  /** Path under `/api/v1`, parameters as `:name`. */
  path: string;
  /** One sentence for the API description. */
  summary: string;
  audience?: RouteAudience;
  params: P;
  query: Q;
  body: B;
  response: R;
  /** The problems this route answers with beside those every route has (`commonProblems`). */
  errors: readonly ProblemCode[];
}

export type AnyRoute = Route;

type Parsed<S> = S extends z.ZodType ? z.infer<S> : undefined;
type Given<S> = S extends z.ZodType ? z.input<S> : undefined;

/** What a handler receives: parsed, defaults applied. Streams arrive as chunks. */
export interface RouteInput<R extends AnyRoute> {
  params: Parsed<R['params']>;
  query: Parsed<R['query']>;
  body: R['body'] extends StreamBody ? AsyncIterable<Uint8Array> : Parsed<R['body']>;
}

type Key<N extends string, V> = undefined extends V ? { [K in N]?: V } : Record<N, V>;

/** What a caller gives: defaults may be left out; parts a route does not have are left out too. */
export type RouteArguments<R extends AnyRoute> = Key<'params', Given<R['params']>> &
  Key<'query', R['query'] extends z.ZodType ? Given<R['query']> | undefined : undefined> &
  Key<'body', R['body'] extends StreamBody ? AsyncIterable<Uint8Array> | Uint8Array | string : Given<R['body']>>;

/** One event of an event stream. `id` counts from 1 and never repeats within a stream. */
export interface StreamEvent<T> {
  id: number;
  data: T;
}

/** A byte answer. `size` in bytes where it is known beforehand. */
export interface Bytes {
  contentType: string;
  size?: number;
  /** A file name for saving it; adds `Content-Disposition: attachment`. */
  download?: string;
  /** Replaces the default policy of `text/html` (a live figure needs its own scripts). */
  sandbox?: 'static' | 'scripts';
  /** The same bytes compressed, for whoever takes them so. */
  encoded?: (encoding: 'br' | 'gzip') => Promise<Uint8Array>;
  stream: AsyncIterable<Uint8Array>;
}

/** What a handler answers and what a client gets. */
export type RouteOutput<R extends AnyRoute> =
  R['response'] extends JsonResponse<infer S>
    ? z.infer<S>
    : R['response'] extends EventsResponse<infer S>
      ? AsyncIterable<StreamEvent<z.infer<S>>>
      : R['response'] extends BytesResponse
        ? Bytes
        : undefined;

/** Everything but `params`, `query` and `body` must be given. */
type RouteOptions<P, Q, B, R extends RouteResponse> = Omit<Route, 'params' | 'query' | 'body' | 'response'> & {
  params?: P;
  query?: Q;
  body?: B;
  response: R;
};

/** Declares a route; the types of its parts are kept. */
export function defineRoute<
  const R extends RouteResponse,
  const P extends z.ZodType | undefined = undefined,
  const Q extends z.ZodType | undefined = undefined,
  const B extends RouteBody | undefined = undefined
>(options: RouteOptions<P, Q, B, R>): Route<P, Q, B, R> {
  return {
    ...options,
    params: options.params as P,
    query: options.query as Q,
    body: options.body as B
  };
}

/** Answers with JSON of this shape. */
export function json<S extends z.ZodType>(
  schema: S,
  options: { status?: 200 | 201 | 202; location?: (body: z.infer<S>) => string } = {}
): JsonResponse<S> {
  return { kind: 'json', status: options.status ?? 200, schema, location: options.location };
}

/** Answers with a stream of events of this shape. */
export function events<S extends z.ZodType>(schema: S): EventsResponse<S> {
  return { kind: 'events', status: 200, schema };
}

/** Answers with bytes. */
export function bytes(contentType: string): BytesResponse {
  return { kind: 'bytes', status: 200, contentType };
}

/** Answers with nothing. */
export const empty: EmptyResponse = { kind: 'empty', status: 204 };

/** Takes a body that is streamed, not parsed. */
export function stream(contentType: string, maxBytes: number): StreamBody {
  return { kind: 'stream', contentType, maxBytes };
}

/** True where the body of a route is a stream. */
export function isStreamBody(body: RouteBody | undefined): body is StreamBody {
  return body !== undefined && 'kind' in body;
}
