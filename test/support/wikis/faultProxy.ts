import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What may go wrong between Lakeside and a wiki. */
export type Fault =
  | { kind: 'status'; status: number; headers?: Record<string, string>; body?: string }
  /** Status 200, with the page of a sign-in before the wiki. */
  | { kind: 'login-page' }
  | { kind: 'bad-json' }
  /** One byte now and then, without end. */
  | { kind: 'drip' }
  /** The request arrives and is done; the answer breaks off in the middle. */
  | { kind: 'cut-answer' }
  /** The connection breaks before the wiki has seen the request. */
  | { kind: 'refuse' };

export interface FaultProxy {
  base: string;
  /** Requests since the last reset. */
  count: number;
  /**
   * Puts a fault at the so many-th request from now on, counted from 1; undefined lets all through.
   *
   * @param lasting - at all that follow it too
   */
  arm(fault: Fault | undefined, at?: number, lasting?: boolean): void;
  close(): Promise<void>;
}

/** An HTTP proxy in front of a real wiki that breaks requests. */
export async function startFaultProxy(base: string): Promise<FaultProxy> {
  let armed: { fault: Fault; at: number; lasting: boolean } | undefined;
  const proxy: FaultProxy = {
    base: '',
    count: 0,
    arm(fault, at = 1, lasting = false) {
      proxy.count = 0;
      armed = fault && { fault, at, lasting };
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };
  const server = createServer((request, response) => {
    proxy.count++;
    const isHit = armed && (armed.at === proxy.count || (armed.lasting && armed.at < proxy.count));
    const fault = isHit ? armed?.fault : undefined;
    if (fault === undefined || fault.kind === 'cut-answer') pass(base, request, response, fault !== undefined);
    else breakIt(fault, request, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  proxy.base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return proxy;
}

function pass(base: string, request: IncomingMessage, response: ServerResponse, cut: boolean): void {
  const url = new URL(request.url ?? '/', base);
  const onward = httpRequest(
    url,
    { method: request.method, headers: { ...request.headers, host: url.host } },
    answer => {
      if (!cut) {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        return;
      }
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
      response.write('{"half":');
      answer.resume().on('end', () => response.socket?.destroy());
    }
  );
  onward.on('error', () => response.socket?.destroy());
  request.pipe(onward);
}

function breakIt(
  fault: Exclude<Fault, { kind: 'cut-answer' }>,
  request: IncomingMessage,
  response: ServerResponse
): void {
  if (fault.kind === 'refuse') {
    request.socket.destroy();
    return;
  }
  request.resume();
  request.on('end', () => {
    if (fault.kind === 'status') {
      response.writeHead(fault.status, { 'content-type': 'text/plain', ...fault.headers });
      response.end(fault.body ?? 'No.');
    } else if (fault.kind === 'drip') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const timer = setInterval(() => response.write(' '), 50);
      response.on('close', () => clearInterval(timer));
    } else {
      const html = '<!DOCTYPE html><html><head><title>Sign in to Example</title></head><body>Password</body></html>';
      response.writeHead(200, { 'content-type': fault.kind === 'bad-json' ? 'application/json' : 'text/html' });
      response.end(fault.kind === 'bad-json' ? '{"query": [1,' : html);
    }
  });
}
