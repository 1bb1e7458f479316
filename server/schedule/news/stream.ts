import type { StreamEvent } from '../../../contract/route.js';
import type { ScheduleNews } from '../../../contract/schedule/news.js';
import type { Caller, Clock } from '../../ports.js';
import type { ScheduleStore, Toasts } from '../ports.js';

/** How often changes are looked for: other processes run schedules, too. Milliseconds. */
const POLL = 500;
const BATCH = 200;
/** Numbers that one change may use: the number of an event is that of its change times this, and counts on. */
const STEP = 1000;

export interface NewsOptions {
  store: Pick<ScheduleStore, 'lastChange' | 'changes'>;
  toasts: Pick<Toasts, 'waiting'>;
  clock: Clock;
}

/** Tells people what happens to their schedules, whichever process runs them. */
export function createNews({ store, toasts, clock }: NewsOptions) {
  return async function* news(
    caller: Caller,
    after: number,
    signal: AbortSignal
  ): AsyncIterable<StreamEvent<ScheduleNews>> {
    let id = after > 0 ? after : store.lastChange() * STEP;
    const shown = new Set<string>();
    while (!signal.aborted) {
      for (const toast of toasts.waiting(caller.name)) {
        if (shown.has(toast.id)) continue;
        shown.add(toast.id);
        yield { id: ++id, data: { type: 'toast', toast } };
      }
      const { seen, runs, schedules } = store.changes(caller.name, Math.floor(id / STEP), BATCH);
      if (seen > Math.floor(id / STEP)) id = seen * STEP;
      for (const run of runs) yield { id: ++id, data: { type: 'run', run } };
      for (const scheduleId of schedules) yield { id: ++id, data: { type: 'changed', scheduleId } };
      if (runs.length + schedules.length < BATCH) await clock.sleep(POLL, signal).catch(() => undefined);
    }
  };
}
