import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ProblemError } from '../../../../contract/problem.js';
import { problemDetails } from '../failure.js';
import { Button } from './button.js';
import { useLibrary } from './context.js';
import { Icon } from './icons.js';
import type { IconName } from './icons.js';

/** Nothing to show: why, and the one thing that helps. */
export function Empty(props: { icon: IconName; title: string; children?: ReactNode; action?: ReactNode }): ReactNode {
  return (
    <div className="lk-State">
      <span className="lk-State-picture">
        <Icon name={props.icon} />
      </span>
      <p className="lk-State-title">{props.title}</p>
      {props.children && <p className="lk-State-text">{props.children}</p>}
      {props.action}
    </div>
  );
}

/** Something failed and there is nothing older to show: the server's sentence, Retry, Copy details. */
export function Failed(props: {
  title: string;
  error: ProblemError;
  retry?: () => void;
  action?: ReactNode;
}): ReactNode {
  const { trans } = useLibrary();
  return (
    <div className="lk-State" role="alert">
      <span className="lk-State-picture lk-mod-error">
        <Icon name="alert" />
      </span>
      <p className="lk-State-title">{props.title}</p>
      <p className="lk-State-text">{props.error.message}</p>
      <div className="lk-State-buttons">
        {props.retry && (
          <Button look="main" onClick={props.retry}>
            {trans.__('Retry')}
          </Button>
        )}
        {props.action}
        <CopyDetails error={props.error} />
      </div>
    </div>
  );
}

/** Something failed, but what was there before is still shown. */
export function Stale(props: { error: ProblemError; retry: () => void }): ReactNode {
  const { trans } = useLibrary();
  return (
    <div className="lk-Stale" role="alert">
      <Icon name="alert" />
      <span className="lk-Stale-text">{trans.__('This may be out of date. %1', props.error.message)}</span>
      <Button look="plain" onClick={props.retry}>
        {trans.__('Retry')}
      </Button>
      <CopyDetails error={props.error} />
    </div>
  );
}

function CopyDetails(props: { error: ProblemError }): ReactNode {
  const { trans } = useLibrary();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(problemDetails(props.error)).then(
      () => setCopied(true),
      () => undefined
    );
  };
  return (
    <Button look="plain" onClick={() => void copy()}>
      {copied ? trans.__('Copied') : trans.__('Copy details')}
    </Button>
  );
}

/** Where words will be, while they are on their way. */
export function Bar(props: { width: string }): ReactNode {
  return <span className="lk-Bar" style={{ width: props.width }} />;
}

/** A row of a list that is on its way. */
export function SkeletonRow(props: { seed: number }): ReactNode {
  return (
    <div className="lk-Row lk-mod-skeleton" aria-hidden="true">
      <div className="lk-Row-title">
        <Bar width={`${30 + ((props.seed * 37) % 35)}%`} />
      </div>
      <div className="lk-Row-facts">
        <span className="lk-Row-owner">
          <Bar width="60%" />
        </span>
        <span className="lk-Row-time">
          <Bar width="70%" />
        </span>
        <span className="lk-Row-version" />
      </div>
    </div>
  );
}
