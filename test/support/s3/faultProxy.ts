import { createServer, request as send } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What can go wrong between a client and a server. Those named `done-…` happen after the server did what was asked. */
const faults = [
  'answer-500',
  'answer-503',
  'answer-503-wait',
  'slow',
  'reset-at-once',
  'reset-in-request',
  'reset-in-answer',
  'done-500',
  'done-reset'
] as const;
export type ProxyFault = (typeof faults)[number];

/** A proxy that spoils a share of the requests. */
export interface FaultProxy {
  endpoint: string;
  /** The share that is spoilt, 0 to 1. */
  rate: number;
  /** How often each fault was made. */
  made: Record<ProxyFault, number>;
  requests: number;
  stop(): Promise<void>;
}

/**
 * Starts a proxy in front of a server.
 *
 * @param random - numbers from 0 to 1 that decide what is spoilt, and how
 */
export async function startFaultProxy(upstream: string, random: () => number): Promise<FaultProxy> {
  const target = new URL(upstream);
  const server = createServer((request, response) => void pass(request, response));
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const proxy: FaultProxy = {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rate: 0,
    made: Object.fromEntries(faults.map(fault => [fault, 0])) as Record<ProxyFault, number>,
    requests: 0,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      })
  };

  async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    proxy.requests++;
    const fault = random() < proxy.rate ? faults[Math.floor(random() * faults.length)] : undefined;
    if (fault) proxy.made[fault]++;
    try {
      if (fault === 'reset-at-once') throw new Error(fault);
      const body = Buffer.concat((await request.toArray()) as Buffer[]);
      if (fault === 'answer-500') {
        refuse(response, 500, 'InternalError');
        return;
      }
      if (fault === 'answer-503') {
        refuse(response, 503, 'SlowDown');
        return;
      }
      if (fault === 'answer-503-wait') {
        refuse(response, 503, 'SlowDown', { 'retry-after': '1' });
        return;
      }
      if (fault === 'slow') await sleep(200 * random());
      const sent = fault === 'reset-in-request' ? body.subarray(0, Math.floor(body.length * random())) : body;
      const answer = await forward(request, sent, fault === 'reset-in-request');
      if (fault === 'done-500') {
        refuse(response, 500, 'InternalError');
        return;
      }
      if (fault === 'done-reset') throw new Error(fault);
      response.writeHead(answer.status, answer.headers);
      if (fault === 'reset-in-answer') {
        response.write(answer.body.subarray(0, Math.floor(answer.body.length * random())));
        await sleep(5);
        throw new Error(fault);
      }
      response.end(answer.body);
    } catch {
      request.socket.destroy();
    }
  }

  function refuse(response: ServerResponse, status: number, code: string, headers: Record<string, string> = {}): void {
    response
      .writeHead(status, { 'content-type': 'application/xml', ...headers })
      .end(`<Error><Code>${code}</Code><Message>made by the proxy</Message></Error>`);
  }

  function forward(
    { method, url, headers }: IncomingMessage,
    body: Buffer,
    breakOff: boolean
  ): Promise<{ status: number; headers: IncomingMessage['headers']; body: Buffer }> {
    return new Promise((resolve, reject) => {
      const { expect: _, ...kept } = headers;
      const onward = send(
        { host: target.hostname, port: target.port, method, path: url, headers: kept, agent: false },
        answer => {
          answer.toArray().then(
            parts =>
              resolve({
                status: answer.statusCode ?? 502,
                headers: answer.headers,
                body: Buffer.concat(parts as Buffer[])
              }),
            reject
          );
        }
      );
      onward.once('error', reject);
      if (!breakOff) {
        onward.end(body);
        return;
      }
      onward.write(body, () => {
        onward.destroy();
        reject(new Error('broken off'));
      });
    });
  }

  return proxy;
}
