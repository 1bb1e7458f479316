import { join } from 'node:path';
import type { Clock, FailPoint, Ids, Log } from '../../ports.js';
import type { NotebookRecord, ObjectStore } from '../ports.js';
import type { EventEntry, EventLog } from './eventLog.js';
import { createEventLog } from './eventLog.js';
import { parseSnapshotKey, SNAPSHOTS, snapshotKey, TEXTS, textKey, textShard } from './keys.js';
import { mergeTextLines, mergeNotebookLines } from './mergeLines.js';
import { packLines } from './packed.js';
import { mergeRecords, recordOf } from './record.js';
import { withScratch } from './scratch.js';
import { createSnapshots, END_LINE } from './snapshots.js';
import type { SnapshotHeader, Snapshots } from './snapshots.js';

export interface CompactionOptions {
  store: ObjectStore;
  /** A folder for files that are being written; made when needed. */
  temporaryDirectory: string;
  ids: Ids;
  clock: Clock;
  log: Log;
  failPoint?: FailPoint;
  limits?: Partial<CompactionLimits>;
}

export interface CompactionLimits {
  /** Events younger than this stay in the log alone. Milliseconds. */
  settle: number;
  /** So many events are worth a snapshot at once. */
  many: number;
  /** After so long any event is worth a snapshot. Milliseconds. */
  patience: number;
  /** What a snapshot replaces is kept so much longer, for those who are reading it. Milliseconds. */
  grace: number;
  /** Most events taken in one snapshot; they are held in memory. */
  most: number;
}

const LIMITS: CompactionLimits = {
  settle: 5 * 60_000,
  many: 200,
  patience: 24 * 3_600_000,
  grace: 3_600_000,
  most: 1_000
};

/** What a run did. */
export interface CompactionResult {
  /** Events that went into a new snapshot. */
  folded: number;
  /** Objects that were replaced by a snapshot and removed. */
  removed: number;
}

/**
 * Keeps the log short: folds its events into a snapshot and, an hour after that, removes their objects.
 *
 * Nothing is lost whatever happens in between. A snapshot counts once it is whole; which events are in it stands in
 * its header, so one that arrives late is simply not there yet; and only what the newest snapshot names is removed.
 * Two that run at once both start from the same snapshot; the one with the smaller id is superseded before its events
 * could be removed.
 */
