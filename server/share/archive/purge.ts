import type { Caller, Clock, FailPoint, Ids, Log } from '../../ports.js';
import type { LibraryIndex, ObjectStore } from '../ports.js';
import type { Follower } from './follower.js';
import { manifestKey } from './keys.js';
import { KEEP_DELETED } from './projection.js';
import type { Archive } from './types.js';

export interface PurgeOptions {
  store: ObjectStore;
  archive: Archive;
  index: LibraryIndex;
  follower: Follower;
  ids: Ids;
  clock: Clock;
  log: Log;
  failPoint?: FailPoint;
}

/**
 * Removes notebooks for good that were deleted more than 30 days ago.
 *
 * First the event that says so, then the manifests; manifests that a crash left over are found by the sweep, which
 * also removes the blobs.
 */
export function createPurge(options: PurgeOptions): { run(caller: Caller): Promise<string[]> } {
  const { store, archive, index, follower, ids, clock, log, failPoint = () => undefined } = options;

  async function purge(caller: Caller, notebookId: string): Promise<void> {
    const history = await index.history(notebookId);
    if (history === undefined) return;
    const at = new Date(clock.now()).toISOString();
    const id = ids.next(history.lastEvent);
    await archive.append({ type: 'purged', id, notebookId, author: caller.name, at }, { objects: 0, bytes: 0 });
    await failPoint('purge:event-written');
    for (const versionId of history.versionIds) {
      await store.delete(manifestKey(notebookId, versionId));
      await failPoint('purge:version-removed');
    }
    log.info({ notebook: notebookId, versions: history.versionIds.length }, 'removed a deleted notebook for good');
  }

  return {
    async run(caller) {
      const before = new Date(clock.now() - KEEP_DELETED).toISOString();
      const { value: expired } = await follower.read(() => index.expired(before));
      for (const notebookId of expired) await purge(caller, notebookId);
      return expired;
    }
  };
}
