import type { ReactNode } from 'react';
import type { CellChange } from '../../contract/cells.js';
import type { HistoryDiff } from '../../contract/history/records.js';
import { useTrans } from '../ui/trans.js';
import type { Against, HistoryModel } from './historyModel.js';
import { ChangedOutputs } from './outputs.js';
import { sourceOf } from './restore.js';
import type { ICellSource } from './restore.js';

/** Longer text of a cell is cut, and said so. Characters. */
const LONGEST = 20_000;

/** What changed, cell by cell. */
export function ChangeList(props: {
  model: HistoryModel;
  diff: HistoryDiff;
  against: Against;
  isNewest: boolean;
  /** Missing where nothing can be restored. */
  onRestore: ((source: ICellSource) => void) | undefined;
}): ReactNode {
  const { model, diff, against, isNewest, onRestore } = props;
  const trans = useTrans();
  const changes = diff.cells.filter(change => change.kind !== 'same');
  if (changes.length === 0) {
    return (
      <p className="jp-LakesideHistory-none">
        {against === 'now' && isNewest
          ? trans.__('This is what the notebook holds now.')
          : diff.metadataChanged
            ? trans.__('The cells are the same; kernel or language changed.')
            : trans.__('The cells hold the same. At most how the file writes them differs.')}
      </p>
    );
  }
  return (
    <>
      <p className="jp-LakesideHistory-summary" role="status">
        {summaryOf(diff, trans)}
      </p>
      <ol className="jp-LakesideHistory-changes">
        {changes.map((change, n) => {
          const source = sourceOf(change, diff, against);
          // What the newest version holds is there already.
          const isThere = isNewest && source?.versionId === diff.versionId;
          return (
            <Change
              key={`${diff.versionId}-${diff.against ?? ''}-${n}`}
              change={change}
              outputs={change.outputs === 'changed' && <ChangedOutputs change={change} diff={diff} model={model} />}
              onRestore={onRestore && source && !isThere ? () => onRestore(source) : undefined}
            />
          );
        })}
      </ol>
    </>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~', moved: '↕', same: ' ' } as const;

function Change(props: { change: CellChange; outputs: ReactNode; onRestore: (() => void) | undefined }): ReactNode {
  const { change, outputs, onRestore } = props;
  const trans = useTrans();
  const words = {
    added: trans.__('added'),
    removed: trans.__('removed'),
    changed: trans.__('changed'),
    moved: trans.__('moved'),
    same: ''
  };
  const number = (change.after ?? change.before ?? 0) + 1;
  const name = trans.__('Cell %1', number);
  return (
    <li className={`jp-LakesideHistory-change jp-mod-${change.kind}`}>
      <div className="jp-LakesideHistory-changeHead">
        <span className="jp-LakesideHistory-sign" aria-hidden="true">
          {SIGNS[change.kind]}
        </span>
        <span className="jp-LakesideHistory-changeName">
          {name} <span className="jp-LakesideHistory-kind">{words[change.kind]}</span>
        </span>
        {onRestore && (
          <button
            type="button"
            className="jp-LakesideHistory-cellAction"
            aria-label={trans.__('Restore this cell: %1', name)}
            onClick={onRestore}
          >
            {trans.__('Restore this cell')}
          </button>
        )}
      </div>
      <Source change={change} />
      {outputs}
    </li>
  );
}

function Source({ change }: { change: CellChange }): ReactNode {
  const trans = useTrans();
  if (change.source) {
    return (
      <pre tabIndex={0}>
        {change.source.map((run, n) =>
          run.kind === 'added' ? (
            <ins key={n}>{run.text}</ins>
          ) : run.kind === 'removed' ? (
            <del key={n}>{run.text}</del>
          ) : (
            <span key={n}>{run.text}</span>
          )
        )}
      </pre>
    );
  }
  if (change.text === undefined || change.text === '') return null;
  const text = change.text.slice(0, LONGEST);
  return (
    <pre tabIndex={0}>
      {change.kind === 'removed' ? <del>{text}</del> : <ins>{text}</ins>}
      {text.length < change.text.length && (
        <span className="jp-Lakeside-hint">
          {trans.__('%1 more characters are not shown.', change.text.length - text.length)}
        </span>
      )}
    </pre>
  );
}

function summaryOf(diff: HistoryDiff, trans: ReturnType<typeof useTrans>): string {
  return [
    diff.changed > 0 && trans._n('%1 cell changed', '%1 cells changed', diff.changed),
    diff.added > 0 && trans._n('%1 cell added', '%1 cells added', diff.added),
    diff.removed > 0 && trans._n('%1 cell removed', '%1 cells removed', diff.removed),
    diff.moved > 0 && trans._n('%1 cell moved', '%1 cells moved', diff.moved),
    diff.unchanged > 0 && trans.__('%1 unchanged', diff.unchanged),
    diff.against !== undefined && diff.metadataChanged && trans.__('kernel or language changed')
  ]
    .filter(part => part !== false)
    .join(' · ');
}
