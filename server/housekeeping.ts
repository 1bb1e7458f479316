import type { Leases } from './jobs/ports.js';
import type { Caller, Clock, Log } from './ports.js';

/** Time between two rounds, and from the start to the first. Milliseconds. */
const EVERY = 10 * 60_000;
const FIRST = 30_000;

const LEASE = 'housekeeping';

/** Work that is nobody's request: one process of a home does it, now and then. */
export interface Housekeeping {
  /** In whose name it happens. */
  caller: Caller;
  start(): void;
  stop(): void;
}

export interface HousekeepingOptions {
  /** What is done in each round, in this order. One that fails is told to the log; the others are done. */
  rounds: readonly ((caller: Caller, signal: AbortSignal) => Promise<void>)[];
  leases: Leases;
  clock: Clock;
  log: Log;
  instance: string;
}

export function createHousekeeping({ rounds, leases, clock, log, instance }: HousekeepingOptions): Housekeeping {
  const stopped = new AbortController();
  const caller: Caller = { name: 'lakeside', groups: [], via: 'system' };

  async function round(): Promise<void> {
    for (const work of rounds) {
      if (stopped.signal.aborted) return;
      await work(caller, stopped.signal).catch((error: unknown) => log.error({ err: error }, 'could not tidy up'));
    }
  }

  async function keepOn(): Promise<void> {
    await clock.sleep(FIRST, stopped.signal);
    while (!stopped.signal.aborted) {
      const now = clock.now();
      if (leases.take(LEASE, instance, now + 2 * EVERY, now)) await round();
      await clock.sleep(EVERY, stopped.signal);
    }
  }

  return {
    caller,
    start: () => void keepOn().catch(() => undefined),
    stop: () => stopped.abort()
  };
}
