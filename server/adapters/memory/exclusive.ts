import type { Exclusive } from '../../credentials/ports.js';

/** Locks within this process. */
export function createMemoryExclusive(): Exclusive {
  const last = new Map<string, Promise<unknown>>();
  return {
    run(name, work) {
      const mine = (last.get(name) ?? Promise.resolve()).catch(() => undefined).then(work);
      last.set(name, mine);
      return mine;
    }
  };
}
