import type { Run, Schedule, Trigger } from '../../../contract/schedule/index.js';
import { ProblemError } from '../../../contract/problem.js';
import type { Clock, Ids } from '../../ports.js';
import type { PlannedSchedule, ScheduleStore } from '../ports.js';
import { DueTimes } from '../time/dueTimes.js';
import type { DueTime } from '../time/dueTimes.js';

/** A due time that was noticed no later than this was met. Milliseconds. */
const ON_TIME = 60_000;
/** Schedules that are planned before others get their turn. */
const BATCH = 50;
/** Due times of one schedule that are written at once. */
const MOST_RUNS = 1000;

export interface PlannerOptions {
  store: ScheduleStore;
  clock: Pick<Clock, 'now'>;
  ids: Ids;
}

/** Makes runs of due times. Only the process that holds the lease of the scheduler may plan. */
export interface Planner {
  /**
   * Makes a run of every due time that has come. A schedule whose times cannot be told gets one failed run that says so,
   * and holds up no other. @returns whether there is more to do at once
   */
  plan(): boolean;
}

export function createPlanner({ store, clock, ids }: PlannerOptions): Planner {
  return {
    plan() {
      const now = clock.now();
      const due = store.due(now, BATCH);
      const more = due.map(planned => planOne(planned, now));
      return due.length === BATCH || more.includes(true);
    }
  };

  function planOne({ schedule, plannedTo }: PlannedSchedule, now: number): boolean {
    const times = timesOf(schedule);
    if (times instanceof ProblemError) {
      giveUp(schedule, now, times.message);
      return false;
    }
    const found: DueTime[] = [];
    for (const time of times.between(plannedTo, now)) {
      found.push(time);
      if (found.length === MOST_RUNS) break;
    }
    const last = found.at(-1)?.instant ?? now;
    const next = times.next(last)?.instant;
    const isMore = next !== undefined && next <= now;
    const runs = found.map(time => runOf(schedule, times, time, now));
    if (!isMore) makeUp(schedule, runs);
    const { nextDue: _, ...rest } = schedule;
    store.plan({
      schedule: { ...rest, ...(next !== undefined && { nextDue: new Date(next).toISOString() }) },
      plannedTo: last,
      runs: overlapped(schedule, runs, now)
    });
    return isMore;
  }

  /** Stores the end of a schedule that has no times any more, where its owner sees it. */
  function giveUp({ nextDue, ...schedule }: Schedule, now: number, reason: string): void {
    const at = new Date(now).toISOString();
    const dueAt = nextDue ?? at;
    const run: Run = {
      id: ids.next(),
      scheduleId: schedule.id,
      owner: schedule.owner,
      trigger: 'schedule',
      dueAt,
      intervalStart: dueAt,
      state: 'QUEUED',
      attempts: [],
      createdAt: at
    };
    store.plan({ schedule, plannedTo: now, runs: [run] });
    // In two steps, for a run that ends is told to people, and one that was never there is not.
    store.change({ ...run, state: 'FAILED', reason, endedAt: at }, undefined);
  }

  function runOf(schedule: Schedule, times: DueTimes, time: DueTime, now: number): Run {
    const isMissed = time.instant < now - ON_TIME;
    return {
      id: ids.next(),
      scheduleId: schedule.id,
      owner: schedule.owner,
      trigger: 'schedule',
      dueAt: new Date(time.instant).toISOString(),
      intervalStart: new Date(times.before(time)).toISOString(),
      state: isMissed ? 'MISSED' : 'QUEUED',
      ...(isMissed && { reason: MISSED, endedAt: new Date(now).toISOString() }),
      attempts: [],
      createdAt: new Date(now).toISOString()
    };
  }

  /** Of runs that meet others of their schedule, what its policy says becomes of them. */
  function overlapped({ id, spec }: Schedule, runs: readonly Run[], now: number): Run[] {
    if (spec.policy.overlap !== 'skip') return [...runs];
    let isBusy = store.underWay(id).length > 0;
    return runs.map(run => {
      if (run.state !== 'QUEUED' || run.trigger === 'catch-up') return run;
      if (!isBusy) {
        isBusy = true;
        return run;
      }
      return { ...run, state: 'SKIPPED', reason: SKIPPED, endedAt: new Date(now).toISOString() };
    });
  }
}

const MISSED =
  'Lakeside was not running at this time. Schedules of this server run only while it is up; run it now, or backfill.';
const SKIPPED = 'The run before was still under way, and the schedule says to skip then.';

/** Queues of the missed runs those that the policy makes up for: the last ones. */
function makeUp({ spec }: Schedule, runs: Run[]): void {
  const { catchUp, maxCatchUp } = spec.policy;
  let left = catchUp === 'none' ? 0 : catchUp === 'last' ? 1 : maxCatchUp;
  // A run on time makes up for those before it where only the last counts.
  if (catchUp === 'last' && runs.at(-1)?.state === 'QUEUED') return;
  for (const run of runs.toReversed()) {
    if (left === 0) return;
    if (run.state !== 'MISSED') continue;
    run.state = 'QUEUED';
    run.trigger = 'catch-up' satisfies Trigger;
    delete run.reason;
    delete run.endedAt;
    left--;
  }
}

function timesOf({ spec }: Schedule): DueTimes | ProblemError {
  try {
    return new DueTimes(spec.when);
  } catch (error) {
    if (error instanceof ProblemError) return error;
    throw error;
  }
}
