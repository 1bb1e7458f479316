import { Button } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { Attempt } from '../../../contract/schedule/records.js';
import { exactTime } from '../../ui/format.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Failed, Skeleton, Stale } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import { dayAndTime } from '../moments.js';
import { StateMark } from '../stateMark.js';
import { hasEnded, needsMending, triggerWord } from '../states.js';
import { CellStrip } from './cellStrip.js';
import { Cells } from './cells.js';
import type { DiffModel } from './diffModel.js';
import { DiffView } from './diffView.js';
import { Attempts, Parameters, isHere } from './facts.js';
import { Log } from './log.js';
import type { IOutputHost } from './outputArea.js';
import { PageFrame } from './pageFrame.js';
import type { IRunState, RunModel } from './runModel.js';
import { TabList } from '../../ui/tabList.js';
import { cellsOf, standingLine } from './words.js';

/** What the page of a run can do. Nothing of it throws. */
export interface IRunActions {
  cancel: () => void;
  again: () => void;
  /** Opens the notebook at the cell that failed, and offers to go on from there. */
  fix: () => void;
  openOutput: (attempt: Attempt) => void;
  openNotebook: (path: string) => void;
  openRun: (runId: string) => void;
  showSchedule: (scheduleId: string) => void;
}

/** What the page of a run shows. */
export interface IRunViewProps {
  model: RunModel;
  diff: DiffModel;
  host: IOutputHost;
  actions: IRunActions;
}

type Part = 'output' | 'changes' | 'log' | 'parameters' | 'attempts' | 'page';

/** One run: how it stands, its cells, and everything else of it one click below. */
export function RunView(props: IRunViewProps): ReactNode {
  const { model } = props;
  const trans = useTrans();
  const state = useModelState(model);
  const { phase, error, lost } = state;
  const retry = () => void model.follow();
  if (phase === 'loading') return <Skeleton lines={7} label={trans.__('Loading the run')} />;
  if (phase === 'failed' && error) {
    return <Failed title={trans.__('The run cannot be shown')} error={error} onRetry={retry} />;
  }
  return (
    <>
      {error && <Stale error={error} onRetry={retry} />}
      <Head {...props} state={state} />
      {lost && (
        <p className="jp-Lakeside-notice jp-mod-warn" role="status">
          {trans.__('The connection is lost. The run goes on, and is shown again as soon as the server answers.')}
        </p>
      )}
      <Parts {...props} state={state} />
    </>
  );
}

function Head(props: IRunViewProps & { state: IRunState }): ReactNode {
  const { actions, state } = props;
  const { run, schedule, course, cancelling } = state;
  const trans = useTrans();
  const isOver = run !== undefined && hasEnded(run.state);
  const now = useNow(1000, !isOver);
  if (run === undefined) return null;
  const { of } = cellsOf(state);
  const why = triggerWord(run.trigger, trans);
  const output = run.attempts.findLast(isHere);
  return (
    <div className="jp-LakesideRun-head">
      <p className="jp-LakesideRun-standing">
        <StateMark state={run.state} silent />
        <strong>{standingLine(state, now, trans)}</strong>
      </p>
      <p className="jp-LakesideSchedule-quiet">
        {schedule && schedule.state !== 'test' && (
          <button type="button" className="jp-LakesideSchedule-link" onClick={() => actions.showSchedule(schedule.id)}>
            {schedule.spec.name}
          </button>
        )}
        <span title={exactTime(run.dueAt)}>{dayAndTime(run.dueAt, now, trans)}</span>
        {why !== '' && <span>{why}</span>}
        {course.resumed !== undefined && <span>{course.resumed}</span>}
      </p>
      {of > 0 && <CellStrip cells={course.cells} of={of} isOver={isOver} />}
      {run.reason !== undefined && (
        <p className="jp-LakesideRun-reason" role={needsMending(run.state) ? 'alert' : undefined}>
          {run.reason}
        </p>
      )}
      <div className="jp-Lakeside-buttons">
        {!isOver && (
          <Button type="button" className="jp-mod-styled jp-mod-reject" disabled={cancelling} onClick={actions.cancel}>
            {cancelling ? trans.__('Cancelling') : trans.__('Cancel')}
          </Button>
        )}
        {isOver && needsMending(run.state) && (
          <Button type="button" className="jp-mod-styled jp-mod-accept" onClick={actions.fix}>
            {trans.__('Fix and run from here')}
          </Button>
        )}
        {isOver && (
          <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={actions.again}>
            {trans.__('Run again')}
          </Button>
        )}
        {output && (
          <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => actions.openOutput(output)}>
            {trans.__('Open output')}
          </Button>
        )}
        {schedule && (
          <Button
            type="button"
            className="jp-mod-styled jp-mod-reject"
            onClick={() => actions.openNotebook(schedule.spec.notebook.path)}
          >
            {trans.__('Open notebook')}
          </Button>
        )}
      </div>
    </div>
  );
}

function Parts(props: IRunViewProps & { state: IRunState }): ReactNode {
  const { model, diff, host, actions, state } = props;
  const { run, course } = state;
  const trans = useTrans();
  const [part, setPart] = useState<Part>('output');
  const isOver = run !== undefined && hasEnded(run.state);
  const tabs: { value: Part; label: string }[] = [
    { value: 'output', label: trans.__('Output') },
    ...(isOver ? [{ value: 'changes' as const, label: trans.__('Changes') }] : []),
    { value: 'log', label: trans.__('Log') },
    { value: 'parameters', label: trans.__('Parameters') },
    { value: 'attempts', label: trans.__('Attempts') },
    ...(isOver && run.attempts.length > 0 ? [{ value: 'page' as const, label: trans.__('Page') }] : [])
  ];
  return (
    <TabList label={trans.__('Parts of the run')} tabs={tabs} value={part} onChange={setPart}>
      {part === 'output' && <Cells model={model} course={course} host={host} isOver={isOver} />}
      {part === 'changes' && <DiffView model={diff} onOpenRun={actions.openRun} />}
      {part === 'log' && <Log lines={course.log} />}
      {part === 'parameters' && <Parameters state={state} />}
      {part === 'attempts' && <Attempts state={state} onOpenOutput={actions.openOutput} />}
      {part === 'page' && <PageFrame model={model} version={`${course.attempt ?? 0}`} />}
    </TabList>
  );
}
