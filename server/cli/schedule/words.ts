import type { RecentRun, Run, RunState, Schedule, ScheduleSpec } from '../../../contract/schedule/index.js';
import { localTime, plain } from '../output.js';

/** One letter for what became of a run, for a row of the last ones. */
const letters: Record<RunState, string> = {
  QUEUED: '·',
  RUNNING: '▸',
  SUCCEEDED: '✓',
  FAILED: '✗',
  FAILED_CHECK: '✗',
  TIMED_OUT: '✗',
  CANCELLED: '-',
  MISSED: 'm',
  SKIPPED: 's',
  LOST: '?'
};

/** The last runs as a row of signs, the newest on the right. */
export function dots(recent: readonly RecentRun[]): string {
  return recent
    .map(({ state }) => letters[state])
    .reverse()
    .join('');
}

/** When a schedule is due: `30 7 * * 1-5 Europe/Paris`. */
export function whenInWords({ when }: ScheduleSpec): string {
  const days = [when.start && `from ${when.start}`, when.end && `to ${when.end}`].filter(Boolean).join(' ');
  return `${when.cron} ${when.zone}${days === '' ? '' : ` ${days}`}`;
}

/** When it is due next, or why it is not. */
export function nextInWords({ state, nextDue }: Schedule): string {
  if (state !== 'active') return state;
  return nextDue === undefined ? 'never again' : localTime(nextDue);
}

/** How long something took: `0.4 s`, `12 s`, `3 min`. Empty while it goes on. */
export function took(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return '';
  const seconds = (Date.parse(to) - Date.parse(from)) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** A run in one line. */
export function runInWords({ id, state, reason, dueAt }: Run): string {
  return `${id}  ${state}  due ${localTime(dueAt)}${reason === undefined ? '' : `: ${plain(reason)}`}`;
}
