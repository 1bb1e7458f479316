import { connect as connectPlain } from 'node:net';
import { isIP } from 'node:net';
import { connect as connectTls } from 'node:tls';

const PATIENCE = 3_000;
const CANCEL_REQUEST = 80_877_102;
const SSL_REQUEST = 80_877_103;

interface Server {
  host: string;
  port: number;
  ssl: { rejectUnauthorized: boolean; ca?: string } | false;
}

/**
 * Asks the server to stop what it is doing for another connection, as the protocol has it: on a connection of its own,
 * which it closes without an answer. Nobody waits for it; where it fails, the statement's own time limit ends it.
 */
export function cancelOnServer({ host, port, ssl }: Server, processId: number, secretKey: number): void {
  const socket = connectPlain(port, host);
  const timer = setTimeout(() => socket.destroy(), PATIENCE).unref();
  socket.unref();
  socket.on('error', () => undefined);
  socket.on('close', () => clearTimeout(timer));
  const request = words(16, CANCEL_REQUEST, processId, secretKey);
  if (ssl === false) {
    socket.on('connect', () => socket.end(request));
    return;
  }
  socket.on('connect', () => socket.write(words(8, SSL_REQUEST)));
  socket.once('data', answer => {
    if (answer.toString('latin1') !== 'S') {
      socket.destroy();
      return;
    }
    const secure = connectTls({ socket, host, ...(isIP(host) === 0 && { servername: host }), ...ssl });
    secure.on('error', () => socket.destroy());
    secure.on('secureConnect', () => secure.end(request));
  });
}

function words(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => bytes.writeInt32BE(number | 0, at * 4));
  return bytes;
}
