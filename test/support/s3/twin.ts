import { createHash, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** How a server may be, better or worse. */
export interface Habits {
  /** What becomes of `If-None-Match: *`. `racy` looks first and writes a little later. */
  ifNoneMatch: 'exact' | 'racy' | 'ignored' | 'unknown';
  /** How uploads in parts are completed: heeding conditions, without, or not at all. */
  parts: 'conditional' | 'plain' | 'none';
  /** Lists show objects so much later. Milliseconds. */
  listsLate: number;
  /** `walk` lists as a walk through folders meets them: `a/b` before `a-b`. */
  order: 'bytes' | 'walk';
  checksMd5: boolean;
  /** Keys in one page of a list. */
  page: number;
  /** Seconds its clock is ahead. */
  ahead: number;
}

/** What is answered instead of doing what was asked. */
export interface Refusal {
  status: number;
  code?: string;
  headers?: Record<string, string>;
  /** Does what was asked, and then answers so all the same. */
  afterwards?: boolean;
}

/** An S3 server in this process, as bad as a test needs it. A twin: what real ones do is tested with real ones. */
export interface Twin {
  endpoint: string;
  habits: Habits;
  /** Every request so far: method, path with query. */
  requests: string[];
  /** Headers of the last request. */
  lastHeaders: IncomingMessage['headers'];
  /** Asked before each request. */
  refuse: (request: { method: string; url: string; count: number }) => Refusal | 'reset' | undefined;
  objects: Map<string, { bytes: Buffer; at: number; headers: Record<string, string> }>;
  stop(): Promise<void>;
}

const good: Habits = {
  ifNoneMatch: 'exact',
  parts: 'conditional',
  listsLate: 0,
  order: 'bytes',
  checksMd5: true,
  page: 1_000,
  ahead: 0
};

export async function startTwin(habits: Partial<Habits> = {}): Promise<Twin> {
  const uploads = new Map<string, Map<number, Buffer>>();
  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const twin: Twin = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    habits: { ...good, ...habits },
    requests: [],
    lastHeaders: {},
    refuse: () => undefined,
    objects: new Map(),
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '' } = request;
    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    twin.requests.push(`${method} ${url}`);
    twin.lastHeaders = request.headers;
    const refusal = twin.refuse({ method, url, count: twin.requests.length });
    if (refusal === 'reset') {
      request.socket.destroy();
      return;
    }
    if (refusal && !refusal.afterwards) {
      refuse(response, refusal);
      return;
    }
    const answer = await answerTo(method, new URL(url, twin.endpoint), request.headers, body);
    if (refusal) {
      refuse(response, refusal);
      return;
    }
    if (isRefusal(answer)) {
      refuse(response, answer);
      return;
    }
    response.writeHead(answer.status, answer.headers).end(method === 'HEAD' ? undefined : answer.body);
  }

  function refuse(response: ServerResponse, { status, code, headers = {} }: Refusal): void {
    const xml = code === undefined ? '' : `<Error><Code>${code}</Code><Message>twin</Message></Error>`;
    response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(xml);
  }

  interface Answer {
    status: number;
    headers?: Record<string, string | number>;
    body?: Buffer | string;
  }

  async function answerTo(
    method: string,
    url: URL,
    headers: IncomingMessage['headers'],
    body: Buffer
  ): Promise<Answer | Refusal> {
    const [, bucket, ...parts] = url.pathname.split('/').map(decodeURIComponent);
    const key = parts.join('/');
    if (bucket !== 'bucket') return { status: 404, code: 'NoSuchBucket' };
    const query = url.searchParams;
    if (query.has('list-type')) return list(query);
    if (query.has('uploads') || query.has('uploadId')) return inParts(method, key, query, headers, body);
    const found = twin.objects.get(key);
    if (method === 'PUT') return store(key, headers, body);
    if (method === 'DELETE') {
      twin.objects.delete(key);
      return { status: 204 };
    }
    if (found === undefined) return { status: 404, code: 'NoSuchKey' };
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    const rest = found.bytes.subarray(from);
    const range = { 'content-range': `bytes ${from}-${found.bytes.length - 1}/${found.bytes.length}` };
    return {
      status: from > 0 ? 206 : 200,
      headers: {
        ...found.headers,
        'content-length': rest.length,
        'last-modified': new Date(found.at).toUTCString(),
        etag: tag(found.bytes),
        ...(from > 0 && range)
      },
      body: rest
    };
  }

  const isRefusal = (answer: Answer | Refusal): answer is Refusal => 'code' in answer;
  const tag = (bytes: Buffer): string => `"${createHash('md5').update(bytes).digest('hex')}"`;

  async function store(key: string, headers: IncomingMessage['headers'], body: Buffer): Promise<Answer | Refusal> {
    const { ifNoneMatch, checksMd5 } = twin.habits;
    const md5 = headers['content-md5'];
    if (checksMd5 && md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) {
      return { status: 400, code: 'BadDigest' };
    }
    if (headers['if-none-match'] !== undefined && ifNoneMatch !== 'ignored') {
      if (ifNoneMatch === 'unknown') return { status: 501, code: 'NotImplemented' };
      const exists = twin.objects.has(key);
      if (ifNoneMatch === 'racy') await sleep(20);
      if (exists) return { status: 412, code: 'PreconditionFailed' };
    }
    place(key, headers, body);
    return { status: 200, headers: { etag: tag(body) } };
  }

  function place(key: string, headers: IncomingMessage['headers'], bytes: Buffer): void {
    const kept = Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'));
    const at = Date.now() + twin.habits.ahead * 1000;
    twin.objects.set(key, { bytes, at, headers: Object.fromEntries(kept) as Record<string, string> });
  }

  const marks = new Map<string, IncomingMessage['headers']>();

  function inParts(
    method: string,
    key: string,
    query: URLSearchParams,
    headers: IncomingMessage['headers'],
    body: Buffer
  ): Answer | Refusal {
    if (twin.habits.parts === 'none') return { status: 501, code: 'NotImplemented' };
    const id = query.get('uploadId') ?? randomUUID();
    if (query.has('uploads')) {
      uploads.set(id, new Map());
      marks.set(id, headers);
      const xml = `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`;
      return { status: 200, headers: { 'content-type': 'application/xml' }, body: xml };
    }
    const parts = uploads.get(id);
    if (parts === undefined) return { status: 404, code: 'NoSuchUpload' };
    if (method === 'PUT') {
      parts.set(Number(query.get('partNumber')), body);
      return { status: 200, headers: { etag: tag(body) } };
    }
    if (method === 'POST') {
      const isRefused = headers['if-none-match'] !== undefined && twin.objects.has(key);
      if (isRefused && twin.habits.parts === 'conditional') return { status: 412, code: 'PreconditionFailed' };
      const sorted = [...parts].sort(([a], [b]) => a - b).map(([, bytes]) => bytes);
      place(key, marks.get(id) ?? {}, Buffer.concat(sorted));
    }
    uploads.delete(id);
    if (method === 'DELETE') return { status: 204 };
    const xml = `<CompleteMultipartUploadResult><ETag>"x-2"</ETag></CompleteMultipartUploadResult>`;
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: xml };
  }

  function list(query: URLSearchParams): Answer {
    const { order, listsLate, page } = twin.habits;
    const prefix = query.get('prefix') ?? '';
    // A slash before all other characters is how a walk through folders sorts.
    const rank = (key: string): string => (order === 'walk' ? key.replaceAll('/', '\u0001') : key);
    const after = query.get('continuation-token') ?? query.get('start-after') ?? '';
    const visible = [...twin.objects]
      .filter(([key, { at }]) => key.startsWith(prefix) && Date.now() - at >= listsLate && rank(key) > rank(after))
      .sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
    const shown = visible.slice(0, page);
    const items = shown.map(
      ([key, { bytes, at }]) =>
        `<Contents><Key>${key}</Key><Size>${bytes.length}</Size><LastModified>${new Date(at).toISOString()}</LastModified></Contents>`
    );
    const rest = visible.length > shown.length;
    const next = rest ? `<NextContinuationToken>${shown.at(-1)?.[0] ?? ''}</NextContinuationToken>` : '';
    const body = `<ListBucketResult><IsTruncated>${rest}</IsTruncated>${next}${items.join('')}</ListBucketResult>`;
    return { status: 200, headers: { 'content-type': 'application/xml' }, body };
  }

  return twin;
}
