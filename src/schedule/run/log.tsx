import type { ReactNode } from 'react';
import { exactTime } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';
import type { ILogLine } from './course.js';

/** What the runner says while it works. */
export function Log({ lines }: { lines: readonly ILogLine[] }): ReactNode {
  const trans = useTrans();
  if (lines.length === 0) return <p className="jp-LakesideRun-none">{trans.__('The log is empty.')}</p>;
  return (
    <ol className="jp-LakesideRun-log" aria-label={trans.__('Log')}>
      {lines.map((line, n) => (
        <li key={n} className={`jp-mod-${line.level}`}>
          <time dateTime={line.at} title={exactTime(line.at)}>
            {new Date(line.at).toLocaleTimeString()}
          </time>
          <span className="jp-LakesideRun-level">{line.level}</span>
          <span>{line.text}</span>
        </li>
      ))}
    </ol>
  );
}
