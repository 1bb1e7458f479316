import type { Clock } from '../ports.js';

/** Wakes those who wait for news of a job in this process. */
export interface Bell {
  ring(id: string): void;
  /** Resolves on the next ring, after so many milliseconds, or when the signal is raised. Call it before looking. */
  wait(id: string, milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** A bell for each id. */
export function createBell(clock: Clock): Bell {
  const waiting = new Map<string, Set<() => void>>();
  return {
    ring(id) {
      for (const wake of waiting.get(id) ?? []) wake();
    },
    async wait(id, milliseconds, signal) {
      const woken = new AbortController();
      const wake = (): void => woken.abort();
      const all = waiting.get(id) ?? new Set();
      waiting.set(id, all.add(wake));
      await clock.sleep(milliseconds, AbortSignal.any([signal, woken.signal])).catch(() => undefined);
      all.delete(wake);
      if (all.size === 0 && waiting.get(id) === all) waiting.delete(id);
    }
  };
}
