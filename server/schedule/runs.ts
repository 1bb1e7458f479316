import { isEnded } from '../../contract/schedule/records.js';
import { ProblemError } from '../../contract/problem.js';
import type { Run, RunState } from '../../contract/schedule/index.js';
import type { Caller, Clock } from '../ports.js';
import { cancelled } from './dispatch/outcome.js';
import type { ScheduleStore } from './ports.js';

export interface RunServiceOptions {
  store: ScheduleStore;
  clock: Pick<Clock, 'now'>;
  /** Called after something was stored that the scheduler should see soon. */
  wake: () => void;
  /** Ends a run of this process. False where it is not this one's. */
  cancel: (runId: string, reason: string) => boolean;
}

/** What people do with runs. Those of others do not exist for them. */
export interface RunService {
  get(caller: Caller, id: string): Run;
  /** The newest first. @param query - `after`: the last one that was seen */
  list(caller: Caller, query: RunListQuery): { runs: Run[]; next?: string };
  cancel(caller: Caller, id: string): Run;
  /** The same run once more, with its own times and values. @param given - `resume`: from the cell that failed */
  again(caller: Caller, id: string, given: { opId: string; resume: boolean }): Run;
}

export interface RunListQuery {
  schedule?: string | undefined;
  state?: RunState | undefined;
  after?: string | undefined;
  limit: number;
}

export function createRunService({ store, clock, wake, cancel }: RunServiceOptions): RunService {
  function get(caller: Caller, id: string): Run {
    const run = store.run(id);
    if (run?.owner === caller.name) return run;
    throw new ProblemError('not-found', 'There is no such run of yours. See the list of your runs.');
  }

  return {
    get,

    list(caller, { schedule, state, after, limit }) {
      const found = store.runs({
        owner: caller.name,
        limit: limit + 1,
        ...(schedule !== undefined && { scheduleId: schedule }),
        ...(state !== undefined && { states: [state] }),
        ...(after !== undefined && { after })
      });
      const runs = found.slice(0, limit);
      const next = found.length > limit ? runs.at(-1)?.id : undefined;
      return { runs, ...(next !== undefined && { next }) };
    },

    cancel(caller: Caller, id: string): Run {
      const run = get(caller, id);
      if (isEnded(run.state)) return run;
      const reason = `${caller.name} ended it.`;
      if (run.state === 'QUEUED') store.change(cancelled(run, reason, clock.now()), undefined);
      else if (!cancel(id, reason)) store.wish(id, reason);
      return get(caller, id);
    },

    again(caller, id, { opId, resume }) {
      const former = get(caller, id);
      const schedule = store.get(former.scheduleId);
      if (schedule === undefined || schedule.state === 'deleted') {
        throw new ProblemError('gone', 'The schedule of this run was deleted. Restore it first.');
      }
      if (!isEnded(former.state)) {
        throw new ProblemError('conflict', 'This run has not ended. Cancel it first, or wait for its end.');
      }
      const { parameters } = former;
      store.add([
        {
          id: opId,
          scheduleId: former.scheduleId,
          owner: former.owner,
          trigger: 'again',
          dueAt: former.dueAt,
          intervalStart: former.intervalStart,
          state: 'QUEUED',
          attempts: [],
          ...(parameters !== undefined && { parameters }),
          ...(resume && { resumes: former.id }),
          createdAt: new Date(clock.now()).toISOString()
        }
      ]);
      wake();
      return get(caller, opId);
    }
  };
}
