import type { ContentsEvent, ContentsSpool } from '../../share/ports.js';

/** A spool of contents events in memory. */
export interface MemoryContentsSpool extends ContentsSpool {
  /** Adds an event, as a front door does. */
  add(event: ContentsEvent): void;
}

export function createMemoryContentsSpool(): MemoryContentsSpool {
  const waiting: ContentsEvent[] = [];
  let draining: Promise<unknown> = Promise.resolve();

  async function drain(apply: (event: ContentsEvent) => void | Promise<void>): Promise<number> {
    let count = 0;
    for (let event = waiting[0]; event !== undefined; event = waiting[0]) {
      await apply(event);
      waiting.shift();
      count++;
    }
    return count;
  }

  return {
    add: event => void waiting.push({ ...event }),
    drain(apply) {
      const next = draining.then(() => drain(apply));
      draining = next.catch(() => undefined);
      return next;
    }
  };
}
