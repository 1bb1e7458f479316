import type { NoticeKind, Published, RunState } from '../../../contract/schedule/index.js';

/** What to do now, in one sentence; empty where there is nothing to do. */
export function adviceFor(told: {
  kind: NoticeKind;
  state: RunState;
  published: Published | undefined;
  /** Whether it is known which cell failed. */
  hasCell: boolean;
}): string {
  const { kind, state, published, hasCell } = told;
  if (kind === 'late') {
    return state === 'MISSED'
      ? 'Run it now in JupyterLab, or backfill the days that are missing.'
      : 'Look at the run in JupyterLab: it shows the cell it is in, and can be cancelled there.';
  }
  if (kind !== 'failure') return '';
  if (published?.state === 'failed') {
    return 'The run itself is good. Mend what is said above and run it again, or share its notebook by hand.';
  }
  switch (state) {
    case 'FAILED_CHECK':
      return 'Look at the data. Where it is right after all, change the check, then run it again from that cell.';
    case 'TIMED_OUT':
      return 'Find out what took so long, or give it more time in the schedule, then run it again.';
    case 'LOST':
      return 'Run it again. What it had written until then is kept.';
    default:
      return hasCell
        ? 'Open the run in JupyterLab, mend the cell, and run it again from there.'
        : 'Mend what is said above where that can be mended, then run it again in JupyterLab.';
  }
}
