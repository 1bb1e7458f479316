import type { Job, JobEvent } from '../../../contract/jobs.js';
import type { JobStore, Leases, StoredJob } from '../../jobs/ports.js';

interface Entry {
  stored: StoredJob;
  events: { id: number; data: JobEvent }[];
  holder: { worker: string; until: number } | undefined;
}

const finalStates = new Set<Job['state']>(['succeeded', 'failed', 'cancelled']);

/**
 * Jobs and their events that end with the process.
 *
 * @param isGone - whether a worker is surely dead, so that its jobs are free before its claims run out
 */
export function createMemoryJobStore(isGone: (worker: string) => boolean = () => false): JobStore {
  const entries = new Map<string, Entry>();
  const hasEnded = ({ stored }: Entry): boolean => finalStates.has(stored.job.state);

  function append(entry: Entry, event: JobEvent): number {
    const id = entry.events.length + 1;
    entry.events.push({ id, data: structuredClone(event) });
    return id;
  }

  function isHeld({ holder }: Entry, worker: string | undefined, now: number): boolean {
    return holder !== undefined && holder.worker !== worker && holder.until > now && !isGone(holder.worker);
  }

  function get(id: string): StoredJob | undefined {
    return structuredClone(entries.get(id)?.stored);
  }

  return {
    create(job, input) {
      const existing = get(job.id);
      if (existing) return { stored: existing, created: false };
      const stored = structuredClone({ job, input, checkpoint: undefined, cancelRequested: false });
      const entry: Entry = { stored, events: [], holder: undefined };
      entries.set(job.id, entry);
      append(entry, { type: 'state', job });
      return { stored: structuredClone(stored), created: true };
    },
    get,
    look: id => {
      const stored = get(id);
      return stored && { job: stored.job, cancelRequested: stored.cancelRequested };
    },
    list: (owner, { active, limit }) =>
      [...entries.values()]
        .filter(entry => entry.stored.job.owner === owner && !(active && hasEnded(entry)))
        .map(entry => structuredClone(entry.stored.job))
        .sort((a, b) => (a.id > b.id ? -1 : 1))
        .slice(0, limit),
    update(job, event, worker) {
      const entry = entries.get(job.id);
      if (entry === undefined || entry.holder?.worker !== worker || hasEnded(entry)) return undefined;
      entry.stored.job = structuredClone(job);
      return append(entry, event);
    },
    checkpoint(id, checkpoint, worker) {
      const entry = entries.get(id);
      if (entry?.holder?.worker !== worker) return false;
      // As a database would keep it: what JSON does not hold is gone.
      entry.stored.checkpoint = JSON.parse(JSON.stringify(checkpoint)) as unknown;
      return true;
    },
    requestCancel(id) {
      const entry = entries.get(id);
      if (entry && !hasEnded(entry)) entry.stored.cancelRequested = true;
    },
    events: (id, after) => structuredClone(entries.get(id)?.events.filter(event => event.id > after) ?? []),
    claim(id, worker, until, now) {
      const entry = entries.get(id);
      if (entry === undefined || hasEnded(entry) || isHeld(entry, worker, now)) return false;
      entry.holder = { worker, until };
      return true;
    },
    release(id, worker) {
      const entry = entries.get(id);
      if (entry?.holder?.worker === worker) entry.holder = undefined;
    },
    orphans: now =>
      [...entries.values()]
        .filter(entry => !hasEnded(entry) && !isHeld(entry, undefined, now))
        .map(entry => structuredClone(entry.stored))
        .sort((a, b) => (a.job.id < b.job.id ? -1 : 1)),
    forget(endedBefore) {
      const old = [...entries.values()].filter(
        entry => hasEnded(entry) && Date.parse(entry.stored.job.updatedAt) < endedBefore
      );
      for (const { stored } of old) entries.delete(stored.job.id);
      return old.length;
    }
  };
}

/** Leases that end with the process. */
export function createMemoryLeases(isGone: (holder: string) => boolean = () => false): Leases {
  const leases = new Map<string, { holder: string; until: number }>();
  return {
    take(name, holder, until, now) {
      const lease = leases.get(name);
      if (lease && lease.holder !== holder && lease.until > now && !isGone(lease.holder)) return false;
      leases.set(name, { holder, until });
      return true;
    },
    release(name, holder) {
      if (leases.get(name)?.holder === holder) leases.delete(name);
    }
  };
}
