import type { TranslationBundle } from '@jupyterlab/translation';
import type { RecentRun, RunState, Trigger } from '../../contract/schedule/records.js';

/** How a state looks: its shape and its colour. */
export type StateLook = 'succeeded' | 'running' | 'queued' | 'failed' | 'attention' | 'skipped';

/** The shapes as characters, for places that show text alone. */
export const SHAPES: Readonly<Record<StateLook, string>> = {
  succeeded: '●',
  running: '◐',
  queued: '○',
  failed: '✕',
  attention: '!',
  skipped: '–'
};

const LOOKS: Readonly<Record<RunState, StateLook>> = {
  QUEUED: 'queued',
  RUNNING: 'running',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
  TIMED_OUT: 'failed',
  FAILED_CHECK: 'attention',
  MISSED: 'attention',
  LOST: 'attention',
  CANCELLED: 'skipped',
  SKIPPED: 'skipped'
};

/** How a state looks. */
export function lookOf(state: RunState): StateLook {
  return LOOKS[state];
}

/** Whether a run has come to its end. The contract says the same; this file stays free of its schemas. */
export function hasEnded(state: RunState): boolean {
  return state !== 'QUEUED' && state !== 'RUNNING';
}

/** Whether a person may want to mend something and go on. */
export function needsMending(state: RunState): boolean {
  return state === 'FAILED' || state === 'FAILED_CHECK' || state === 'TIMED_OUT' || state === 'LOST';
}

/** The word for a state. */
export function stateWord(state: RunState, trans: TranslationBundle): string {
  const words: Record<RunState, string> = {
    QUEUED: trans.__('queued'),
    RUNNING: trans.__('running'),
    SUCCEEDED: trans.__('succeeded'),
    FAILED: trans.__('failed'),
    FAILED_CHECK: trans.__('data check failed'),
    TIMED_OUT: trans.__('timed out'),
    CANCELLED: trans.__('cancelled'),
    MISSED: trans.__('missed'),
    SKIPPED: trans.__('skipped'),
    LOST: trans.__('lost')
  };
  return words[state];
}

/** Why a run was made, in a few words; nothing for one whose time came. */
export function triggerWord(trigger: Trigger, trans: TranslationBundle): string {
  const words: Record<Trigger, string> = {
    schedule: '',
    'catch-up': trans.__('caught up'),
    backfill: trans.__('backfill'),
    manual: trans.__('started by hand'),
    again: trans.__('run again'),
    test: trans.__('test')
  };
  return words[trigger];
}

/** Milliseconds that the newest attempt of a run took, or takes until now; undefined where there was none. */
export function runDuration(run: RecentRun, now: number): number | undefined {
  const attempt = run.attempts.at(-1);
  if (attempt === undefined) return undefined;
  const end = attempt.endedAt ?? (hasEnded(run.state) ? run.endedAt : undefined);
  return Math.max(0, (end === undefined ? now : Date.parse(end)) - Date.parse(attempt.startedAt));
}

/** The middle one of some numbers; undefined where there are none. */
export function median(numbers: readonly number[]): number | undefined {
  if (numbers.length === 0) return undefined;
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** Milliseconds that good runs took, in the order given. */
export function goodDurations(runs: readonly RecentRun[]): number[] {
  return runs.filter(run => run.state === 'SUCCEEDED').flatMap(run => runDuration(run, 0) ?? []);
}
