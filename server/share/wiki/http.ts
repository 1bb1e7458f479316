import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';

export interface WikiHttpOptions {
  /** What people call this wiki; every sentence names it. */
  label: string;
  clock: Clock;
  /** Goes with every request. */
  headers?: Record<string, string>;
  /** A call whose answer has not begun and ended within so many milliseconds is given up. */
  timeoutMs?: number;
  /** Longer answers are given up. */
  maxBytes?: number;
  /** How long a call may wait in all, where the wiki asks to wait. */
  patienceMs?: number;
  /** Reads the wiki's own words out of a refusal; what it does not know is told by the status alone. */
  refusal?: (answer: WikiAnswer) => ProblemError | undefined;
}

export interface WikiRequest {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  headers?: Record<string, string>;
  /** Made anew for each attempt. */
  body?: () => NonNullable<RequestInit['body']>;
  /** True where doing it twice does no harm: then a broken connection is tried again. */
  repeatable: boolean;
  signal?: AbortSignal | undefined;
}

/** An answer, whole. */
export interface WikiAnswer {
  status: number;
  headers: Headers;
  text: string;
}

const TIMEOUT_MS = 60_000;
const MAX_BYTES = 32 * 1024 * 1024;
const PATIENCE_MS = 60_000;
const MAX_ATTEMPTS = 4;

/**
 * Calls a wiki and turns all that goes wrong on the way into problems that say what to do. Waits where the wiki asks
 * for it (429, 503, `Retry-After`), and tries again what can be repeated without harm. Never follows a redirect, so that
 * a password goes nowhere but to the address that was configured.
 */
export class WikiHttp {
  constructor(private readonly options: WikiHttpOptions) {}

  /**
   * An answer with a status below 300, as `read` understands it.
   *
   * @param read - may throw problems of its own, which count as the answer's: `target-busy` is waited for
   * @throws ProblemError
   */
  async call<T>(address: URL, request: WikiRequest, read: (answer: WikiAnswer) => T): Promise<T> {
    const { clock, patienceMs = PATIENCE_MS } = this.options;
    const begun = clock.monotonic();
    for (let attempt = 1; ; attempt++) {
      try {
        return read(this.judge(address, await this.once(address, request)));
      } catch (error) {
        const wait = this.waitBefore(error, request, attempt);
        const left = patienceMs - (clock.monotonic() - begun);
        if (wait === undefined || wait > left || attempt >= MAX_ATTEMPTS) throw error;
        await pause(clock, wait, request.signal);
      }
    }
  }

  /** The same, read as JSON. */
  json<T>(address: URL, request: WikiRequest, read: (value: unknown, headers: Headers) => T): Promise<T> {
    return this.call(address, request, ({ text, headers }) => read(this.parse(text), headers));
  }

