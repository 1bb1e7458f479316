import type * as z from 'zod';
import { Problem, ProblemError } from './problem.js';
import { isStreamBody } from './route.js';
import type { AnyRoute, Bytes, RouteArguments, RouteOutput, StreamEvent } from './route.js';

/** One call, ready to travel: everything checked, the path filled in. */
export interface Call {
  route: AnyRoute;
  /** Path with its parameters and the query, below `/api/v1`. */
  url: string;
  params: unknown;
  query: unknown;
  body: unknown;
  signal?: AbortSignal;
  /** The last event the caller saw, for event streams. */
  lastEventId?: number;
  /** For event streams: they end with the connection, and the caller connects again. */
  oneConnection?: boolean;
}

/** An answer as it arrived, not yet checked. */
export type Answer =
  | { kind: 'json'; body: unknown }
  | { kind: 'events'; events: AsyncIterable<StreamEvent<unknown>> }
  | { kind: 'bytes'; bytes: Bytes }
  | { kind: 'empty' };

/** Carries calls to the services: over HTTP from a browser, or within the process from the CLI. Throws `ProblemError`. */
export interface Transport {
  send(call: Call): Promise<Answer>;
}

export interface CallOptions {
  signal?: AbortSignal;
  lastEventId?: number;
  oneConnection?: boolean;
}

/** The one typed client of the contract. */
export interface Client {
  /**
   * Calls a route. What is given and what comes back is checked against the contract.
   *
   * @throws ProblemError for a refusal, with the sentence a person reads.
   */
  call<R extends AnyRoute>(route: R, given: RouteArguments<R>, options?: CallOptions): Promise<RouteOutput<R>>;
}

/** The client over a transport. */
export function createClient(transport: Transport): Client {
  return {
    async call<R extends AnyRoute>(route: R, given: RouteArguments<R>, options: CallOptions = {}) {
      const answer = await transport.send({ ...prepare(route, given), ...options });
      return receive(route, answer) as RouteOutput<R>;
    }
  };
}

/** Checks what is given and fills the path in. */
function prepare(route: AnyRoute, given: { params?: unknown; query?: unknown; body?: unknown }): Call {
  const params = check(route.params, given.params, 'params');
  const query = given.query ?? {};
  check(route.query, query, 'query');
  const body =
    route.body === undefined || isStreamBody(route.body) ? given.body : check(route.body, given.body, 'body');
  const path = route.path.replace(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(String((params as Record<string, string | number>)[name]))
  );
  const search = new URLSearchParams(
    Object.entries(query as Record<string, string | number | boolean | undefined>).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, String(value)]]
    )
  ).toString();
  return { route, url: search ? `${path}?${search}` : path, params, query, body };
}

function receive(route: AnyRoute, answer: Answer): unknown {
  const wanted = route.response;
  if (answer.kind !== wanted.kind) {
    throw new ProblemError(
      'internal',
      `Lakeside answered ${route.id} with ${answer.kind} instead of ${wanted.kind}. Reload the page; the browser and the server may be of different versions.`
    );
  }
  if (wanted.kind === 'json' && answer.kind === 'json') {
    const result = wanted.schema.safeParse(answer.body);
    if (!result.success) {
      throw new ProblemError(
        'internal',
        `Lakeside answered ${route.id} in a shape this page does not know. Reload the page; the browser and the server may be of different versions.`,
        { cause: result.error }
      );
    }
    return result.data;
  }
  if (wanted.kind === 'events' && answer.kind === 'events') {
    return parseEvents(wanted.schema, answer.events);
  }
  return answer.kind === 'bytes' ? answer.bytes : undefined;
}

async function* parseEvents(
  schema: z.ZodType,
  events: AsyncIterable<StreamEvent<unknown>>
): AsyncIterable<StreamEvent<unknown>> {
  for await (const event of events) {
    yield { id: event.id, data: schema.parse(event.data) };
  }
}

/** Parses with a schema; a failure becomes a problem that names the fields. */
export function check(schema: z.ZodType | undefined, value: unknown, where: string): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(issue => ({
    field: issue.path.length > 0 ? issue.path.join('.') : where,
    message: issue.message
  }));
  const first = errors[0];
  throw new ProblemError('invalid', first ? `"${first.field}" ${first.message}.` : 'A field is not right.', { errors });
}

/** The error that a foreign answer stands for: a problem where it is one, else a sentence with its status. */
export function toProblemError(status: number, body: unknown): ProblemError {
  const problem = Problem.safeParse(body);
  if (problem.success) return ProblemError.from(problem.data);
  const message = typeof body === 'object' && body !== null && 'message' in body ? String(body.message) : '';
  const code =
    status === 404 ? 'not-found' : status === 401 ? 'unauthenticated' : status === 403 ? 'forbidden' : 'unavailable';
  return new ProblemError(code, message || `The server answered ${status}.`);
}
