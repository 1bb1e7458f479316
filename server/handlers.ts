import type { AnyRoute, RouteInput, RouteOutput } from '../contract/route.js';
import type { Caller } from './ports.js';

/** One call of a handler: who asks, and what, already checked against the contract. */
export type HandlerCall<R extends AnyRoute> = RouteInput<R> & {
  caller: Caller;
  /** Raised when the caller is gone. */
  signal: AbortSignal;
  /** The last event the caller saw, for event streams. */
  lastEventId?: number;
};

/** Answers one route; throws `ProblemError` to refuse. Knows nothing of HTTP. */
export type Handler<R extends AnyRoute> = (call: HandlerCall<R>) => Promise<RouteOutput<R>>;

/** The handlers of a table of routes, under the same keys. */
export type Handlers<T extends Record<string, AnyRoute>> = { [K in keyof T]: Handler<T[K]> };

/** A handler whose route is not known by type, as the transports see it. */
export type AnyHandler = (call: {
  params: unknown;
  query: unknown;
  body: unknown;
  caller: Caller;
  signal: AbortSignal;
  lastEventId?: number;
}) => Promise<unknown>;

/** Every route with its handler. */
export type HandlerTable = ReadonlyMap<AnyRoute, AnyHandler>;

/**
 * Joins tables of routes with their handlers.
 *
 * @throws Error where a route has no handler: the contract promises what nobody keeps
 */
export function handlerTable<T extends Record<string, Record<string, AnyRoute>>>(
  routes: T,
  handlers: { [F in keyof T]: Handlers<T[F]> }
): HandlerTable {
  const table = new Map<AnyRoute, AnyHandler>();
  for (const [feature, entries] of Object.entries(routes)) {
    const answers = handlers[feature] as Record<string, AnyHandler | undefined>;
    for (const [verb, route] of Object.entries(entries)) {
      const handler = answers[verb];
      if (handler === undefined) throw new Error(`No handler for ${route.id}`);
      table.set(route, handler);
    }
  }
  return table;
}
