import { ProblemError } from '../../contract/problem.js';
import type { Clock, Log } from '../ports.js';
import type { Leases } from './ports.js';

/** How long a lease lasts without a sign of life of its holder. Milliseconds. */
const TTL = 15_000;
/** How often a lease that is held is renewed, and one that is wanted is asked for. Milliseconds. */
const RENEW = 5_000;
const ASK = 60;

/** Makes sure that only one of all processes of a home does something at a time. */
export interface Holder {
  /**
   * Waits for a lease, does the work, gives the lease back.
   *
   * @param work - gets a function that throws where the lease was lost meanwhile: call it before what cannot be undone
   * @param waiting - called once, where the lease is not free
   * @throws what `work` throws, or the signal's reason while waiting
   */
  hold<T>(name: string, signal: AbortSignal, work: (still: () => void) => Promise<T>, waiting?: () => void): Promise<T>;
}

/** Somebody else holds the lease by now: this process stood still for too long. */
export class LeaseLost extends ProblemError {
  constructor() {
    super('conflict', 'Another process went on with this while this one stood still. Try again.');
  }
}

/** Leases in the name of this process. Two holds of one name in one process exclude each other as well. */
export function createHolder(options: { leases: Leases; clock: Clock; instance: string; log: Log }): Holder {
  const { leases, clock, log } = options;
  let count = 0;

  async function wait(name: string, holder: string, signal: AbortSignal, waiting?: () => void): Promise<void> {
    for (let told = false; ; told = true) {
      signal.throwIfAborted();
      if (leases.take(name, holder, clock.now() + TTL, clock.now())) return;
      if (!told) waiting?.();
      await clock.sleep(ASK, signal).catch(() => undefined);
    }
  }

  return {
    async hold(name, signal, work, waiting) {
      const holder = `${options.instance}/${++count}`;
      await wait(name, holder, signal, waiting);
      const done = new AbortController();
      const renew = (): boolean => leases.take(name, holder, clock.now() + TTL, clock.now());
      void keep(renew, done.signal);
      try {
        return await work(() => {
          if (!renew()) throw new LeaseLost();
        });
      } finally {
        done.abort();
        giveBack(name, holder);
      }
    }
  };

  async function keep(renew: () => boolean, done: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(RENEW, done).catch(() => undefined);
      if (done.aborted) return;
      try {
        renew();
      } catch (error) {
        log.warn({ err: error }, 'a lease was not renewed');
      }
    }
  }

  function giveBack(name: string, holder: string): void {
    try {
      leases.release(name, holder);
    } catch (error) {
      log.warn({ err: error, lease: name }, 'a lease was not given back; it runs out by itself');
    }
  }
}
