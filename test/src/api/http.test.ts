import { describe, expect, test, vi } from 'vitest';
import { createClient } from '../../../contract/client.js';
import { jobRoutes } from '../../../contract/jobs.js';
import { ProblemError } from '../../../contract/problem.js';
import { libraryRoutes } from '../../../contract/share/library.js';
import { publishRoutes } from '../../../contract/share/publish.js';
import { systemRoutes } from '../../../contract/system.js';
import { toText } from '../../../src/api/bytes.js';
import { createHttpTransport, requestWithCookie } from '../../../src/api/http.js';
import type { IHttpOptions } from '../../../src/api/http.js';
import { fakeId } from '../../support/fakeLakeside.js';

const status = { version: '1', node: '24', uptime: 1, user: 'ada', readsFiles: true };

function answer(body: unknown, init: ResponseInit = {}, type = 'application/json'): Response {
  return new Response(typeof body === 'string' ? body : JSON.stringify(body), {
    ...init,
    headers: { 'Content-Type': type, ...(init.headers as Record<string, string> | undefined) }
  });
}

function problem(code: ConstructorParameters<typeof ProblemError>[0], detail: string, retryAfter?: number): Response {
  const error = new ProblemError(code, detail, retryAfter === undefined ? {} : { retryAfter });
  return answer(error.toProblem('req-9'), { status: error.status }, 'application/problem+json');
}

/** A client whose server gives these answers in turn. */
function client(answers: (Response | Error)[], options: Partial<IHttpOptions> = {}) {
  const requests: { url: string; init: RequestInit }[] = [];
  const waits: number[] = [];
  const transport = createHttpTransport({
    apiUrl: 'http://host/base/lakeside/api/v1',
    request: async (url, init) => {
      requests.push({ url, init });
      const next = answers.shift();
      if (next === undefined) throw new Error('No answer is left.');
      if (next instanceof Error) throw next;
      return next;
    },
    wait: async milliseconds => void waits.push(milliseconds),
    ...options
  });
  return { client: createClient(transport), requests, waits };
}

const header = (init: RequestInit, name: string) => new Headers(init.headers).get(name);

describe('requests', () => {
  test('go below the API, with their query, as JSON', async () => {
    const { client: lakeside, requests } = client([answer({}, { status: 404 }, 'application/problem+json')]);
    await lakeside.call(publishRoutes.state, { query: { path: 'a b/ü.ipynb' } }).catch(() => undefined);
    expect(requests[0]?.url).toBe('http://host/base/lakeside/api/v1/share/state?path=a+b%2F%C3%BC.ipynb');
    expect(requests[0]?.init.method).toBe('GET');
    expect(header(requests[0]!.init, 'Accept')).toBe('application/json');
    expect(requests[0]?.init.body).toBeUndefined();
  });

  test('of a person count as activity, those in the background do not', async () => {
    const person = client([answer(status)]);
    await person.client.call(systemRoutes.status, {});
    expect(person.requests[0]?.url).not.toContain('no_track_activity');
    const background = client([answer(status), answer({ targets: [] })], { background: true });
    await background.client.call(systemRoutes.status, {});
    expect(background.requests[0]?.url).toMatch(/\/status\?no_track_activity=1$/);
  });

  test('with a body say its type', async () => {
    const { client: lakeside, requests } = client([problem('invalid', 'No.')]);
    const body = { opId: fakeId(1), path: 'a.ipynb' };
    await lakeside.call(publishRoutes.publish, { body }).catch(() => undefined);
    expect(header(requests[0]!.init, 'Content-Type')).toBe('application/json');
    expect(JSON.parse(requests[0]?.init.body as string)).toMatchObject(body);
  });

  test('upload text as it is and parts as one blob', async () => {
    const uploaded = { uploadId: fakeId(1), size: 4, sha256: '0'.repeat(64) };
    const { client: lakeside, requests } = client([
      answer(uploaded, { status: 201 }),
      answer(uploaded, { status: 201 })
    ]);
    const params = { uploadId: fakeId(1) };
    await lakeside.call(publishRoutes.upload, { params, body: '{"a":1}' });
    expect(requests[0]?.init.body).toBe('{"a":1}');
    async function* parts() {
      yield new TextEncoder().encode('{"a"');
      yield new TextEncoder().encode(':2}');
    }
    await lakeside.call(publishRoutes.upload, { params, body: parts() });
    expect(await (requests[1]?.init.body as Blob).text()).toBe('{"a":2}');
    expect(header(requests[1]!.init, 'Content-Type')).toBe('application/json');
  });

  test('carry the cookie and the XSRF header of a page of the server', async () => {
    document.cookie = '_xsrf=2|abc';
    const fetched = vi.spyOn(globalThis, 'fetch').mockResolvedValue(answer(status));
    await requestWithCookie('/x', { headers: { Accept: 'a/b' } });
    const init = fetched.mock.calls[0]?.[1] as RequestInit;
    expect(header(init, 'X-XSRFToken')).toBe('2|abc');
    expect(header(init, 'Accept')).toBe('a/b');
    expect(init.credentials).toBe('same-origin');
    fetched.mockRestore();
  });
});

