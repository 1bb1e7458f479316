import type { Server } from 'node:http';
import type { Log } from './ports.js';

/** Longest time that open requests and services get to end. Milliseconds. */
const GRACE = 5_000;

/** What is closed at the end, in this order. */
export interface Parts {
  server: Server;
  /** Services and adapters; takes as long as it needs, up to the grace. */
  close: () => Promise<void>;
  log: Log;
}

/** Whether the process takes requests. */
export interface Lifecycle {
  ready(): boolean;
  /** From now on requests are taken. */
  started(parts: Parts): void;
  /** Drains and ends the process. Further calls change nothing. */
  stop(reason: string): void;
}

/** Follows SIGTERM, SIGINT and the end of standard input (the parent died), and drains before the process ends. */
export function createLifecycle(exit: (code: number) => void = code => process.exit(code)): Lifecycle {
  let parts: Parts | undefined;
  let stopping = false;

  function stop(reason: string): void {
    if (stopping) return;
    stopping = true;
    if (parts === undefined) {
      exit(0);
      return;
    }
    const { server, close, log } = parts;
    log.info({ reason }, 'stopping');
    setTimeout(() => exit(0), GRACE).unref();
    const drained = new Promise<void>(resolve => server.close(() => resolve()));
    server.closeIdleConnections();
    // Event streams never end by themselves: the grace ends them, unless only they are left.
    const services = close().catch((error: unknown) => log.error({ err: error }, 'a part did not close'));
    void services.then(() => server.closeAllConnections());
    void Promise.all([drained, services]).then(() => exit(0));
  }

  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => stop(signal));

  return {
    ready: () => parts !== undefined && !stopping,
    started: all => {
      parts = all;
    },
    stop
  };
}
