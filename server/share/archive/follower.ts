import { ProblemError } from '../../../contract/problem.js';
import type { Clock, Log } from '../../ports.js';
import type { ArchiveEvent, LibraryIndex, NotebookRecord, ObjectStore } from '../ports.js';
import { createEventLog } from './eventLog.js';
import { IndexLost } from './indexLost.js';
import { createSnapshots } from './snapshots.js';
import type { SnapshotHeader } from './snapshots.js';

/** How far back an event may be dated and still be seen at once: clocks of other machines, slow shares. */
const OVERLAP = 120_000;

/** The same where a store is far away, and how often it is asked that far back all the same: long lists take long. */
const NEAR = 10_000;
const FAR_EVERY = 10_000;

/** How often the whole log is looked through, for events dated further back than that. */
const WHOLE_EVERY = 60_000;

/** Events or records handed to the index at once. */
const BATCH = 256;

/** How often a read begins anew when the index was lost under it. */
const ATTEMPTS = 3;

/** Keeps an index abreast of the archive, whoever writes there. */
export interface Follower {
  /** Brings the index up to date with all that was appended before the call. */
  catchUp(): Promise<void>;
  /**
   * Catches up where that was not done just now, then reads from the index; once more where the index was lost meanwhile.
   *
   * @returns what was read, and as of when (milliseconds since 1970)
   */
  read<T>(work: () => Promise<T>): Promise<{ value: T; asOf: number }>;
  /** Takes an event that this process has appended, without looking into the log. */
  note(event: ArchiveEvent): Promise<void>;
}

/** The events that the log had. */
interface Listing {
  ids: string[];
  /** Whether these are all of them, not only the latest. */
  isWhole: boolean;
  /** Whether they go back as far as events may be dated back. */
  isFar: boolean;
  /** When they were listed: of the clock that only goes forward, and of the calendar. Milliseconds. */
  now: number;
  since: number;
}

export interface FollowerOptions {
  store: ObjectStore;
  index: LibraryIndex;
  clock: Clock;
  log: Log;
  /**
   * For how many milliseconds after it caught up reads need not ask the store again. 0 by default: what any process
   * appended before a read is seen by it.
   */
  freshFor?: number | undefined;
}

