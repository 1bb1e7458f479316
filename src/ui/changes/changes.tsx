import type { ReactNode } from 'react';
import type { CellChange } from '../../../contract/cells.js';
import { useTrans } from '../trans.js';
import { ChangedOutputs } from './outputs.js';
import type { CellOf } from './outputs.js';

/** Longer text of a cell is cut, and said so. Characters. */
const LONGEST = 20_000;

/** How many cells differ in which way. */
export interface IChangeCounts {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly moved: number;
  readonly unchanged: number;
}

/** The counts in words, one for each that is not zero. */
export function countWords(counts: IChangeCounts, trans: ReturnType<typeof useTrans>): string[] {
  const { changed, added, removed, moved, unchanged } = counts;
  return [
    changed > 0 && trans._n('%1 cell changed', '%1 cells changed', changed),
    added > 0 && trans._n('%1 cell added', '%1 cells added', added),
    removed > 0 && trans._n('%1 cell removed', '%1 cells removed', removed),
    moved > 0 && trans._n('%1 cell moved', '%1 cells moved', moved),
    unchanged > 0 && trans.__('%1 unchanged', unchanged)
  ].filter(part => part !== false);
}

/** What changed, cell by cell. */
export function Changes(props: {
  /** Names what is compared; another one draws all anew. */
  id: string;
  changes: readonly CellChange[];
  /** The whole in one line. */
  summary: string;
  /** Fetches a cell; another function fetches again. */
  cell: CellOf;
  /** Shows the text of outputs, too, not their pictures alone. */
  texts?: boolean;
  /** The button of a change; none where nothing is given. */
  action?: (change: CellChange) => { label: string; run: () => void } | undefined;
}): ReactNode {
  const { id, changes, summary, cell, texts = false, action } = props;
  return (
    <>
      <p className="jp-Lakeside-summary" role="status">
        {summary}
      </p>
      <ol className="jp-Lakeside-changes">
        {changes.map((change, n) => (
          <Change
            key={`${id}-${n}`}
            change={change}
            action={action?.(change)}
            outputs={change.outputs === 'changed' && <ChangedOutputs change={change} cell={cell} texts={texts} />}
          />
        ))}
      </ol>
    </>
  );
}

const SIGNS = { added: '+', removed: '−', changed: '~', moved: '↕', same: ' ' } as const;

function Change(props: {
  change: CellChange;
  outputs: ReactNode;
  action: { label: string; run: () => void } | undefined;
}): ReactNode {
  const { change, outputs, action } = props;
  const trans = useTrans();
  const words = {
    added: trans.__('added'),
    removed: trans.__('removed'),
    changed: trans.__('changed'),
    moved: trans.__('moved'),
    same: ''
  };
  const name = trans.__('Cell %1', (change.after ?? change.before ?? 0) + 1);
  return (
    <li className={`jp-Lakeside-change jp-mod-${change.kind}`}>
      <div className="jp-Lakeside-changeHead">
        <span className="jp-Lakeside-sign" aria-hidden="true">
          {SIGNS[change.kind]}
        </span>
        <span className="jp-Lakeside-changeName">
          {name} <span className="jp-Lakeside-kind">{words[change.kind]}</span>
        </span>
        {action && (
          <button
            type="button"
            className="jp-Lakeside-cellAction"
            aria-label={`${action.label}: ${name}`}
            onClick={action.run}
          >
            {action.label}
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
