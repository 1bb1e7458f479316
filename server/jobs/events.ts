import type { JobEvent, JobState } from '../../contract/jobs.js';
import type { StreamEvent } from '../../contract/route.js';
import type { Bell } from './bell.js';
import type { JobStore } from './ports.js';

/** How often the store is looked at for a job that another process runs. Milliseconds. */
const POLL = 400;

/** True for the three states that never change again. */
export function isFinal(state: JobState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export interface FollowOptions {
  store: JobStore;
  bell: Bell;
  id: string;
  /** The last event that was seen; 0 for all. */
  after: number;
  signal: AbortSignal;
  /** The end of the job where it could not be stored yet: the disk is full, and the person must hear of it. */
  unsaved: () => JobEvent | undefined;
}

/** The events of a job: those stored, then those to come, whoever runs it, until it ended or nobody listens. */
export async function* follow(options: FollowOptions): AsyncIterable<StreamEvent<JobEvent>> {
  const { store, bell, id, unsaved } = options;
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  let last = options.after;
  try {
    while (!signal.aborted) {
      const news = bell.wait(id, POLL, signal);
      for (const event of store.events(id, last)) {
        last = event.id;
        yield event;
        if (event.data.type === 'state' && isFinal(event.data.job.state)) return;
      }
      const end = unsaved();
      if (end) {
        yield { id: last + 1, data: end };
        return;
      }
      const found = store.look(id);
      if (found === undefined || (isFinal(found.job.state) && store.events(id, last).length === 0)) return;
      await news;
    }
  } finally {
    left.abort();
  }
}