export function createFollower({ store, index, clock, log, freshFor = 0 }: FollowerOptions): Follower {
  const events = createEventLog(store, log);
  const snapshots = createSnapshots(store, log);
  const reported = new Set<string>();
  /** Events that are in the index for sure, so that it need not be asked about each again and again. */
  let known = new Set<string>();
  /** How often something was found in the archive that was not known before. */
  let found = 0;
  let adopted: string | undefined;
  let listedAt: number | undefined;
  let wholeAt = -Infinity;
  let farAt = -Infinity;
  let running: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;
  let asOf = 0;
  let caughtUpAt = -Infinity;

  async function run(): Promise<void> {
    const started = clock.now();
    const began = clock.monotonic();
    // Both lists are under way at once: the store may be far away.
    const listing = listEvents();
    listing.catch(() => undefined);
    try {
      await takeSnapshot();
      await takeEvents(await listing);
    } catch (error) {
      if (error instanceof IndexLost) listedAt = undefined;
      throw error;
    }
    asOf = started;
    caughtUpAt = began;
  }

  async function takeSnapshot(): Promise<void> {
    const taken = await index.snapshot();
    if (taken !== adopted) found++;
    adopted = taken;
    for (const id of await snapshots.ids()) {
      if (id === taken) return;
      const header = await readHeader(id);
      // An older one with what the log still has is better than nothing.
      if (header === undefined) continue;
      await take(header, taken);
      return;
    }
  }

  async function readHeader(id: string): Promise<SnapshotHeader | undefined> {
    try {
      return await snapshots.header(id);
    } catch (error) {
      if (error instanceof ProblemError) throw error;
      if (!reported.has(id)) log.error({ err: error, snapshot: id }, 'a snapshot of the archive cannot be read');
      reported.add(id);
      return undefined;
    }
  }

  async function take(header: SnapshotHeader, taken: string | undefined): Promise<void> {
    const { previous, events: folded } = header;
    const isSeen = previous === taken && folded.length > 0 && (await index.missing(folded)).length === 0;
    if (!isSeen) {
      log.info({ snapshot: header.id }, 'filling the index of the Library');
      await mergeAll(snapshots.records(header));
    }
    await index.adopt(header.id, folded);
    adopted = header.id;
    found++;
  }

  async function mergeAll(records: AsyncIterable<NotebookRecord>): Promise<void> {
    let batch: NotebookRecord[] = [];
    for await (const record of records) {
      if (batch.push(record) < BATCH) continue;
      await index.merge(batch);
      batch = [];
    }
    await index.merge(batch);
  }

  async function listEvents(): Promise<Listing> {
    const now = clock.monotonic();
    const since = clock.now();
    const isWhole = listedAt === undefined || now - wholeAt > WHOLE_EVERY;
    const isFar = freshFor === 0 || now - farAt > FAR_EVERY;
    const ids = await events.ids(isWhole || listedAt === undefined ? undefined : listedAt - (isFar ? OVERLAP : NEAR));
    return { ids, isWhole, isFar, now, since };
  }

  async function takeEvents({ ids, isWhole, isFar, now, since }: Listing): Promise<void> {
    const isNew = ids.some(id => !known.has(id));
    if (isWhole) known = new Set();
    const missing = await index.missing(ids.filter(id => !known.has(id)));
    for (let start = 0; start < missing.length; start += BATCH) {
      await index.apply(await events.read(missing.slice(start, start + BATCH)));
    }
    const left = new Set(missing.length > 0 ? await index.missing(missing) : []);
    for (const id of ids) if (!left.has(id)) known.add(id);
    if (isNew || missing.length > 0) found++;
    listedAt = since;
    if (isFar) farAt = now;
    if (!isWhole) return;
    wholeAt = now;
    await index.keepEvents(new Set(ids));
  }

  /** One at a time. Whoever comes while one runs needs the next one: it may have listed too early. */
  function catchUp(): Promise<void> {
    if (running === undefined) {
      running = run().finally(() => {
        running = undefined;
      });
      return running;
    }
    waiting ??= running
      .catch(() => undefined)
      .then(() => {
        waiting = undefined;
        return catchUp();
      });
    return waiting;
  }

  /** Reads while the store is asked. Undefined where that did not go well: then it is read afterwards. */
  async function whileListing<T>(
    listing: Promise<void>,
    work: () => Promise<T>
  ): Promise<{ value: T } | { lost: IndexLost } | undefined> {
    listing.catch(() => undefined);
    // Reading an index keeps this process from sending anything, so the questions go first.
    await new Promise(resolve => setImmediate(resolve));
    return work().then(
      value => ({ value }),
      (error: unknown) => (error instanceof IndexLost ? { lost: error } : undefined)
    );
  }

  return {
    catchUp,
    async read(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          const age = clock.monotonic() - caughtUpAt;
          if (listedAt !== undefined && age < freshFor) {
            // Asked ahead of time, so that nobody who goes on searching waits. What fails here, fails for the next one.
            if (age > freshFor / 2 && running === undefined) catchUp().catch(() => undefined);
            return { value: await work(), asOf };
          }
          const before = found;
          const caughtUp = catchUp();
          const early = listedAt === undefined ? undefined : await whileListing(caughtUp, work);
          await caughtUp;
          if (early && 'lost' in early) throw early.lost;
          // What was read meanwhile is right where the archive had nothing that was not known then.
          return { value: early && found === before ? early.value : await work(), asOf };
        } catch (error) {
          if (!(error instanceof IndexLost)) throw error;
          listedAt = undefined;
          log.warn({ err: error }, 'the index of the Library was lost');
          if (attempt === ATTEMPTS) throw error;
        }
      }
    },
    async note(event) {
      try {
        await index.apply([event]);
      } catch (error) {
        // The event is in the log, so the next reader takes it from there.
        log.warn({ err: error }, 'the index of the Library did not take an event');
        listedAt = undefined;
      }
    }
  };
}
