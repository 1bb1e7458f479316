import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { hasEnded, lookOf } from '../states.js';

/** How all schedules stand together. */
export interface IStanding {
  /** Runs under way. */
  readonly running: number;
  /** Schedules whose last run did not end well. */
  readonly failing: number;
  /** Whether any run has come to its end. */
  readonly hasRun: boolean;
  readonly paused: number;
  /** The next time at which one is due. */
  readonly next?: string;
}

/** Sums schedules up. */
export function standingOf(schedules: readonly ScheduleSummary[]): IStanding {
  let [running, failing, paused] = [0, 0, 0];
  let hasRun = false;
  let next: string | undefined;
  for (const { schedule, recent } of schedules) {
    running += recent.filter(run => run.state === 'RUNNING').length;
    if (schedule.state === 'paused') paused += 1;
    // What was skipped or cancelled says nothing about the notebook.
    const last = recent.find(run => hasEnded(run.state) && lookOf(run.state) !== 'skipped');
    if (last) hasRun = true;
    if (last && last.state !== 'SUCCEEDED') failing += 1;
    const due = schedule.nextDue;
    if (due !== undefined && (next === undefined || due < next)) next = due;
  }
  return { running, failing, hasRun, paused, ...(next !== undefined && { next }) };
}
