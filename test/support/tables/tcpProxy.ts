import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** What happens between Lakeside and a server. */
export type TcpFault =
  | { kind: 'none' }
  /** Each piece takes so long. Milliseconds. */
  | { kind: 'latency'; milliseconds: number }
  /** The connection breaks after so many bytes of the server. */
  | { kind: 'cut'; after: number }
  /** Nothing arrives any more, in either direction. */
  | { kind: 'silence' };

export interface TcpProxy {
  host: string;
  port: number;
  /** Connections that were made so far. */
  readonly connections: number;
  /** From now on, for open connections too. */
  arm(fault: TcpFault): void;
  close(): Promise<void>;
}

/** Carries bytes to a real server, or not. */
export async function startTcpProxy(target: { host: string; port: number }): Promise<TcpProxy> {
  let fault: TcpFault = { kind: 'none' };
  let connections = 0;
  let seen = 0;
  const sockets = new Set<Socket>();
  const server = createServer(near => {
    connections++;
    const far = connect(target.port, target.host);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.on('data', bytes => carry(bytes, far));
    far.on('data', bytes => {
      seen += bytes.length;
      if (fault.kind === 'cut' && seen > fault.after) near.destroy();
      else carry(bytes, near);
    });
  });
  function carry(bytes: Buffer, to: Socket): void {
    if (fault.kind === 'silence') return;
    if (fault.kind === 'latency') setTimeout(() => to.writable && to.write(bytes), fault.milliseconds);
    else to.write(bytes);
  }
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    arm(next) {
      fault = next;
      seen = 0;
    },
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      })
  };
}

/** A server that takes connections and never says a word. */
export async function startBlackHole(): Promise<{ host: string; port: number; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.resume();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      })
  };
}
