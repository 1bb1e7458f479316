import type { RecentRun, Run, ScheduleState } from '../../../contract/schedule/records.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { hasEnded } from '../states.js';

/** How many runs of a schedule a row shows; the server's list has as many. */
export const DOTS = 14;

/** The order of the list. */
export function byName(one: ScheduleSummary, other: ScheduleSummary): number {
  const names = one.schedule.spec.name.localeCompare(other.schedule.spec.name);
  return names === 0 ? (one.schedule.id < other.schedule.id ? -1 : 1) : names;
}

/** A list with a schedule as it is now: put in, replaced, or taken out where its state does not belong there. */
export function withSchedule(
  list: readonly ScheduleSummary[],
  summary: ScheduleSummary,
  states: readonly ScheduleState[]
): readonly ScheduleSummary[] {
  const others = list.filter(each => each.schedule.id !== summary.schedule.id);
  if (!states.includes(summary.schedule.state)) return others.length === list.length ? list : others;
  return [...others, summary].toSorted(byName);
}

/** A schedule with a run as it is now among its newest. */
export function withRun(summary: ScheduleSummary, run: Run): ScheduleSummary {
  const recent = withRunIn<RecentRun>(summary.recent, run);
  return recent === summary.recent ? summary : { ...summary, recent: recent.slice(0, DOTS) };
}

/** Loaded runs with a run as it is now; one that is older than all of them belongs to a page that is not loaded. */
export function withRunInPage(runs: readonly Run[], run: Run): readonly Run[] {
  const last = runs.at(-1);
  return last !== undefined && run.id < last.id ? runs : withRunIn(runs, run);
}

/** Newest first. News may arrive out of order: a run that ended does not go on, progress does not go back. */
function withRunIn<R extends RecentRun>(runs: readonly R[], run: R): readonly R[] {
  const known = runs.find(each => each.id === run.id);
  if (known === undefined) return [...runs, run].sort((one, other) => (one.id < other.id ? 1 : -1));
  return isOlder(run, known) ? runs : runs.map(each => (each.id === run.id ? run : each));
}

/** Whether what is told of a run is older than what is known. */
export function isOlder(told: RecentRun, known: RecentRun): boolean {
  if (hasEnded(known.state)) return !hasEnded(told.state);
  if (told.attempts.length !== known.attempts.length) return told.attempts.length < known.attempts.length;
  if (told.state !== known.state) return false;
  return (told.progress?.cell ?? 0) < (known.progress?.cell ?? 0);
}
