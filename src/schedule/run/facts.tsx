import { Button } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { isElsewhere } from '../../../contract/schedule/places.js';
import type { Attempt } from '../../../contract/schedule/records.js';
import { duration } from '../../ui/duration.js';
import { exactTime, fileSize } from '../../ui/format.js';
import { useTrans } from '../../ui/trans.js';
import { exactIn } from '../moments.js';
import { StateMark } from '../stateMark.js';
import { stateWord, triggerWord } from '../states.js';
import type { IRunState } from './runModel.js';

/** The values a run runs with. */
export function Parameters({ state }: { state: IRunState }): ReactNode {
  const { run, schedule, course } = state;
  const trans = useTrans();
  const isFilled = course.parameters !== undefined;
  const values = course.parameters ?? { ...schedule?.spec.parameters, ...run?.parameters };
  const names = Object.keys(values).sort();
  if (names.length === 0) return <p className="jp-LakesideRun-none">{trans.__('It runs without parameters.')}</p>;
  return (
    <>
      {!isFilled && (
        <p className="jp-LakesideSchedule-quiet">{trans.__('Macros are filled in when the run starts.')}</p>
      )}
      <table className="jp-LakesideRun-table">
        <thead>
          <tr>
            <th scope="col">{trans.__('Parameter')}</th>
            <th scope="col">{trans.__('Value')}</th>
          </tr>
        </thead>
        <tbody>
          {names.map(name => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>
                <code>{JSON.stringify(values[name])}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** What is known of a run beside its outputs: when, why, its attempts. */
export function Attempts(props: { state: IRunState; onOpenOutput: (attempt: Attempt) => void }): ReactNode {
  const { run, schedule, course } = props.state;
  const trans = useTrans();
  if (run === undefined) return null;
  const zone = schedule?.spec.when.zone ?? 'UTC';
  const why = triggerWord(run.trigger, trans) || trans.__('its time came');
  const facts: [string, string][] = [
    [trans.__('Due'), exactIn(run.dueAt, zone)],
    [trans.__('Interval begins'), exactIn(run.intervalStart, zone)],
    [trans.__('Why it ran'), run.resumes === undefined ? why : trans.__('%1, from the cell that failed', why)],
    ...(course.memory ? [[trans.__('Most memory'), fileSize(course.memory.peak)] satisfies [string, string]] : [])
  ];
  return (
    <>
      <dl className="jp-LakesideRun-facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {run.attempts.length === 0 ? (
        <p className="jp-LakesideRun-none">{trans.__('It was not tried.')}</p>
      ) : (
        <ol className="jp-LakesideRun-attempts" aria-label={trans.__('Attempts')}>
          {run.attempts.toReversed().map(attempt => (
            <li key={attempt.number}>
              <StateMark state={attempt.state} silent />
              <span className="jp-LakesideRun-attempt">
                <strong>{trans.__('Attempt %1', attempt.number)}</strong> {stateWord(attempt.state, trans)}
                <span className="jp-Lakeside-hint">
                  {exactTime(attempt.startedAt)}
                  {attempt.endedAt !== undefined &&
                    ` · ${duration(Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt), trans)}`}
                </span>
                {attempt.reason !== undefined && <span className="jp-LakesideRun-reason">{attempt.reason}</span>}
                {attempt.source !== undefined && (
                  <span className="jp-Lakeside-hint">{trans.__('Notebook: %1', attempt.source)}</span>
                )}
                {attempt.output !== undefined && <span className="jp-Lakeside-hint">{attempt.output}</span>}
              </span>
              {isHere(attempt) && (
                <Button
                  type="button"
                  className="jp-mod-styled jp-mod-reject"
                  aria-label={trans.__('Open the output of attempt %1', attempt.number)}
                  onClick={() => props.onOpenOutput(attempt)}
                >
                  {trans.__('Open output')}
                </Button>
              )}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

/** Whether the output lies where JupyterLab can open it. */
export function isHere(attempt: Attempt | undefined): boolean {
  return attempt?.output !== undefined && !isElsewhere(attempt.output);
}
