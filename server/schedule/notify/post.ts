import { Undelivered } from './undelivered.js';

/** How much of an answer is read: enough for its reason. Bytes. */
const ANSWER = 4096;

/** Refusals that may end by themselves. */
const PASSING = new Set([408, 425, 429]);

export interface Post {
  /** What people call the channel; every sentence names it. */
  label: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  body: string;
  signal: AbortSignal;
}

/**
 * Posts JSON to an address of the configuration. Never follows a redirect: a notice goes nowhere but where the
 * configuration says.
 *
 * @throws Undelivered with what the other side said; the address, which may be a secret, is in no sentence
 */
export async function post({ label, url, headers, body, signal }: Post): Promise<void> {
  let response: Response;
  let said: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'Lakeside', ...headers },
      body,
      redirect: 'manual',
      signal
    });
    said = await beginningOf(response);
  } catch (error) {
    throw new Undelivered(`${label} cannot be reached at ${url.host}${codeOf(error)}.`, true, undefined, {
      cause: error
    });
  }
  const { status } = response;
  if (status >= 200 && status < 300) return;
  const why = said === '' ? '' : `: ${said}`;
  if (status < 400) {
    throw new Undelivered(`${label} sends notices on to another address (${status}). Configure that one.`, false);
  }
  const isPassing = status >= 500 || PASSING.has(status);
  throw new Undelivered(`${label} did not take it (${status})${why}`, isPassing, retryAfterOf(response));
}

async function beginningOf(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > ANSWER) break;
  }
  return /<html|<!doctype/i.test(text) ? '' : text.replace(/\s+/g, ' ').trim().slice(0, 200);
}

function retryAfterOf({ headers }: Response): number | undefined {
  const seconds = Number(headers.get('retry-after') ?? '');
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } };
  if (name === 'TimeoutError') return ': it did not answer in time';
  return typeof cause?.code === 'string' ? ` (${cause.code})` : '';
}