  private parse(text: string): unknown {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw this.unreadable(text, error);
    }
  }

  /** Milliseconds after which to try again; undefined where that would be no use or could do harm. */
  private waitBefore(error: unknown, request: WikiRequest, attempt: number): number | undefined {
    if (!(error instanceof ProblemError)) return undefined;
    const usual = 500 * 2 ** (attempt - 1);
    if (error.code === 'target-busy') return error.retryAfter === undefined ? usual : error.retryAfter * 1000;
    const isBroken = error.code === 'target-unreachable' || error.code === 'target-failed';
    return isBroken && request.repeatable && attempt < 3 ? usual : undefined;
  }

  private async once(address: URL, request: WikiRequest): Promise<WikiAnswer> {
    const { timeoutMs = TIMEOUT_MS, headers = {} } = this.options;
    if (isCancelled(request)) throw cancelled();
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = request.signal ? AbortSignal.any([timeout, request.signal]) : timeout;
    try {
      const body = request.body?.();
      const response = await fetch(address, {
        method: request.method ?? 'GET',
        headers: { accept: 'application/json', ...headers, ...request.headers },
        ...(body !== undefined && { body }),
        redirect: 'manual',
        signal
      });
      return { status: response.status, headers: response.headers, text: await this.bytes(response) };
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (isCancelled(request)) throw cancelled();
      throw timeout.aborted ? this.silent(timeoutMs) : this.broken(address, error);
    }
  }

  private async bytes(response: Response): Promise<string> {
    const { maxBytes = MAX_BYTES, label } = this.options;
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.byteLength;
      if (size > maxBytes)
        throw new ProblemError(
          'target-failed',
          `${label} gave an answer of more than ${Math.round(maxBytes / 1024 / 1024)} MB, which is none that Lakeside asked for. Check the address of the wiki in the configuration.`
        );
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  }

  private judge(address: URL, answer: WikiAnswer): WikiAnswer {
    const { status, headers } = answer;
    const { label } = this.options;
    if (status < 300) return answer;
    if (status < 400) {
      const to = headers.get('location') ?? 'somewhere else';
      throw new ProblemError(
        /log-?in|sign-?in|sso|auth/i.test(to) ? 'target-signin' : 'target-not-found',
        `${label} sends ${address.pathname} on to ${shown(to, address)}. If that is where the wiki is now, put that address into the configuration; if it is a sign-in page, let Lakeside's account in without it.`
      );
    }
    throw this.options.refusal?.(answer) ?? this.refusal(answer);
  }

  /** A status as a problem; adapters use it too for errors that arrive in another dress. */
  refusal({ status, headers, text }: WikiAnswer): ProblemError {
    const { label } = this.options;
    const said = reasonIn(text);
    const why = said === '' ? '' : ` It says: ${said}`;
    const retryAfter = retryAfterOf(headers, this.options.clock.now());
    switch (status) {
      case 401:
        return new ProblemError(
          'target-signin',
          `${label} does not accept Lakeside's sign-in (401).${why} Renew the password or token of its account.`
        );
      case 403:
        return new ProblemError(
          'target-forbidden',
          `${label} does not allow this to Lakeside's account (403).${why} Ask an administrator of the wiki for the right, or choose another place.`
        );
      case 404:
      case 410:
        return new ProblemError(
          'target-not-found',
          `${label} has nothing at this address (${status}).${why} Check the address of the wiki in the configuration, and whether the page or space was deleted.`
        );
      case 409:
      case 412:
        return new ProblemError(
          'target-conflict',
          `Somebody changed the page in ${label} meanwhile (${status}).${why} Look at the change, then share again.`
        );
      case 413:
        return new ProblemError(
          'target-too-large',
          `${label} takes nothing so large (413).${why} Hide the code, clear large outputs, or ask an administrator to raise the limit.`
        );
      case 429:
      case 503:
        return new ProblemError(
          'target-busy',
          `${label} asks to wait (${status}).${why} Share again ${inTime(retryAfter)}.`,
          { ...(retryAfter !== undefined && { retryAfter }) }
        );
      default:
        return status >= 500
          ? new ProblemError(
              'target-failed',
              `${label} failed (${status}).${why} Share again in a while; if it stays, tell an administrator of the wiki.`
            )
          : new ProblemError(
              'target-failed',
              `${label} did not understand Lakeside (${status}).${why} Check its kind, version and address in the configuration.`
            );
    }
  }

  /** An answer that is not what was asked for, as a problem: most likely the page of a sign-in. */
  unreadable(text: string, cause?: unknown): ProblemError {
    const { label } = this.options;
    const title = titleOf(text);
    if (/\b[A-Z]\w*(?:Error|Exception)\b/.test(title))
      return new ProblemError(
        'target-failed',
        `${label} failed and answered with a page about it${title}. Share again in a while; if it stays, tell an administrator of the wiki.`,
        { cause }
      );
    if (/<html|<!doctype/i.test(text.slice(0, 2000)))
      return new ProblemError(
        'target-signin',
        `${label} answered with a web page${title} instead of data: most likely a sign-in page stands before it. Let Lakeside's account in without it, or correct the address in the configuration.`,
        { cause }
      );
    return new ProblemError(
      'target-failed',
      `${label} gave an answer that cannot be read. Share again in a while; if it stays, check the address in the configuration.`,
      { cause }
    );
  }

  private silent(timeoutMs: number): ProblemError {
    return new ProblemError(
      'target-unreachable',
      `${this.options.label} gave no whole answer within ${Math.round(timeoutMs / 1000)} seconds. Share again when it is quicker; what was done is kept.`
    );
  }

  private broken(address: URL, error: unknown): ProblemError {
    const cause = (error as { cause?: { code?: string } }).cause;
    const code = typeof cause?.code === 'string' ? ` (${cause.code})` : '';
    return new ProblemError(
      'target-unreachable',
      `${this.options.label} cannot be reached at ${address.host}, or broke the connection off${code}. Check the network and the address in the configuration, then share again; what was done is kept.`,
      { cause: error }
    );
  }
}

/** Seconds, from a number of seconds or a date; undefined where there is none that can be understood. */
export function retryAfterOf(headers: Headers, now: number): number | undefined {
  const value = headers.get('retry-after');
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, Math.ceil(seconds)) : undefined;
}

async function pause(clock: Clock, milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await clock.sleep(milliseconds, signal);
  } catch {
    throw cancelled();
  }
}

function isCancelled({ signal }: WikiRequest): boolean {
  return signal?.aborted === true;
}

function cancelled(): ProblemError {
  return new ProblemError('cancelled', 'Sharing was cancelled.');
}

function inTime(seconds: number | undefined): string {
  return seconds === undefined
    ? 'in a while'
    : `in ${seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}`;
}

/** The reason a wiki gives, where it gives one in plain words. */
function reasonIn(text: string): string {
  if (/<html|<!doctype/i.test(text.slice(0, 2000))) return '';
  try {
    const value = JSON.parse(text) as { message?: unknown; error?: { info?: unknown } | string };
    const given = value.message ?? (typeof value.error === 'object' ? value.error.info : value.error);
    return typeof given === 'string' ? sentence(given) : '';
  } catch {
    return '';
  }
}

/** Words of a wiki, as one short sentence. */
export function sentence(words: string): string {
  const text = words
    .replace(/<[^>]*>/g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 300);
  return text === '' || /[.!?…]$/.test(text) ? text : `${text}.`;
}

function titleOf(html: string): string {
  const title = /<title[^>]*>([^<]{1,200})/i.exec(html)?.[1];
  return title === undefined ? '' : ` (“${title.replace(/\s+/g, ' ').trim()}”)`;
}

/** Where an address leads, without what may be secret in it. */
function shown(location: string, base: URL): string {
  if (!URL.canParse(location, base)) return 'another address';
  const url = new URL(location, base);
  return `${url.protocol}//${url.host}${url.pathname}`;
}
