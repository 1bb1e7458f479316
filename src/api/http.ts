import type { Answer, Call, Transport } from '../../contract/client.js';
import { ProblemError } from '../../contract/problem.js';
import { isStreamBody } from '../../contract/route.js';
import { collect, readBody } from './bytes.js';
import { english, isPassing, readJson, signedOut, toFailure, unreachable } from './failures.js';
import type { ITranslate } from './failures.js';
import { follow, listen } from './follow.js';

/** Performs a request with whatever the page needs to be let in (token, XSRF header). Rejects when nothing answers. */
export type Requester = (url: string, init: RequestInit) => Promise<Response>;

/** What the HTTP transport needs. */
export interface IHttpOptions {
  /** Absolute address of the API, without a slash at its end: `https://host/base/lakeside/api/v1`. */
  apiUrl: string;
  request: Requester;
  /** Nobody asked for these calls: they do not count as activity, so they never keep an idle server alive. */
  background?: boolean;
  /** Turns sentences into the person's language. */
  trans?: ITranslate;
  /** Waits so many milliseconds, or until the signal; replaced in tests. */
  wait?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** Reads are repeated this often while the sidecar is starting or being replaced. */
const READ_RETRIES = 3;

/**
 * Carries calls of the contract over HTTP.
 *
 * Reads are repeated while the sidecar starts; event streams go on after a dropped connection, from the last event
 * they saw. Refusals become `ProblemError`; an aborted call rejects with the reason of its signal.
 */
export function createHttpTransport(options: IHttpOptions): Transport {
  const trans = options.trans ?? english;
  const wait = options.wait ?? pause;

  return {
    async send(call: Call): Promise<Answer> {
      if (call.route.response.kind === 'events') {
        const open = async (lastEventId: number, signal: AbortSignal) => {
          const response = await once(call, { lastEventId, signal, quiet: true });
          if (isPage(response)) throw signedOut(trans);
          return response;
        };
        const events = call.oneConnection === true ? await listen({ call, open }) : follow({ call, open, wait });
        return { kind: 'events', events };
      }
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await receive(call, await once(call, { signal: call.signal, quiet: options.background === true }));
        } catch (error) {
          if (call.route.method !== 'GET' || attempt >= READ_RETRIES || !isPassing(error)) throw error;
          await wait(Math.min((error.retryAfter ?? 2 ** attempt * 0.25) * 1000, 5000), call.signal);
        }
      }
    }
  };

  /** One request; the answer is a success of some kind. */
  async function once(
    call: Call,
    how: { signal: AbortSignal | undefined; quiet: boolean; lastEventId?: number }
  ): Promise<Response> {
    how.signal?.throwIfAborted();
    let response: Response;
    try {
      response = await options.request(options.apiUrl + (how.quiet ? untracked(call.url) : call.url), {
        method: call.route.method,
        // JupyterLab puts the time into the address of `no-store` requests; the server's answers say how long they hold.
        cache: 'no-cache',
        headers: headers(call, how.lastEventId ?? 0),
        ...(call.body !== undefined && { body: await toBody(call) }),
        ...(how.signal && { signal: how.signal })
      });
    } catch (error) {
      how.signal?.throwIfAborted();
      throw unreachable(trans, error);
    }
    if (!response.ok) throw await toFailure(response, trans);
    return response;
  }

  async function receive(call: Call, response: Response): Promise<Answer> {
    if (response.status === 204) return { kind: 'empty' };
    // A proxy that wants a sign-in redirects to its page, which arrives as a success.
    if (response.redirected && isPage(response)) throw signedOut(trans);
    if (call.route.response.kind === 'bytes') return { kind: 'bytes', bytes: toBytes(response) };
    const body = await readJson(response).catch(() => undefined);
    call.signal?.throwIfAborted();
    if (body === undefined) {
      throw isPage(response)
        ? signedOut(trans)
        : new ProblemError('unavailable', trans.__('The answer was cut off. Check your connection, then try again.'));
    }
    return { kind: 'json', body };
  }
}

/** Requests with the cookie of the page and its XSRF header: for pages that are served by the Jupyter server itself. */
export const requestWithCookie: Requester = (url, init) => {
  const headers = new Headers(init.headers);
  const xsrf = /(?:^|;\s*)_xsrf=([^;]*)/.exec(document.cookie)?.[1];
  if (xsrf !== undefined) headers.set('X-XSRFToken', xsrf);
  return fetch(url, { credentials: 'same-origin', ...init, headers });
};

function headers(call: Call, lastEventId: number): Record<string, string> {
  const { body, response } = call.route;
  const accept = { json: 'application/json', events: 'text/event-stream', bytes: '*/*', empty: 'application/json' };
  return {
    Accept: accept[response.kind],
    ...(call.body !== undefined && {
      'Content-Type': isStreamBody(body) ? body.contentType : 'application/json'
    }),
    ...(lastEventId > 0 && { 'Last-Event-ID': String(lastEventId) })
  };
}

/** Browsers stream uploads over HTTP/2 alone, so the parts become a blob, which they do not copy again. */
async function toBody(call: Call): Promise<BodyInit> {
  if (!isStreamBody(call.route.body)) return JSON.stringify(call.body);
  const body = call.body as string | Uint8Array<ArrayBuffer> | AsyncIterable<Uint8Array>;
  return typeof body === 'string' || body instanceof Uint8Array ? body : new Blob(await collect(body));
}

function toBytes(response: Response): Extract<Answer, { kind: 'bytes' }>['bytes'] {
  const length = response.headers.get('content-length');
  // A compressed answer tells its compressed length.
  const size = length !== null && !response.headers.has('content-encoding') ? Number(length) : undefined;
  const name = fileName(response.headers.get('content-disposition') ?? '');
  return {
    contentType: response.headers.get('content-type') ?? 'application/octet-stream',
    ...(size !== undefined && { size }),
    ...(name !== undefined && { download: name }),
    stream: readBody(response.body)
  };
}

function fileName(disposition: string): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  try {
    if (encoded !== undefined) return decodeURIComponent(encoded);
  } catch {
    // The plain name follows.
  }
  return /filename="([^"]*)"/i.exec(disposition)?.[1];
}

function untracked(url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}no_track_activity=1`;
}

function isPage(response: Response): boolean {
  return (response.headers.get('content-type') ?? '').startsWith('text/html');
}

/** Waits, or rejects with the reason of the signal. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
