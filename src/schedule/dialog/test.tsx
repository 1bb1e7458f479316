import { Button } from '@jupyterlab/ui-components';
import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { isElsewhere } from '../../../contract/schedule/places.js';
import { isEnded } from '../../../contract/schedule/records.js';
import type { Schedule } from '../../../contract/schedule/records.js';
import { duration } from '../../ui/duration.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { ProgressBar } from '../../ui/progress.js';
import { useTrans } from '../../ui/trans.js';
import { StateMark } from '../stateMark.js';
import { stateWord } from '../states.js';
import type { DialogModel } from './dialogModel.js';
import type { TestModel } from './testModel.js';

/** How a test goes and how it ended, in the place of the form. */
export function Test(props: {
  model: DialogModel;
  test: TestModel;
  /** Opens the output, given the folder of the run. */
  onOpen: (folder: string) => void;
  onSaved: (schedule: Schedule) => void;
}): ReactNode {
  const trans = useTrans();
  const { model, test } = props;
  const { run, startedAt, endedAt, done, of, cell, failed, output, problem, cancelling } = useModelState(test);
  const { schedule, saving } = useModelState(model);
  const now = useNow(1000, endedAt === undefined);
  const isOver = run !== undefined && isEnded(run.state);
  const first = useRef<HTMLButtonElement>(null);
  // The button that has the focus changes when the run ends.
  useEffect(() => first.current?.focus(), [isOver]);
  const state = run?.state ?? 'QUEUED';
  const source = (failed ?? cell)?.source;
  const folder = run?.attempts.at(-1)?.output;
  const save = async () => {
    const saved = await model.save();
    if (saved) props.onSaved(saved);
    // What is not right is shown in the form.
    else model.leaveTest();
  };

  return (
    <div className="jp-LakesideSchedule-phase">
      <div className="jp-LakesideSchedule-content jp-LakesideSchedule-test">
        <p className="jp-LakesideSchedule-verdict" role="status">
          <StateMark state={state} silent />
          <span>{cancelling && !isOver ? `${trans.__('Ending the run')}…` : verdict()}</span>
        </p>
        <ProgressBar label={trans.__('Test run')} fraction={of === 0 ? 0 : done / of} />
        <p className="jp-LakesideSchedule-facts">
          <span>{where()}</span>
          <span>{duration((endedAt ?? now) - startedAt, trans)}</span>
        </p>
        {run?.reason !== undefined && <p className="jp-LakesideSchedule-reason">{run.reason}</p>}
        {source !== undefined && source !== '' && <pre className="jp-LakesideSchedule-source">{source}</pre>}
        {output !== '' && (
          // What can be scrolled can be scrolled by keyboard.
          <pre
            className={`jp-LakesideSchedule-output${failed ? ' jp-mod-failed' : ''}`}
            tabIndex={0}
            role="region"
            aria-label={trans.__('Last output')}
          >
            {output}
          </pre>
        )}
        {problem && (
          <p className="jp-Lakeside-error" role="alert">
            {problem.message}{' '}
            {run && !isOver && (
              <Button type="button" className="jp-mod-styled" onClick={() => void test.follow()}>
                {trans.__('Retry')}
              </Button>
            )}
          </p>
        )}
      </div>
      <div className="jp-LakesideSchedule-buttons">
        {isOver && folder !== undefined && !isElsewhere(folder) && (
          <Button type="button" className="jp-mod-styled jp-mod-reject" onClick={() => props.onOpen(folder)}>
            {trans.__('Open output')}
          </Button>
        )}
        <span className="jp-LakesideSchedule-space" />
        {isOver ? (
          <>
            <button
              ref={run.state === 'SUCCEEDED' ? undefined : first}
              type="button"
              className="jp-Button jp-mod-styled jp-mod-reject"
              onClick={() => model.leaveTest()}
            >
              {trans.__('Back')}
            </button>
            {run.state === 'SUCCEEDED' && (
              <button
                ref={first}
                type="button"
                className="jp-Button jp-mod-styled jp-mod-accept"
                disabled={saving}
                onClick={() => void save()}
              >
                {schedule === undefined ? trans.__('Save schedule') : trans.__('Save changes')}
              </button>
            )}
          </>
        ) : (
          <button
            ref={first}
            type="button"
            className="jp-Button jp-mod-styled jp-mod-reject"
            disabled={cancelling}
            onClick={() => {
              if (problem && run) model.leaveTest();
              else void test.cancel();
            }}
          >
            {trans.__('Cancel')}
          </button>
        )}
      </div>
    </div>
  );

  function verdict(): string {
    const word = stateWord(state, trans);
    return trans.__('Test run: %1', word);
  }

  function where(): string {
    if (failed) return trans.__('Failed in cell %1 of %2', failed.cell, of);
    if (cell) return trans.__('Cell %1 of %2', cell.cell, of);
    if (of === 0) return isOver ? '' : `${trans.__('Starting')}…`;
    return trans.__('%1 of %2 cells done', done, of);
  }
}
