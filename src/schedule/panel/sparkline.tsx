import { memo } from 'react';
import type { ReactNode } from 'react';
import type { RecentRun } from '../../../contract/schedule/records.js';
import { duration } from '../../ui/duration.js';
import { useTrans } from '../../ui/trans.js';
import { goodDurations, median } from '../states.js';
import { DOTS } from './changes.js';

const WIDTH = 56;
const HEIGHT = 14;
const STEP = WIDTH / DOTS;

/** How long the last good runs took, the newest at the right. */
export const Sparkline = memo(function Sparkline({ runs }: { runs: readonly RecentRun[] }): ReactNode {
  const trans = useTrans();
  const times = goodDurations(runs).slice(0, DOTS).toReversed();
  const longest = Math.max(...times, 1);
  const words =
    times.length === 0
      ? trans.__('No good run yet')
      : trans.__(
          'The last good run took %1, the median is %2',
          duration(times.at(-1) ?? 0, trans),
          duration(median(times) ?? 0, trans)
        );
  return (
    <span className="jp-LakesideSchedule-spark" role="img" aria-label={words} title={words}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true" focusable="false">
        {times.map((time, n) => {
          const height = Math.max(1, (time / longest) * HEIGHT);
          const x = WIDTH - (times.length - n) * STEP;
          return <rect key={n} x={x} y={HEIGHT - height} width={STEP - 1} height={height} fill="currentColor" />;
        })}
      </svg>
    </span>
  );
});
