import type { Leases } from '../../jobs/ports.js';
import type { Clock, Log } from '../../ports.js';
import type { Dispatcher } from '../dispatch/dispatcher.js';
import type { Planner } from '../plan/planner.js';
import type { ScheduleStore } from '../ports.js';

const LEASE = 'scheduler';
/** How long the lease lasts without a sign of life, and how often it is renewed or asked for. Milliseconds. */
const TTL = 10_000;
const BEAT = 3000;
/** Longest sleep: other processes write schedules too, and clocks are set. Milliseconds. */
const LONGEST = 1000;
/** Waits of less than this are not worth a sleep. Milliseconds. */
const LEAST = 5;

export interface EngineOptions {
  store: ScheduleStore;
  planner: Planner;
  dispatcher: Dispatcher;
  leases: Leases;
  clock: Clock;
  log: Log;
  instance: string;
  /** What follows runs, where there is any: looked after by the same process. */
  afterRuns?: { turn(): void; stop(): Promise<void> } | undefined;
}

/** Time passing: in the one process of a home that holds the lease, due times become runs and runs are started. */
export interface Engine {
  start(): void;
  /** Looks at once; for whoever stored something. */
  wake(): void;
  stop(): Promise<void>;
}

export function createEngine(options: EngineOptions): Engine {
  const { store, planner, dispatcher, leases, clock, log, instance, afterRuns } = options;
  const stopped = new AbortController();
  let woken = new AbortController();
  let holdsUntil = -Infinity;
  let loop: Promise<void> = Promise.resolve();

  /** Whether this process is the one that plans. Settles what others left when it becomes so. */
  async function leads(): Promise<boolean> {
    const now = clock.monotonic();
    if (now < holdsUntil - TTL + BEAT) return true;
    const isNew = now >= holdsUntil;
    if (!leases.take(LEASE, instance, clock.now() + TTL, clock.now())) {
      holdsUntil = -Infinity;
      return false;
    }
    // Only when it is done: what fails, for the disk is full, is tried again.
    if (isNew) await dispatcher.reconcile();
    holdsUntil = now + TTL;
    return true;
  }

  async function turn(): Promise<void> {
    for (const { id, reason } of store.wishes(instance)) dispatcher.cancel(id, reason);
    if (!(await leads())) return;
    // A few at a time, so that requests are answered in between.
    while (planner.plan() && !stopped.signal.aborted) await clock.sleep(0, stopped.signal);
    dispatcher.dispatch();
    afterRuns?.turn();
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      await turn().catch((error: unknown) => {
        if (!stopped.signal.aborted) log.error({ err: error }, 'the scheduler stumbled; it goes on');
      });
      const next = nextMoment() ?? Infinity;
      const wait = Math.min(LONGEST, Math.max(LEAST, next - clock.now()));
      await clock.sleep(wait, AbortSignal.any([stopped.signal, woken.signal])).catch(() => undefined);
    }
  }

  function nextMoment(): number | undefined {
    try {
      return store.nextDue();
    } catch {
      return undefined;
    }
  }

  return {
    start() {
      loop = run();
    },
    wake: () => woken.abort(),
    async stop() {
      stopped.abort();
      await loop;
      await afterRuns?.stop();
      await dispatcher.stop();
      try {
        leases.release(LEASE, instance);
      } catch (error) {
        log.warn({ err: error }, 'the lease of the scheduler was not given back; it runs out by itself');
      }
    }
  };
}
