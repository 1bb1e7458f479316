import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { ProblemError } from '../../../contract/problem.js';
import { page } from './page.js';
import type { Names } from './problems.js';

/** The browser's way back from the provider, once. */
export interface Listener {
  /** The address it came back to, with what the provider says. The browser waits for `close`. */
  back: Promise<URL>;
  /** Tells the person how it went, and stops listening. */
  close(isSignedIn: boolean): void;
}

/**
 * Listens on this machine, at the address that is registered, for one answer that carries the state of this sign-in.
 * Whatever else comes is refused and changes nothing.
 *
 * @throws ProblemError `credential-failed` where another program listens there
 */
export async function listen(redirect: URL, state: string, { label, where }: Names): Promise<Listener> {
  const { promise: back, resolve } = Promise.withResolvers<URL>();
  let waiting: ServerResponse | undefined;
  let isDone = false;

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirect);
    // A page of another name that was bent to this machine is not the provider's way back.
    if (request.headers.host !== redirect.host) page(response, 421, 'This address is not served here.');
    else if (request.method !== 'GET' || url.pathname !== redirect.pathname) page(response, 404, 'Nothing is here.');
    else if (isDone || !isSame(url.searchParams.get('state') ?? '', state)) {
      page(response, 400, 'This is not the sign-in that Lakeside waits for.', 'Begin again in JupyterLab.');
    } else {
      isDone = true;
      waiting = response;
      resolve(url);
    }
  });
  server.headersTimeout = server.requestTimeout = 10_000;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(Number(redirect.port), '127.0.0.1', listening);
  }).catch((error: unknown) => {
    throw new ProblemError(
      'credential-failed',
      `${label} cannot wait for its sign-in at ${redirect.host}: another sign-in or program is there. End that one, or change "redirect" in ${where} and at the provider.`,
      { cause: error }
    );
  });

  return {
    back,
    close(isSignedIn) {
      isDone = true;
      if (waiting !== undefined && isSignedIn) {
        page(waiting, 200, `You are signed in to ${label}.`, 'You can close this tab and go back to JupyterLab.');
      } else if (waiting !== undefined) {
        page(waiting, 200, `You are not signed in to ${label}.`, 'JupyterLab says why. You can close this tab.');
      }
      server.close();
      server.closeIdleConnections();
    }
  };
}

function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map(text => createHash('sha256').update(text).digest());
  return a !== undefined && b !== undefined && timingSafeEqual(a, b);
}
