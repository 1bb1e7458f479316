import type { Holder } from '../jobs/hold.js';
import type { Clock, FailPoint, Ids, Log } from '../ports.js';
import { capture } from './capture.js';
import type { HistoryStore, SavedCopies } from './ports.js';

/** The lease under which the history of a home is written: one process at a time. */
export const LEASE = 'history';

export interface FollowerOptions {
  store: HistoryStore;
  copies: SavedCopies;
  /** Brings the events that wait in the spool into the store. */
  gather: () => Promise<void>;
  holder: Holder;
  clock: Clock;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
  /** Raised when this process stops. */
  stopped: AbortSignal;
}

/** Turns what the front door saw into history, in the order in which it happened. */
export interface Follower {
  /** Takes in everything that waits. Calls that come meanwhile share one more round. */
  follow(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

export function createFollower(options: FollowerOptions): Follower {
  const { store, copies, gather, holder, log, stopped } = options;
  /** Copies that cannot be taken in now; tried again with the next round. */
  const failed = new Set<string>();
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  async function takeIn(still: () => void): Promise<void> {
    await gather();
    failed.clear();
    while (!stopped.aborted) {
      still();
      const name = (await copies.names()).find(each => !failed.has(each));
      const event = store.waiting();
      if (event && (name === undefined || isBefore(event.id, name))) store.apply(event, timeOf(event.id));
      else if (name !== undefined) await takeCopy(name);
      else return;
    }
  }

  async function takeCopy(name: string): Promise<void> {
    try {
      const copy = await copies.read(name);
      if (copy) await capture(copy, options);
      await copies.remove(name);
    } catch (error) {
      failed.add(name);
      log.error({ err: error, copy: name }, 'a saved notebook could not be taken into the history; tried again later');
    }
  }

  /** One round at a time, and one more for what came after the running one looked. */
  function follow(): Promise<void> {
    if (running === undefined) {
      running = holder.hold(LEASE, stopped, takeIn).finally(() => (running = undefined));
      return running;
    }
    next ??= running
      .catch(() => undefined)
      .then(() => {
        next = undefined;
        return follow();
      });
    return next;
  }

  return {
    follow,
    idle: async () => {
      while (running) await running.catch(() => undefined);
    }
  };
}

/** Names begin with their time in nanoseconds, 20 digits. */
function isBefore(a: string, b: string): boolean {
  const [one, other] = [a.slice(0, 20), b.slice(0, 20)];
  return one === other ? a < b : one < other;
}

/** Milliseconds since 1970 that a name tells. */
function timeOf(name: string): number {
  return Number(BigInt(name.slice(0, 20)) / 1_000_000n);
}
