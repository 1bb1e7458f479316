import { memo } from 'react';
import type { ReactNode } from 'react';
import type { RecentRun } from '../../../contract/schedule/records.js';
import { exactTime } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';
import { StateMark } from '../stateMark.js';
import { stateWord } from '../states.js';
import { DOTS } from './changes.js';

/** The last runs of a schedule, the newest at the right; each opens its run. The keyboard reaches them as rows. */
export const Dots = memo(function Dots(props: {
  runs: readonly RecentRun[];
  onOpen: (run: RecentRun) => void;
}): ReactNode {
  const { runs, onOpen } = props;
  const trans = useTrans();
  const shown = runs.slice(0, DOTS).toReversed();
  const words = shown.map(run => stateWord(run.state, trans));
  const label =
    shown.length === 0 ? trans.__('No runs yet') : trans.__('The last runs, oldest first: %1', words.join(', '));
  return (
    <span className="jp-LakesideSchedule-dots" role="img" aria-label={label}>
      {shown.map(run => (
        <span key={run.id} className="jp-LakesideSchedule-dot" onClick={() => onOpen(run)}>
          <StateMark state={run.state} note={exactTime(run.dueAt)} silent />
        </span>
      ))}
    </span>
  );
});
