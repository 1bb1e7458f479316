import { addIcon, refreshIcon } from '@jupyterlab/ui-components';
import type { ReactNode } from 'react';
import { exactTime, shortDate } from '../../ui/format.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { IconButton } from '../../ui/iconButton.js';
import { ProgressBar } from '../../ui/progress.js';
import { useTrans } from '../../ui/trans.js';
import type { TreeModel } from './treeModel.js';

/** How fresh the names are, and how far reading is while it goes on; buttons that add a source and read names anew. */
export function Headline({ tree, onAdd }: { tree: TreeModel; onAdd: () => void }): ReactNode {
  const trans = useTrans();
  const now = useNow(60_000);
  const { sources } = useModelState(tree);
  const building = sources.filter(({ index }) => index.state === 'building');
  const times = sources.map(({ index }) => index.asOf).filter(asOf => asOf !== undefined);
  const oldest = times.toSorted()[0];
  const steps = building.map(({ index }) => index.progress).filter(progress => progress !== undefined);
  const [done, total] = [sum(steps.map(step => step.done)), sum(steps.map(step => step.total))];
  const words = () => {
    if (building.length > 0) {
      return total > 0 ? trans.__('Reading names, %1 of %2', done, total) : trans.__('Reading names…');
    }
    return oldest === undefined ? trans.__('Names not read yet') : trans.__('as of %1', clock(oldest, now));
  };
  return (
    <div className="jp-LakesideTables-headline">
      <span role="status" title={oldest && trans.__('The oldest names were read %1', exactTime(oldest))}>
        {words()}
      </span>
      <span data-add>
        <IconButton
          icon={addIcon}
          title={trans.__('Add a source')}
          label={trans.__('Add a source')}
          tabIndex={0}
          onClick={onAdd}
        />
      </span>
      <IconButton
        icon={refreshIcon}
        title={trans.__('Read the names anew')}
        label={trans.__('Read the names of all sources anew')}
        tabIndex={0}
        disabled={building.length > 0}
        onClick={() => void tree.rebuild()}
      />
      {building.length > 0 && total > 0 && <ProgressBar fraction={done / total} label={words()} />}
    </div>
  );
}

/** The time of day, with its day where it is another one. */
function clock(instant: string, now: number): string {
  const date = new Date(instant);
  const time = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  return date.toDateString() === new Date(now).toDateString() ? time : `${shortDate(instant, now)} ${time}`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, each) => all + each, 0);
}
