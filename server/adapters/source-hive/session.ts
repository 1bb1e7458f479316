import { connect, type Socket } from 'node:net';
import type { Session } from '../../tables/databases/lanes.js';
import { AnswerReader, asText, encodeCall, UnknownMethod, type Argument, type Struct } from './thrift.js';

/** What the metastore threw, by its name in its language. */
export class HiveRefusal extends Error {
  constructor(
    readonly kind: string,
    message: string
  ) {
    super(message);
  }
}

/** A connection to a metastore. It answers one question after the other. */
export class HiveSession implements Session {
  private sequence = 0;
  private broken = false;
  private pending: { take: (piece: Buffer) => void; fail: (error: Error) => void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true).setKeepAlive(true);
    socket.on('data', (piece: Buffer) => this.pending?.take(piece));
    socket.on('error', error => this.fail(error));
    socket.on('close', () => this.fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
  }

  static open(host: string, port: number, signal: AbortSignal): Promise<HiveSession> {
    return new Promise((resolve, reject: (error: Error) => void) => {
      const socket = connect({ host, port });
      const leave = (): void => void socket.destroy();
      signal.addEventListener('abort', leave, { once: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        signal.removeEventListener('abort', leave);
        socket.removeListener('error', reject);
        resolve(new HiveSession(socket));
      });
    });
  }

  get isOpen(): boolean {
    return !this.broken;
  }

  /**
   * Calls a method.
   *
   * @param throws - names of what it may throw, in the order of their numbers, from 1
   * @returns what it gives
   * @throws HiveRefusal, UnknownMethod, NotThrift, and those of the network
   */
  call(method: string, args: readonly Argument[], throws: readonly string[]): Promise<unknown> {
    return new Promise((resolve, reject: (error: Error) => void) => {
      if (this.broken || this.pending) {
        reject(Object.assign(new Error('not open'), { code: 'ECONNRESET' }));
        return;
      }
      const reader = new AnswerReader();
      const settle = (then: () => void): void => {
        this.pending = undefined;
        then();
      };
      this.pending = {
        take: piece => {
          try {
            const fields = reader.take(piece);
            if (fields) settle(() => finish(fields));
          } catch (error) {
            settle(() => reject(error as Error));
            // What comes next belongs to nobody, unless the answer was whole.
            if (!(error instanceof UnknownMethod)) this.kill();
          }
        },
        fail: error => settle(() => reject(error))
      };
      const finish = (fields: Struct): void => {
        const thrown = throws.findIndex((_, at) => fields.has(at + 1));
        if (thrown < 0) resolve(fields.get(0));
        else reject(new HiveRefusal(throws[thrown] ?? '', asText((fields.get(thrown + 1) as Struct).get(1))));
      };
      this.socket.write(encodeCall(method, ++this.sequence, args));
    });
  }

  async ping(): Promise<void> {
    await this.call('getVersion', [], []);
  }

  kill(): void {
    this.broken = true;
    this.socket.destroy();
  }

  end(): Promise<void> {
    this.broken = true;
    this.socket.end();
    this.socket.destroySoon();
    return Promise.resolve();
  }

  private fail(error: Error): void {
    this.broken = true;
    this.pending?.fail(error);
  }
}
