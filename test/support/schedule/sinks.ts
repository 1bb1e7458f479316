import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import PostalMime from 'postal-mime';
import type { Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';
import { onTestFinished } from 'vitest';

/** A mail as it arrived. */
export interface Arrived {
  from: string;
  to: string[];
  user: string | undefined;
  isEncrypted: boolean;
  mail: Email;
}

/** A mail server on the loopback that speaks real SMTP and keeps what it gets. */
export async function mailSink(options: SMTPServerOptions = {}) {
  const arrived: Arrived[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        void PostalMime.parse(Buffer.concat(chunks)).then(mail => {
          arrived.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map(({ address }) => address),
            user: session.user,
            isEncrypted: session.secure,
            mail
          });
          done();
        }, done);
      });
    },
    ...options
  });
  // A client that finds no encryption it trusts breaks off.
  server.on('error', () => undefined);
  const port = await new Promise<number>(resolve => {
    const listening = server.listen(0, '127.0.0.1', () => resolve((listening.address() as AddressInfo).port));
  });
  const close = () => new Promise<void>(resolve => server.close(() => resolve()));
  onTestFinished(close);
  return { port, arrived, close };
}

/** A request as it arrived. */
export interface Posted {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** What an HTTP sink answers: a status, with headers and words. */
export type Answer = { status: number; headers?: Record<string, string>; body?: string } | 'break off' | 'silence';

/** An HTTP server on the loopback that keeps what it gets. @param answer - for each request, counted from 1 */
export async function httpSink(answer: (count: number) => Answer = () => ({ status: 200 })) {
  const posted: Posted[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      posted.push({
        path: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8')
      });
      const given = answer(posted.length);
      if (given === 'silence') return;
      if (given === 'break off') {
        request.socket.destroy();
        return;
      }
      response.writeHead(given.status, given.headers).end(given.body);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: new URL(`http://127.0.0.1:${port}/hooks/secret-part`), port, posted };
}
