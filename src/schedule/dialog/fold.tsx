import type { ReactNode } from 'react';

/** What most people leave as it is: its title and what it comes to in one line, the fields when it is opened. */
export function Fold(props: { title: string; summary: string; children: ReactNode }): ReactNode {
  return (
    <details className="jp-LakesideSchedule-fold">
      <summary>
        <span>{props.title}</span> <span className="jp-LakesideSchedule-summary">{props.summary}</span>
      </summary>
      <div className="jp-LakesideSchedule-folded">{props.children}</div>
    </details>
  );
}
