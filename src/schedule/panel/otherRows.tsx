import { caretDownIcon, caretRightIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import type { ProblemError } from '../../../contract/problem.js';
import type { ScheduleSummary } from '../../../contract/schedule/routes.js';
import { useTrans } from '../../ui/trans.js';
import { ago, exactTime } from '../../ui/format.js';
import { useActions } from './context.js';

/** The end of the runs that are loaded. */
export function MoreRow(props: {
  summary: ScheduleSummary;
  isLoading: boolean;
  error: ProblemError | undefined;
  isActive: boolean;
}): ReactNode {
  const { summary, isLoading, error, isActive } = props;
  const trans = useTrans();
  const actions = useActions();
  const { id, spec } = summary.schedule;
  const words = isLoading ? trans.__('Loading…') : error ? trans.__('Retry') : trans.__('Older runs');
  return (
    <div className="jp-LakesideSchedule-row jp-mod-more">
      <button
        type="button"
        className="jp-LakesideSchedule-link"
        aria-label={trans.__('%1 of "%2"', words, spec.name)}
        aria-disabled={isLoading || undefined}
        tabIndex={isActive ? 0 : -1}
        onClick={() => !isLoading && actions.more(id)}
      >
        {words}
      </button>
      {error && (
        <span className="jp-Lakeside-error" role="alert" title={error.message}>
          {error.message}
        </span>
      )}
    </div>
  );
}

/** A schedule without runs. */
export function NoneRow({ summary, isActive }: { summary: ScheduleSummary; isActive: boolean }): ReactNode {
  const trans = useTrans();
  const actions = useActions();
  return (
    <div className="jp-LakesideSchedule-row jp-mod-more">
      <span className="jp-LakesideSchedule-quiet">{trans.__('It has not run yet.')}</span>
      <button
        type="button"
        className="jp-LakesideSchedule-link"
        tabIndex={isActive ? 0 : -1}
        onClick={() => actions.runNow(summary)}
      >
        {trans.__('Run now')}
      </button>
    </div>
  );
}

/** The head of what was deleted. */
export function DeletedHead(props: { isOpen: boolean; isLoading: boolean; isActive: boolean }): ReactNode {
  const { isOpen, isLoading, isActive } = props;
  const trans = useTrans();
  const actions = useActions();
  return (
    <div className="jp-LakesideSchedule-row jp-mod-head">
      <button
        type="button"
        className="jp-LakesideSchedule-name"
        aria-expanded={isOpen}
        tabIndex={isActive ? 0 : -1}
        onClick={() => actions.setDeletedOpen(!isOpen)}
      >
        {isOpen ? <caretDownIcon.react tag="span" /> : <caretRightIcon.react tag="span" />}
        <span>{isLoading ? trans.__('Deleted · loading…') : trans.__('Deleted')}</span>
      </button>
    </div>
  );
}

/** Why there is nothing below that head. */
export function DeletedNote({ error, isActive }: { error: ProblemError | undefined; isActive: boolean }): ReactNode {
  const trans = useTrans();
  const actions = useActions();
  return (
    <div className="jp-LakesideSchedule-row jp-mod-more" role={error && 'alert'}>
      <span className="jp-LakesideSchedule-quiet" title={error?.message}>
        {error?.message ?? trans.__('What you delete stays here for 30 days.')}
      </span>
      {error && (
        <button
          type="button"
          className="jp-LakesideSchedule-link"
          tabIndex={isActive ? 0 : -1}
          onClick={() => actions.setDeletedOpen(true)}
        >
          {trans.__('Retry')}
        </button>
      )}
    </div>
  );
}

/** A schedule that was deleted. */
export function DeletedRow(props: {
  summary: ScheduleSummary;
  isActive: boolean;
  isBusy: boolean;
  now: number;
}): ReactNode {
  const { summary, isActive, isBusy, now } = props;
  const trans = useTrans();
  const actions = useActions();
  const { spec, updatedAt } = summary.schedule;
  return (
    <div className="jp-LakesideSchedule-row jp-mod-deleted" aria-busy={isBusy || undefined}>
      <span className="jp-LakesideSchedule-name" title={spec.notebook.path}>
        <bdi>{spec.name}</bdi>
      </span>
      <span className="jp-LakesideSchedule-next" title={exactTime(updatedAt)}>
        {trans.__('deleted %1', ago(updatedAt, now, trans))}
      </span>
      <span className="jp-LakesideSchedule-actions">
        <button
          type="button"
          className="jp-LakesideSchedule-link"
          aria-label={trans.__('Restore "%1"', spec.name)}
          aria-disabled={isBusy || undefined}
          tabIndex={isActive ? 0 : -1}
          onClick={() => !isBusy && actions.restore(summary)}
        >
          {trans.__('Restore')}
        </button>
      </span>
    </div>
  );
}
