import { decodeTime } from 'ulid';
import type { LibraryQuery } from '../../contract/share/index.js';
import { createIds } from '../../server/ids.js';
import { createManualClock } from '../../server/adapters/memory/clock.js';
import type { ManualClock } from '../../server/adapters/memory/clock.js';
import { createMemoryLog } from '../../server/adapters/memory/log.js';
import type { Clock, Ids } from '../../server/ports.js';
import type { ArchiveEvent, Reader } from '../../server/share/ports.js';

/** A point in time all library tests begin at. */
export const START = Date.UTC(2026, 10, 2, 9, 0, 0);

/** A log that keeps what it is told. */
export const createTestLog = createMemoryLog;

/** A clock that stands still until it is moved. */
export const createTestClock = (start = START): ManualClock => createManualClock(start);

type Published = ArchiveEvent & { type: 'published' };

/** Events with everything filled in that a test does not care about. */
export function createEvents(clock: Clock, ids: Ids = createIds(clock)) {
  const common = (id: string) => ({ id, author: 'ada', at: new Date(decodeTime(id)).toISOString() });
  return {
    ids,
    published(given: Partial<Published> = {}): Published {
      return {
        type: 'published',
        notebookId: given.notebookId ?? ids.next(),
        versionId: ids.next(),
        ...common(given.id ?? ids.next()),
        contentHash: 'a'.repeat(64),
        hideCode: false,
        cells: 3,
        size: 1000,
        provenance: { kernel: { name: 'python3' } },
        title: 'A notebook',
        tags: [],
        groups: [],
        owner: 'ada',
        audience: { kind: 'everyone' },
        language: 'python',
        text: '',
        imports: [],
        tables: [],
        ...given
      };
    },
    described(notebookId: string, change: Partial<ArchiveEvent & { type: 'described' }>): ArchiveEvent {
      return { type: 'described', notebookId, ...common(change.id ?? ids.next()), ...change };
    },
    happened(type: 'deleted' | 'restored' | 'purged', notebookId: string, id = ids.next()): ArchiveEvent {
      return { type, notebookId, ...common(id) };
    }
  };
}

/** A query with the defaults of the contract. */
export function query(given: Partial<LibraryQuery> = {}): LibraryQuery {
  return { q: '', deleted: false, limit: 50, ...given };
}

export const ada: Reader = { name: 'ada', groups: [] };
export const bob: Reader = { name: 'bob', groups: [] };
