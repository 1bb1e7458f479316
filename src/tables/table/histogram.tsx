import type { ReactNode } from 'react';
import type * as z from 'zod';
import type { Bar } from '../../../contract/tables/records.js';
import { useTrans } from '../../ui/trans.js';
import { count } from '../words.js';

const WIDTH = 120;
const HEIGHT = 24;

/** How often values lie where, as small bars. */
export function Histogram({ bars, name }: { bars: readonly z.infer<typeof Bar>[]; name: string }): ReactNode {
  const trans = useTrans();
  const most = Math.max(1, ...bars.map(bar => bar.count));
  const step = WIDTH / bars.length;
  const fullest = bars.find(bar => bar.count === most);
  const label = trans.__(
    'Values of %1 from %2 to %3, most often between %4 and %5',
    name,
    bars[0]?.from,
    bars.at(-1)?.to,
    fullest?.from,
    fullest?.to
  );
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT}>
      {bars.map((bar, n) => {
        // A bar that is there is seen.
        const height = bar.count === 0 ? 0 : Math.max(1, (bar.count / most) * HEIGHT);
        return (
          <rect key={n} x={n * step} y={HEIGHT - height} width={Math.max(1, step - 1)} height={height}>
            <title>{`${bar.from} – ${bar.to}: ${count(bar.count)}`}</title>
          </rect>
        );
      })}
    </svg>
  );
}
