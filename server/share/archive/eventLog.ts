import type { Log } from '../../ports.js';
import type { ArchiveEvent, ObjectStore } from '../ports.js';
import { beforeEvents, eventKey, LOG, parseEventKey } from './keys.js';
import { mapLimited } from './pool.js';
import { ArchiveEventSchema } from './schemas.js';

/** Events read at once. */
const READERS = 16;

/** An event as a list of the log shows it. */
export interface EventEntry {
  id: string;
  /** Milliseconds since 1970 of its arrival, as the store says. */
  arrived: number;
}

/** The log of everything that happened in the Library: one object per event, in the order of their ids. */
export interface EventLog {
  /** Stores an event. False where it was there already. */
  append(event: ArchiveEvent): Promise<{ created: boolean; bytes: number }>;
  /** All events. */
  list(): Promise<EventEntry[]>;
  /** The ids of events made at `since` (milliseconds since 1970) or later; of all without it. */
  ids(since?: number): Promise<string[]>;
  /** Reads events. One that is broken or gone is left out; a broken one is told to the log once. */
  read(ids: readonly string[]): Promise<ArchiveEvent[]>;
  remove(id: string): Promise<void>;
}

export function createEventLog(store: ObjectStore, log: Log): EventLog {
  const reported = new Set<string>();

  async function readOne(id: string): Promise<ArchiveEvent | undefined> {
    const bytes = await store.get(eventKey(id));
    if (bytes === undefined) return undefined;
    try {
      const event = ArchiveEventSchema.parse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
      if (event.id !== id) throw new Error(`It holds the event ${event.id}.`);
      return event;
    } catch (error) {
      if (!reported.has(id)) log.error({ err: error, object: eventKey(id) }, 'an event of the archive cannot be read');
      reported.add(id);
      return undefined;
    }
  }

  return {
    async append(event) {
      const bytes = new TextEncoder().encode(JSON.stringify(event));
      const result = await store.put(eventKey(event.id), bytes, { ifAbsent: true });
      return { created: result === 'created', bytes: bytes.byteLength };
    },
    async list() {
      const entries: EventEntry[] = [];
      for await (const { key, modified } of store.list(LOG)) {
        const id = parseEventKey(key);
        if (id !== undefined) entries.push({ id, arrived: modified });
      }
      return entries;
    },
    async ids(since) {
      const ids: string[] = [];
      for await (const key of store.keys(LOG, since === undefined ? {} : { startAfter: beforeEvents(since) })) {
        const id = parseEventKey(key);
        if (id !== undefined) ids.push(id);
      }
      return ids;
    },
    async read(ids) {
      const events = await mapLimited(ids, READERS, readOne);
      return events.filter(event => event !== undefined);
    },
    remove: async id => {
      await store.delete(eventKey(id));
    }
  };
}
