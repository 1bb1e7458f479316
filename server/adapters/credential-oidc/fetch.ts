import { ProblemError } from '../../../contract/problem.js';
import type { Clock } from '../../ports.js';
import { isCancelled } from '../common/cancelled.js';
import { isSafe } from '../common/sts/settings.js';

/** Longest time an answer may take, in milliseconds, and its most bytes. */
const PATIENCE = 10_000;
const MOST_BYTES = 256 * 1024;

export interface DoorOptions {
  /** What people call the profile. */
  label: string;
  /** Where its settings stand. */
  where: string;
  clock: Clock;
  /** Of the whole work. */
  signal: AbortSignal;
}

/** The only way out to an identity provider: safe addresses, no redirects, and answers of a limited size and time. */
export interface Door {
  fetch(address: string, options: RequestInit): Promise<Response>;
  /** Milliseconds by which the clock of who answered last is ahead of this machine's, where it told its time. */
  ahead(): number | undefined;
}

export function createDoor({ label, where, clock, signal }: DoorOptions): Door {
  let ahead: number | undefined;

  async function ask(url: URL, options: RequestInit): Promise<Response> {
    const own = options.signal ?? undefined;
    const signals = [signal, AbortSignal.timeout(PATIENCE), ...(own === undefined ? [] : [own])];
    try {
      const response = await fetch(url, { ...options, redirect: 'manual', signal: AbortSignal.any(signals) });
      return new Response(await limited(response, url), { status: response.status, headers: response.headers });
    } catch (error) {
      if (error instanceof ProblemError || isCancelled(signal)) throw error;
      throw new ProblemError('credential-unreachable', silence(url.host, error), { cause: error });
    }
  }

  async function limited(response: Response, url: URL): Promise<string | null> {
    if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
      await response.body?.cancel();
      throw new ProblemError(
        'credential-failed',
        `${url.host} sends ${label} to another address, which Lakeside does not follow with a sign-in. Check "issuer" in ${where}.`
      );
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      size += chunk.length;
      if (size > MOST_BYTES) {
        throw new ProblemError(
          'credential-failed',
          `${url.host} answers ${label} with more than Lakeside reads. Check "issuer" in ${where}: it may be no identity provider.`
        );
      }
      chunks.push(chunk);
    }
    return size === 0 ? null : Buffer.concat(chunks).toString('utf8');
  }

  function silence(host: string, error: unknown): string {
    const { code = '' } = ((error as Error).cause ?? {}) as { code?: string };
    return /CERT|SELF_SIGNED|ISSUER/.test(code)
      ? `The certificate of ${host} is not trusted here (${code}), so ${label} cannot sign in. Name the organisation's certificates in NODE_EXTRA_CA_CERTS where Jupyter is started.`
      : `${host} does not answer, so ${label} cannot sign in. Check the network, then try again.`;
  }

  return {
    ahead: () => ahead,
    async fetch(address, options) {
      const url = new URL(address);
      if (!isSafe(url)) {
        throw new ProblemError(
          'credential-failed',
          `The identity provider of ${label} names the address ${url.origin}, to which Lakeside sends nothing: it does not begin with https://. Ask whoever runs the provider.`
        );
      }
      const response = await ask(url, options);
      const told = Date.parse(response.headers.get('date') ?? '');
      ahead = Number.isNaN(told) ? undefined : told - clock.now();
      if (response.status === 429) {
        throw new ProblemError(
          'credential-busy',
          `${url.host} asks ${label} to wait: too many at once. Try again in a minute.`,
          {
            retryAfter: 60
          }
        );
      }
      if (response.status >= 500) {
        throw new ProblemError(
          'credential-unreachable',
          `${url.host} could not answer ${label}: it is out of order (${response.status}). Try again in a few minutes.`
        );
      }
      return response;
    }
  };
}
