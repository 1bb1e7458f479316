import { Button } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemError } from '../../contract/problem.js';
import { problemDetails } from '../api/problems.js';
import { copyText } from './clipboard.js';
import { useTrans } from './trans.js';

/** Nothing to show: why, and the one thing that helps. */
export function Empty(props: { title: string; children: ReactNode; action?: ReactNode }): ReactNode {
  return (
    <div className="jp-Lakeside-state">
      <p className="jp-Lakeside-stateTitle">{props.title}</p>
      <p>{props.children}</p>
      {props.action}
    </div>
  );
}

/** Something failed: the sentence, Retry, Copy details. */
export function Failed(props: { title: string; error: ProblemError; onRetry: () => void }): ReactNode {
  const trans = useTrans();
  const [copied, setCopied] = useState(false);
  return (
    <div className="jp-Lakeside-state" role="alert">
      <p className="jp-Lakeside-stateTitle">{props.title}</p>
      <p>{props.error.message}</p>
      <div className="jp-Lakeside-buttons">
        <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={props.onRetry}>
          {trans.__('Retry')}
        </Button>
        <Button
          type="button"
          className="jp-mod-styled jp-mod-reject"
          onClick={() => void copyText(problemDetails(props.error)).then(setCopied)}
        >
          {copied ? trans.__('Copied') : trans.__('Copy details')}
        </Button>
      </div>
    </div>
  );
}

/** Lines where words will be, while they are on their way. */
export function Skeleton(props: { lines: number; label: string }): ReactNode {
  return (
    <div className="jp-Lakeside-skeleton" role="status">
      <span className="jp-Lakeside-forReaders">{props.label}</span>
      {Array.from({ length: props.lines }, (_, n) => (
        <span key={n} aria-hidden="true" style={{ width: `${45 + ((n * 37) % 45)}%` }} />
      ))}
    </div>
  );
}

/** What is shown may be out of date. */
export function Stale(props: { error: ProblemError; onRetry: () => void }): ReactNode {
  const trans = useTrans();
  return (
    <div className="jp-Lakeside-notice jp-mod-warn" role="alert">
      <p>{trans.__('This may be out of date. %1', props.error.message)}</p>
      <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={props.onRetry}>
        {trans.__('Retry')}
      </Button>
    </div>
  );
}
