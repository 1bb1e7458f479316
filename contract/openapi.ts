import * as z from 'zod';
import { commonProblems, Problem, problems } from './problem.js';
import type { ProblemCode } from './problem.js';
import { isStreamBody } from './route.js';
import type { AnyRoute } from './route.js';
import { allRoutes } from './routes.js';

type Json = Record<string, unknown>;

/** The contract as an OpenAPI 3.1 document. */
export function openApiDocument(version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of allRoutes()) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Lakeside',
      version,
      description:
        "The API below `<server>/lakeside/api/v1`. Authentication is the Jupyter server's: its cookie with the XSRF header, or its token."
    },
    servers: [{ url: '/lakeside/api/v1' }],
    paths,
    components: { schemas: { Problem: schema(Problem, 'output') } }
  };
}

function operation(route: AnyRoute): Json {
  return {
    operationId: route.id,
    summary: route.summary,
    tags: [route.id.split('.')[0]],
    ...(route.audience === 'kernel' && { 'x-audience': 'kernel' }),
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query')],
    ...(route.body && { requestBody: requestBody(route) }),
    responses: { [String(route.response.status)]: success(route), ...failures(route) }
  };
}

function parameters(of: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (of === undefined) return [];
  const { properties = {}, required = [] } = schema(of, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, shape]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: shape
  }));
}

function requestBody(route: AnyRoute): Json {
  const content = isStreamBody(route.body)
    ? { [route.body.contentType]: { schema: { type: 'string', format: 'binary' } } }
    : { 'application/json': { schema: schema(route.body as z.ZodType, 'input') } };
  return { required: true, content };
}

function success(route: AnyRoute): Json {
  const { response } = route;
  switch (response.kind) {
    case 'json':
      return {
        description: 'Done',
        ...(response.location && { headers: { Location: { schema: { type: 'string' } } } }),
        content: { 'application/json': { schema: schema(response.schema, 'output') } }
      };
    case 'events':
      return {
        description: 'Numbered server-sent events; the data of each is JSON of this shape',
        content: { 'text/event-stream': { schema: schema(response.schema, 'output') } }
      };
    case 'bytes':
      return {
        description: 'Bytes',
        content: { [response.contentType]: { schema: { type: 'string', format: 'binary' } } }
      };
    case 'empty':
      return { description: 'Done' };
  }
}

function failures(route: AnyRoute): Json {
  const codes = new Map<number, ProblemCode[]>();
  for (const code of new Set<ProblemCode>([...commonProblems, ...route.errors])) {
    const { status } = problems[code];
    codes.set(status, [...(codes.get(status) ?? []), code]);
  }
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...codes]
      .sort(([a], [b]) => a - b)
      .map(([status, list]) => [String(status), { description: list.join(', '), content }])
  );
}

function schema(of: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(of, { io, unrepresentable: 'any', reused: 'inline' });
  return rest;
}
