import type { Holder } from '../jobs/hold.js';
import type { Caller, Clock, FailPoint, Ids, Log } from '../ports.js';
import { createFollower } from './follower.js';
import type { Comparer, FileEvent, HistoryFiles, HistoryStore, SavedCopies } from './ports.js';
import { createKeeper } from './retention.js';
import { createHistoryService } from './service.js';
import type { HistoryService } from './service.js';
import type { Retention } from './thinning.js';

export interface HistoryOptions {
  /** Whether what is saved is kept from now on. What was kept stays to be seen. */
  enabled: boolean;
  retention: Retention;
  store: HistoryStore;
  copies: SavedCopies;
  files: HistoryFiles;
  comparer: Comparer;
  /** Hands every event that waits in the spool to `note`. */
  gather: () => Promise<void>;
  holder: Holder;
  clock: Clock;
  ids: Ids;
  log: Log;
  failPoint: FailPoint;
  /** `<home>/history/work` */
  workDirectory: string;
}

/** The history of saved notebooks, put together. */
export interface History {
  service: HistoryService;
  /** Notes what happened to a file, to be followed in its order. */
  note(event: FileEvent): void;
  /** Takes copies in as they come. */
  watch(): void;
  /** Thins out and cleans up. */
  tidy(caller: Caller, signal: AbortSignal): Promise<void>;
  /** Ends what is under way at its next step. */
  stop(): Promise<void>;
}

export function createHistory(options: HistoryOptions): History {
  const { enabled, store, copies, log } = options;
  const stopped = new AbortController();
  const follower = createFollower({ ...options, stopped: stopped.signal });
  const follow = (): Promise<void> => follower.follow();
  const keeper = createKeeper(options);
  const service = createHistoryService({ ...options, follow });
  let unwatch: (() => void) | undefined;

  return {
    service,
    note(event) {
      // A copy tells of a save by itself.
      if (event.action === 'rename' || event.action === 'delete') store.note(event);
    },
    watch() {
      if (!enabled) return;
      unwatch ??= copies.watch(() => {
        follow().catch((error: unknown) => {
          if (!stopped.signal.aborted) log.error({ err: error }, 'saved notebooks could not be taken into the history');
        });
      });
    },
    async tidy(caller, signal) {
      if (enabled) await follow();
      await keeper.tidy(signal);
      await service.tidy(caller);
    },
    stop() {
      unwatch?.();
      stopped.abort();
      return follower.idle();
    }
  };
}
