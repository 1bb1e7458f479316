import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A database that speaks as PostgreSQL does, asks for the password in plain text, and refuses it. */
export interface Refusing {
  port: number;
  /** The passwords that it was given. */
  given: string[];
  close: () => Promise<void>;
}

const SSL_REQUEST = 80_877_103;

/** Starts it on a free port of this machine. What it says when it refuses holds the password, as bad servers do. */
export async function startRefusing(): Promise<Refusing> {
  const given: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let data = Buffer.alloc(0);
    socket.on('data', more => {
      data = Buffer.concat([data, more]);
      for (;;) {
        const isPassword = data[0] === 0x70;
        const head = isPassword ? 5 : 4;
        if (data.length < head) return;
        const length = data.readInt32BE(head - 4) + head - 4;
        if (data.length < length) return;
        const message = data.subarray(0, length);
        data = data.subarray(length);
        if (isPassword) {
          const password = message.subarray(5, -1).toString();
          given.push(password);
          socket.end(refusal(`password "${password}" is not right`));
        } else if (message.readInt32BE(4) === SSL_REQUEST) socket.write('N');
        else socket.write(Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]));
      }
    });
  });
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    given,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise(done => server.close(() => done()));
    }
  };
}

function refusal(message: string): Buffer {
  const body = Buffer.from(`SFATAL\0VFATAL\0C28P01\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}
