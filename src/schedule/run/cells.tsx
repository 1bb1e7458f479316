import { memo, useState } from 'react';
import type { ReactNode } from 'react';
import { duration } from '../../ui/duration.js';
import { useTrans } from '../../ui/trans.js';
import { StateMark } from '../stateMark.js';
import type { ICell, ICourse } from './course.js';
import type { IOutputHost } from './outputArea.js';
import { Outputs } from './outputs.js';
import type { RunModel } from './runModel.js';

/** So many cells are shown at once; the earlier ones with a button. */
const SHOWN = 200;

/** The cells that have begun, with their outputs; the one that failed stands first. */
export function Cells(props: { model: RunModel; course: ICourse; host: IOutputHost; isOver: boolean }): ReactNode {
  const { model, course, host, isOver } = props;
  const trans = useTrans();
  const [shown, setShown] = useState(SHOWN);
  const { cells, withOutput, leftOut } = course;
  const failed = isOver ? cells.find(cell => cell.state === 'failed') : undefined;
  const cellOf = (cell: ICell) => (
    <Cell
      key={cell.index}
      cell={cell}
      model={model}
      host={host}
      isOver={isOver}
      hasOutput={withOutput.has(cell.index)}
      isStored={isOver && leftOut.has(cell.index)}
    />
  );
  if (cells.length === 0) {
    return (
      <p className="jp-LakesideRun-none">
        {isOver ? trans.__('No cell ran.') : trans.__('Outputs appear here as the cells run.')}
      </p>
    );
  }
  const listed = cells.slice(-shown);
  return (
    <>
      {failed && (
        <section aria-label={trans.__('The cell that failed')}>
          <h3>{trans.__('The cell that failed')}</h3>
          <ol className="jp-LakesideRun-cells">{cellOf(failed)}</ol>
          <h3>{trans.__('All cells')}</h3>
        </section>
      )}
      {cells.length > shown && (
        <button type="button" className="jp-LakesideSchedule-link" onClick={() => setShown(cells.length)}>
          {trans._n('Show %1 earlier cell', 'Show %1 earlier cells', cells.length - shown)}
        </button>
      )}
      <ol className="jp-LakesideRun-cells" aria-label={trans.__('Cells')}>
        {listed.filter(cell => cell !== failed).map(cellOf)}
      </ol>
    </>
  );
}

const STATES = { running: 'RUNNING', done: 'SUCCEEDED', failed: 'FAILED' } as const;

const Cell = memo(function Cell(props: {
  cell: ICell;
  model: RunModel;
  host: IOutputHost;
  isOver: boolean;
  hasOutput: boolean;
  isStored: boolean;
}): ReactNode {
  const { cell, model, host, isOver, hasOutput, isStored } = props;
  const trans = useTrans();
  // One that was at it when the run was ended did not come to its end.
  const state = cell.state === 'running' && isOver ? 'CANCELLED' : STATES[cell.state];
  return (
    <li className={`jp-LakesideRun-cell jp-mod-${cell.state}`}>
      <div className="jp-LakesideRun-cellHead">
        <StateMark state={state} />
        <span>{trans.__('Cell %1', cell.number)}</span>
        {cell.seconds !== undefined && (
          <span className="jp-LakesideSchedule-quiet">{shortTime(cell.seconds, trans)}</span>
        )}
      </div>
      {cell.source !== undefined && cell.source !== '' && (
        <pre className="jp-LakesideRun-source" tabIndex={0}>
          {cell.source}
        </pre>
      )}
      {hasOutput && <Outputs model={model} index={cell.index} host={host} isStored={isStored} />}
    </li>
  );
});

/** Below ten seconds a tenth counts. */
function shortTime(seconds: number, trans: ReturnType<typeof useTrans>): string {
  return seconds < 10 ? trans.__('%1 s', seconds.toFixed(1)) : duration(seconds * 1000, trans);
}