describe('answers', () => {
  test('bytes keep their type, size and name', async () => {
    const { client: lakeside } = client([
      answer(
        '<h1>x</h1>',
        {
          headers: { 'Content-Length': '10', 'Content-Disposition': "attachment; filename*=UTF-8''%C3%BC.html" }
        },
        'text/html; charset=utf-8'
      )
    ]);
    const bytes = await lakeside.call(libraryRoutes.document, {
      params: { notebookId: fakeId(1), versionId: 'latest' }
    });
    expect(bytes).toMatchObject({ contentType: 'text/html; charset=utf-8', size: 10, download: 'ü.html' });
    expect(await toText(bytes)).toBe('<h1>x</h1>');
  });

  test('204 is nothing', async () => {
    const { client: lakeside } = client([new Response(null, { status: 204 })]);
    await expect(lakeside.call(jobRoutes.cancel, { params: { jobId: fakeId(1) } })).resolves.toBeUndefined();
  });

  test('a problem keeps its code, sentence, fields and request', async () => {
    const { client: lakeside } = client([problem('path-refused', 'This path is outside.')]);
    const error = await lakeside.call(publishRoutes.state, { query: { path: 'x' } }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({ code: 'path-refused', message: 'This path is outside.', requestId: 'req-9' });
  });

  test.each([
    [
      'a page in HTML with 404: the server extension is missing',
      answer('<html>', { status: 404 }, 'text/html'),
      'not-found',
      /jupyter server extension enable lakeside/
    ],
    ['a sign-in page with 200', answer('<html>', {}, 'text/html'), 'unauthenticated', /sign in/],
    ['403 without a problem', answer('<html>', { status: 403 }, 'text/html'), 'unauthenticated', /sign in/],
    ['a hub that lost the server', answer('x', { status: 502 }, 'text/plain'), 'unavailable', /did not answer/],
    ['Jupyter’s own words', answer({ message: 'Kernel is away' }, { status: 500 }), 'unavailable', /Kernel is away/],
    ['Node is missing', problem('node-missing', 'Install nodejs.'), 'node-missing', /Install nodejs/]
  ])('%s', async (_, response, code, sentence) => {
    const answers = [response, ...Array.from({ length: 3 }, () => response.clone())];
    const error = await client(answers)
      .client.call(systemRoutes.status, {})
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code });
    expect((error as Error).message).toMatch(sentence);
  });

  test('no answer at all says so, without the browser’s words', async () => {
    const fall = new TypeError('Failed to fetch');
    const error = await client([fall, fall, fall, fall])
      .client.call(systemRoutes.status, {})
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'unavailable' });
    expect((error as Error).message).toMatch(/cannot be reached/);
  });
});

describe('a sidecar that is starting', () => {
  test('reads are repeated, as late as the server asks', async () => {
    const { client: lakeside, requests, waits } = client([problem('starting', 'Starting.', 2), answer(status)]);
    expect(await lakeside.call(systemRoutes.status, {})).toEqual(status);
    expect(requests).toHaveLength(2);
    expect(waits).toEqual([2000]);
  });

  test('reads give up after three more', async () => {
    const { client: lakeside, requests } = client(Array.from({ length: 9 }, () => problem('unavailable', 'Down.')));
    await expect(lakeside.call(systemRoutes.status, {})).rejects.toMatchObject({ code: 'unavailable' });
    expect(requests).toHaveLength(4);
  });

  test('changes are never repeated by themselves', async () => {
    const { client: lakeside, requests } = client([problem('starting', 'Starting.'), answer(status)]);
    const body = { opId: fakeId(1), path: 'a.ipynb' };
    await expect(lakeside.call(publishRoutes.publish, { body })).rejects.toMatchObject({ code: 'starting' });
    expect(requests).toHaveLength(1);
  });

  test('what does not pass is not repeated', async () => {
    const { client: lakeside, requests } = client([problem('forbidden', 'No.'), answer(status)]);
    await expect(lakeside.call(systemRoutes.status, {})).rejects.toMatchObject({ code: 'forbidden' });
    expect(requests).toHaveLength(1);
  });
});

test('an aborted call rejects with the reason, also while it waits', async () => {
  const abort = new AbortController();
  const { client: lakeside } = client([problem('starting', 'Starting.')], {
    wait: async (_, signal) => {
      abort.abort();
      signal?.throwIfAborted();
    }
  });
  await expect(lakeside.call(systemRoutes.status, {}, { signal: abort.signal })).rejects.toHaveProperty(
    'name',
    'AbortError'
  );
});
