import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Refused } from './store.js';

/** A request as the twin's routes see it. */
export interface Asked {
  method: string;
  path: string;
  query: URLSearchParams;
  header(name: string): string | undefined;
  body: Buffer;
}
export interface Answer {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; a text is sent as it is. */
  body: unknown;
}
/** A route; undefined where the request is none of its own. */
export type Route = (asked: Asked) => Answer | Promise<Answer> | undefined;

export const ok = (body: unknown): Answer => ({ status: 200, body });

/** What a request for JSON carries. @throws Refused where it does not say so, or is none */
export function jsonOf(asked: Asked): Record<string, unknown> {
  if (!/^application\/json\b/.test(asked.header('content-type') ?? ''))
    throw new Refused(415, 'Unsupported Media Type');
  try {
    return JSON.parse(asked.body.toString('utf8')) as Record<string, unknown>;
  } catch {
    throw new Refused(400, 'The request is no JSON');
  }
}

/** The file and the fields of an upload. @throws Refused where Confluence would suspect another site's form */
export async function uploadOf(asked: Asked): Promise<{ name: string; bytes: Uint8Array; comment: string }> {
  if (!/^no-?check$/.test(asked.header('x-atlassian-token') ?? '')) throw new Refused(403, 'XSRF check failed');
  const type = asked.header('content-type') ?? '';
  if (!type.startsWith('multipart/form-data')) throw new Refused(415, 'Unsupported Media Type');
  const form = await new Response(new Uint8Array(asked.body), { headers: { 'content-type': type } }).formData();
  const file = form.get('file');
  if (!(file instanceof File)) throw new Refused(400, 'At least one file has to be attached');
  const comment = form.get('comment');
  return { name: file.name, bytes: await file.bytes(), comment: typeof comment === 'string' ? comment : '' };
}

/** Serves routes on the loopback. */
export async function serve(
  answer: (asked: Asked) => Promise<Answer>
): Promise<{ base: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void respond(request, response, answer);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Promise<Answer>
): Promise<void> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return; // The caller went away before it had said all.
  }
  const url = new URL(request.url ?? '/', 'http://twin');
  const { status, headers, body } = await answer({
    method: request.method ?? 'GET',
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    header: name => request.headers[name] as string | undefined,
    body: Buffer.concat(chunks)
  });
  const isText = typeof body === 'string';
  response.writeHead(status, { 'content-type': isText ? 'text/html;charset=UTF-8' : 'application/json', ...headers });
  response.end(isText ? body : JSON.stringify(body));
}
