import { onTestFinished } from 'vitest';
import type { JobEvent } from '../../../contract/jobs.js';
import { systemClock } from '../../../server/adapters/clock-system/index.js';
import { openState } from '../../../server/adapters/sqlite-state/index.js';
import { createJobService } from '../../../server/jobs/service.js';
import type { JobServiceOptions } from '../../../server/jobs/service.js';
import type { Caller, Log } from '../../../server/ports.js';
import { createIds } from '../../../server/ids.js';

export const ada: Caller = { name: 'ada', groups: [], via: 'jupyter' };
export const eve: Caller = { name: 'eve', groups: [], via: 'jupyter' };

export const silent: Log = { debug: () => 0, info: () => 0, warn: () => 0, error: () => 0 };

const ids = createIds(systemClock);
export const nextId = () => ids.next();

/** A state in memory (or in a file) and the means to start processes on it, each with a service of its own. */
export function home(file = ':memory:') {
  const gone = new Set<string>();
  const state = openState({ file, clock: systemClock, isGone: holder => gone.has(holder) });
  const services: ReturnType<typeof createJobService>[] = [];
  onTestFinished(async () => {
    await Promise.all(services.map(service => service.stop()));
    state.close();
  });
  return {
    state,
    gone,
    process: (instance: string, more: Partial<JobServiceOptions> = {}) => {
      const service = createJobService({
        store: state.jobs,
        leases: state.leases,
        clock: systemClock,
        log: silent,
        instance,
        ...more
      });
      services.push(service);
      return service;
    }
  };
}

/** All events until the end of the stream. */
export async function collect(events: AsyncIterable<{ id: number; data: JobEvent }>) {
  const all: { id: number; data: JobEvent }[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** A promise and its end. */
export function gate<T = void>() {
  let open!: (value: T) => void;
  const promise = new Promise<T>(resolve => (open = resolve));
  return { promise, open };
}

export const never = new AbortController().signal;

/** Resolves when a signal is raised, with its reason. */
export async function raised(signal: AbortSignal): Promise<unknown> {
  if (!signal.aborted) await new Promise(resolve => signal.addEventListener('abort', resolve, { once: true }));
  return signal.reason as unknown;
}
