import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, Log } from '../../ports.js';
import type { HandedOut, HandOut, SecretHandOut } from '../handOut.js';
import type { Peer, Peers } from '../ports.js';
import { createBucket, createLimiter, createToken, isOwnHost } from './guard.js';

/** Where it listens: a socket that somebody opened, or a free port of this machine. */
export type Target = { fd: number } | { port: number };

/** Gives keys to kernels and programs of this machine, as a container service gives them to its containers. */
export interface Endpoint {
  listen(target: Target): Promise<void>;
  /** The address for `AWS_CONTAINER_CREDENTIALS_FULL_URI`; undefined until it listens. */
  url(name?: string): string | undefined;
  close(): Promise<void>;
}

export interface EndpointOptions {
  /** Keys by the name of a profile, `active`, or `grants/` and the id of a grant. */
  handOut: (name: string) => Promise<HandOut>;
  /** What a database takes, by the name of a profile. */
  handOutSecret: (name: string) => Promise<SecretHandOut>;
  /** Told of each hand-out, after the answer: to whom, and whether anybody looked. */
  handedOut: (out: HandedOut, peer: Peer | undefined, wasSought: boolean) => void;
  /** Holds the token that clients send, and nothing else. */
  tokenFile: string;
  peers: Peers;
  clock: Clock;
  log: Log;
}

/** What is answered. */
interface Answer {
  status: number;
  body: Record<string, string>;
  headers?: Record<string, string>;
}

/** Looks for the other end in a row, and how many a second: each reads the table of all connections. */
const LOOKS = 10;
const LOOKS_A_SECOND = 2;

/** Keys or a secret by the name of a profile, or keys of a schedule by its grant. */
const path = /^\/(?:(aws\/credentials|secrets)\/([a-z0-9][a-z0-9-]{0,39})|aws\/(grants\/[0-9A-HJKMNP-TV-Z]{26}))$/;

export function createEndpoint(options: EndpointOptions): Endpoint {
  const { handOut, handOutSecret, handedOut, tokenFile, peers, clock, log } = options;
  const token = createToken(tokenFile);
  const limiter = createLimiter(clock);
  const looks = createBucket(clock, { size: LOOKS, perSecond: LOOKS_A_SECOND });
  const found = new WeakMap<Socket, Peer>();
  let address: AddressInfo | undefined;

  /** What is wrong with a request before anybody looks at what it wants. */
  function refusal(request: IncomingMessage): Answer | undefined {
    const { host, origin, authorization = '' } = request.headers;
    if (!isLoopback(request.socket.remoteAddress)) return refused(403, 'Only programs of this machine get keys here.');
    if (!isOwnHost(host, address?.port ?? 0) || origin !== undefined) {
      return refused(403, 'Keys are not for web pages: ask by 127.0.0.1, from a program.');
    }
    if (!token.matches(authorization)) {
      return limiter.failed()
        ? { ...refused(429, 'Too many wrong tokens. Wait a minute.'), headers: { 'Retry-After': '60' } }
        : refused(
            401,
            'The token is not right. Start the kernel again: it was started with settings that are no more.'
          );
    }
    if (request.method !== 'GET') return { ...refused(405, 'Keys are read with GET.'), headers: { Allow: 'GET' } };
    return undefined;
  }

  async function answer(request: IncomingMessage): Promise<{ answer: Answer; out?: HandedOut }> {
    const first = refusal(request);
    if (first !== undefined) return { answer: first };
    const [, what, profile, grant] = path.exec(request.url?.split('?')[0] ?? '') ?? [];
    const name = profile ?? grant;
    if (name === undefined) return { answer: refused(404, 'Keys are at /aws/credentials/active.') };
    if (what === 'secrets') {
      const out = await handOutSecret(name);
      return { answer: { status: 200, body: secretBody(out) }, out };
    }
    const out = await handOut(name);
    const { accessKeyId, secretAccessKey, sessionToken = '' } = out.keys;
    const body = {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      Token: sessionToken,
      Expiration: new Date(out.expiresAt).toISOString().replace('.000', '')
    };
    return { answer: { status: 200, body }, out };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    request.resume();
    try {
      const { answer: given, out } = await answer(request);
      // Sought while the connection is open.
      const sought = out && seek(request.socket);
      send(response, given);
      if (out !== undefined) handedOut(out, sought?.peer, sought !== undefined);
    } catch (error) {
      if (!(error instanceof ProblemError)) log.error({ err: error }, 'keys could not be handed out');
      send(response, answerOf(error));
    }
  }

  /** Who is at the other end; undefined where nobody looked, because many asked. */
  function seek(socket: Socket): { peer: Peer | undefined } | undefined {
    const known = found.get(socket);
    if (known !== undefined) return { peer: known };
    if (socket.remotePort === undefined || address === undefined || !looks.take()) return undefined;
    const peer = peers.find(socket.remotePort, address.port);
    if (peer !== undefined) found.set(socket, peer);
    return { peer };
  }

  const server = createServer((request, response) => void serve(request, response));
  server.headersTimeout = 5_000;
  server.requestTimeout = 5_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 1_024;

  return {
    listen: target =>
      new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen('fd' in target ? target : { ...target, host: '127.0.0.1' }, () => {
          server.off('error', reject);
          server.on('error', (error: unknown) => log.error({ err: error }, 'the endpoint of credentials failed'));
          address = server.address() as AddressInfo;
          resolve();
        });
      }),
    url: (name = 'active') => address && `http://127.0.0.1:${address.port}/aws/credentials/${name}`,
    close: () =>
      new Promise(resolve => {
        if (address === undefined) {
          resolve();
          return;
        }
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
}

function secretBody({ keys: { user, password, expiresAt } }: SecretHandOut): Record<string, string> {
  return {
    ...(user !== undefined && { user }),
    password,
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt).toISOString() })
  };
}

/** Clients show the body of a refusal as it is, so it holds the sentence alone. */
function refused(status: number, message: string, code = 'Refused'): Answer {
  return { status, body: { Code: code, Message: message } };
}

function answerOf(error: unknown): Answer {
  if (!(error instanceof ProblemError)) {
    return refused(500, 'Lakeside made a mistake. Its log says more.', 'InternalError');
  }
  if (error.code === 'not-found') return refused(404, error.message, 'NoSuchProfile');
  const isForPerson = ['credential-signin', 'credential-refused', 'invalid'].includes(error.code);
  return isForPerson ? refused(401, error.message, 'SignInRequired') : refused(503, error.message, 'Unavailable');
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers
  });
  response.end(text);
}

function isLoopback(address = ''): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
