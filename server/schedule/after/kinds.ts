import type { NoticeKind, RunState } from '../../../contract/schedule/index.js';

const BAD: readonly RunState[] = ['FAILED', 'FAILED_CHECK', 'TIMED_OUT', 'LOST'];

/** What there is to tell of the end of a run, the weightiest first. */
export function kindsOf(end: {
  state: RunState;
  /** How the schedule ended before. */
  before: RunState | undefined;
  isPublishFailed: boolean;
  hasMessages: boolean;
  isLastMissed: boolean;
}): NoticeKind[] {
  const { state, before } = end;
  const kinds: NoticeKind[] = end.hasMessages ? ['notify'] : [];
  if (BAD.includes(state)) return [...kinds, 'failure'];
  // A night without a server is told once, not once for each time that passed.
  if (state === 'MISSED') return end.isLastMissed ? [...kinds, 'late'] : kinds;
  if (state !== 'SUCCEEDED') return kinds;
  if (end.isPublishFailed) kinds.push('failure');
  if (before !== undefined && BAD.includes(before)) kinds.push('recovery');
  return [...kinds, 'success'];
}
