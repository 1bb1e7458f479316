import type { ReactNode } from 'react';

/** A bar that says how far something is. */
export function ProgressBar(props: { label: string; fraction: number }): ReactNode {
  const percent = Math.round(Math.min(Math.max(props.fraction, 0), 1) * 100);
  return (
    <div
      className="jp-Lakeside-progress"
      role="progressbar"
      aria-label={props.label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      <div className="jp-Lakeside-progressFill" style={{ width: `${percent}%` }} />
    </div>
  );
}