export function createCompaction(options: CompactionOptions): { run(): Promise<CompactionResult> } {
  const { store, ids, clock, log, failPoint = () => undefined, temporaryDirectory } = options;
  const limits = { ...LIMITS, ...options.limits };
  const events = createEventLog(store, log);
  const snapshots = createSnapshots(store, log);

  async function run(): Promise<CompactionResult> {
    const [newest] = await snapshots.ids();
    const header = newest === undefined ? undefined : await snapshots.header(newest);
    const entries = await events.list();
    const inSnapshot = new Set(header?.events);
    const known = entries.filter(entry => inSnapshot.has(entry.id)).map(entry => entry.id);
    const removed = await removeFolded(header, known);
    const folded = await fold(header, removed ? [] : known, entries);
    return { folded, removed: (removed ? known.length : 0) + (await removeReplaced()) };
  }

  /** Removes events that are in the snapshot, once nobody can be reading an older one any more. */
  async function removeFolded(header: SnapshotHeader | undefined, known: readonly string[]): Promise<boolean> {
    if (header === undefined || clock.now() - Date.parse(header.createdAt) < limits.grace) return false;
    for (const id of known) {
      await events.remove(id);
      await failPoint('compaction:event-removed');
    }
    return true;
  }

  /**
   * Writes a snapshot with the events that came since, if there are enough.
   *
   * @param left - events of the last snapshot that are in the log still
   */
  async function fold(
    header: SnapshotHeader | undefined,
    left: readonly string[],
    entries: readonly EventEntry[]
  ): Promise<number> {
    const folded = new Set(header?.events);
    const settled = entries.filter(entry => !folded.has(entry.id) && clock.now() - entry.arrived >= limits.settle);
    const oldest = Math.min(...settled.map(entry => entry.arrived));
    if (settled.length < limits.many && clock.now() - oldest < limits.patience) return 0;
    const records = await read(settled.slice(0, limits.most));
    if (records.ids.length === 0) return 0;
    await write(header, records.byNotebook, [...left, ...records.ids]);
    return records.ids.length;
  }

  /** Reads events; broken ones are left where they are. */
  async function read(
    entries: readonly EventEntry[]
  ): Promise<{ ids: string[]; byNotebook: Map<string, NotebookRecord> }> {
    const byNotebook = new Map<string, NotebookRecord>();
    const found: string[] = [];
    for (const event of await readInOrder(events, entries)) {
      const record = recordOf(event);
      const known = byNotebook.get(event.notebookId);
      byNotebook.set(event.notebookId, mergeRecords(known ?? record, record));
      found.push(event.id);
    }
    return { ids: found, byNotebook };
  }

  async function write(
    header: SnapshotHeader | undefined,
    records: Map<string, NotebookRecord>,
    folded: string[]
  ): Promise<void> {
    const id = ids.next(header?.id);
    const sorted = [...records.values()].sort((a, b) => (a.core.notebookId < b.core.notebookId ? -1 : 1));
    await withScratch(temporaryDirectory, clock, async work => {
      const texts = await writeTexts(id, header, sorted, work);
      const file = join(work, 'snapshot');
      const first: SnapshotHeader = {
        format: 1,
        id,
        ...(header && { previous: header.id }),
        createdAt: new Date(clock.now()).toISOString(),
        events: folded,
        texts
      };
      await packLines(snapshotLines(snapshots, header, first, sorted), file);
      // Somebody else may have been faster; then this one was made from too little.
      if ((await snapshots.ids())[0] !== header?.id) return;
      await failPoint('compaction:snapshot-ready');
      await store.put(snapshotKey(id), { file });
      await failPoint('compaction:snapshot-written');
      log.info({ snapshot: id, events: folded.length }, 'folded the log of the archive into a snapshot');
    });
  }

  /** Writes the shares of the texts that change anew; the others stay those of older snapshots. */
  async function writeTexts(
    id: string,
    header: SnapshotHeader | undefined,
    sorted: readonly NotebookRecord[],
    work: string
  ): Promise<Record<string, string>> {
    const texts = { ...header?.texts };
    const changed = sorted.filter(record => record.text !== undefined || record.core.purged !== undefined);
    for (const shard of new Set(changed.map(record => textShard(record.core.notebookId)))) {
      const file = join(work, `text-${shard}`);
      const own = changed.filter(record => textShard(record.core.notebookId) === shard);
      await packLines(mergeTextLines(snapshots.textLines(texts[shard]), own), file);
      const key = textKey(id, shard);
      await store.put(key, { file });
      await failPoint('compaction:text-written');
      texts[shard] = key;
    }
    return texts;
  }

  /** Removes snapshots that were replaced a while ago, and the texts that none refers to any more. */
  async function removeReplaced(): Promise<number> {
    const all: { key: string; id: string; modified: number }[] = [];
    for await (const { key, modified } of store.list(SNAPSHOTS)) {
      const id = parseSnapshotKey(key);
      if (id !== undefined) all.push({ key, id, modified });
    }
    const isReplaced = (index: number): boolean => {
      const next = all[index + 1];
      return next !== undefined && clock.now() - next.modified >= limits.grace;
    };
    const gone = all.filter((_, index) => isReplaced(index)).map(snapshot => snapshot.key);
    if (gone.length === 0) return 0;
    const used = new Set<string>();
    for (const [index, { id }] of all.entries()) {
      if (!isReplaced(index)) for (const key of Object.values((await snapshots.header(id)).texts)) used.add(key);
    }
    for await (const { key, modified } of store.list(TEXTS)) {
      // One that nobody refers to may belong to a snapshot that is being made.
      if (!used.has(key) && clock.now() - modified >= limits.patience) gone.push(key);
    }
    for (const key of gone) {
      await store.delete(key);
      await failPoint('compaction:replaced-removed');
    }
    return gone.length;
  }

  return { run };
}

const READ_AT_ONCE = 64;

async function readInOrder(
  events: EventLog,
  entries: readonly EventEntry[]
): Promise<Awaited<ReturnType<EventLog['read']>>> {
  const all: Awaited<ReturnType<EventLog['read']>> = [];
  for (let start = 0; start < entries.length; start += READ_AT_ONCE) {
    all.push(...(await events.read(entries.slice(start, start + READ_AT_ONCE).map(entry => entry.id))));
  }
  return all;
}

async function* snapshotLines(
  snapshots: Snapshots,
  previous: SnapshotHeader | undefined,
  header: SnapshotHeader,
  records: readonly NotebookRecord[]
): AsyncIterable<string> {
  yield JSON.stringify(header);
  yield* mergeNotebookLines(previous ? snapshots.lines(previous.id) : [], records);
  yield END_LINE;
}
