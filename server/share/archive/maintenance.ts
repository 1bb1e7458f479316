import type { Caller, Log } from '../../ports.js';

/** A part of the work that keeps a store tidy. */
export interface Chore {
  /** For the log. */
  name: string;
  run(caller: Caller): Promise<unknown>;
}

/** What only one process of a home does at a time: the holder of the maintenance lease. */
export interface Maintenance {
  /** Does what is due now. A chore that fails is told to the log and tried again the next time. */
  runOnce(caller: Caller, signal?: AbortSignal): Promise<void>;
}

export function createMaintenance({ chores, log }: { chores: readonly Chore[]; log: Log }): Maintenance {
  return {
    async runOnce(caller, signal) {
      for (const chore of chores) {
        if (signal?.aborted) return;
        try {
          const result = await chore.run(caller);
          log.debug({ chore: chore.name, result }, 'tidied up');
        } catch (error) {
          log.error({ err: error, chore: chore.name }, 'could not tidy up');
        }
      }
    }
  };
}
