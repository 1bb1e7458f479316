import { setImmediate } from 'node:timers/promises';
import type { Holder } from '../jobs/hold.js';
import type { Clock, Log } from '../ports.js';
import { LEASE } from './follower.js';
import type { HistoryStore } from './ports.js';
import { superfluous } from './thinning.js';
import type { Retention } from './thinning.js';

const DAY = 24 * 3_600_000;

/** Content that no version uses may belong to one that is being taken in. Milliseconds. */
const GRACE = 3_600_000;

/** Versions removed at once, so that nobody waits long for the store. */
const AT_ONCE = 100;

export interface KeeperOptions {
  store: HistoryStore;
  holder: Holder;
  clock: Clock;
  log: Log;
  retention: Retention;
}

/** Keeps the history within what the operator allows. */
export interface Keeper {
  /** Thins old versions out, removes what is too old or too much, and gives the room back. */
  tidy(signal: AbortSignal): Promise<void>;
}

export function createKeeper({ store, holder, clock, log, retention }: KeeperOptions): Keeper {
  async function thinOut(still: () => void): Promise<number> {
    const now = clock.now();
    let removed = 0;
    for (const { id, goneAt } of store.all()) {
      const all = store.versions(id, { limit: Number.MAX_SAFE_INTEGER });
      const isExpired = goneAt !== undefined && now - goneAt > retention.days * DAY;
      const gone = isExpired ? all : superfluous(all, goneAt ?? now, retention);
      removed += await remove(
        gone.map(version => ({ notebookId: id, versionId: version.id })),
        still
      );
    }
    return removed;
  }

  /** The oldest go first, whosever they are; the newest of a notebook whose file is there stays. */
  async function makeRoom(still: () => void): Promise<number> {
    let removed = 0;
    while (store.usage().bytes > retention.bytes) {
      const oldest = store.oldest(AT_ONCE);
      if (oldest.length === 0) break;
      removed += await remove(oldest, still);
    }
    return removed;
  }

  async function remove(
    versions: readonly { notebookId: string; versionId: string }[],
    still: () => void
  ): Promise<number> {
    for (let from = 0; from < versions.length; from += AT_ONCE) {
      still();
      const byNotebook = Map.groupBy(versions.slice(from, from + AT_ONCE), version => version.notebookId);
      for (const [id, some] of byNotebook) {
        store.removeVersions(
          id,
          some.map(version => version.versionId)
        );
      }
      await setImmediate();
    }
    return versions.length;
  }

  return {
    tidy: signal =>
      holder.hold(LEASE, signal, async still => {
        const thinned = await thinOut(still);
        const removed = await makeRoom(still);
        store.sweep(clock.now() - GRACE);
        if (thinned + removed > 0) log.info({ thinned, removed }, 'old versions of notebooks were removed');
      })
  };
}
