import { useCallback } from 'react';
import type { ReactNode } from 'react';
import type { HistoryDiff } from '../../contract/history/records.js';
import { Changes, countWords } from '../ui/changes/changes.js';
import { useTrans } from '../ui/trans.js';
import type { Against, HistoryModel } from './historyModel.js';
import { sourceOf } from './restore.js';
import type { ICellSource } from './restore.js';

/** What changed between two versions, cell by cell, each with a button that puts it back. */
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
  const { versionId, against: older } = diff;
  const cell = useCallback(
    (side: 'before' | 'after', number: number) => {
      const version = side === 'before' ? older : versionId;
      return version === undefined ? Promise.resolve(undefined) : model.cell(version, number);
    },
    [model, versionId, older]
  );
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
  const kernel = older !== undefined && diff.metadataChanged ? [trans.__('kernel or language changed')] : [];
  return (
    <Changes
      id={`${versionId}-${older ?? ''}`}
      changes={changes}
      summary={[...countWords(diff, trans), ...kernel].join(' · ')}
      cell={cell}
      action={change => {
        const source = sourceOf(change, diff, against);
        // What the newest version holds is there already.
        const isThere = isNewest && source?.versionId === versionId;
        if (!onRestore || !source || isThere) return undefined;
        return { label: trans.__('Restore this cell'), run: () => onRestore(source) };
      }}
    />
  );
}
