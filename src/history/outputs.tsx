import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { CellChange } from '../../contract/cells.js';
import type { HistoryDiff } from '../../contract/history/records.js';
import type { ProblemError } from '../../contract/problem.js';
import { asProblem } from '../api/problems.js';
import { useTrans } from '../ui/trans.js';
import type { HistoryModel } from './historyModel.js';
import { pairs, picturesOf } from './pictures.js';
import type { IPicturePair } from './pictures.js';

/** What became of a cell's outputs: its pictures side by side, where they are not the same. */
export function ChangedOutputs(props: { change: CellChange; diff: HistoryDiff; model: HistoryModel }): ReactNode {
  const { change, diff, model } = props;
  const trans = useTrans();
  const place = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(place);
  const [found, setFound] = useState<readonly IPicturePair[]>();
  const [problem, setProblem] = useState<ProblemError>();
  const { before, after } = change;
  const { versionId, against } = diff;

  const load = useCallback(async () => {
    const picturesAt = async (version: string | undefined, number: number | undefined) =>
      version === undefined || number === undefined ? [] : picturesOf(await model.cell(version, number));
    setProblem(undefined);
    try {
      setFound(pairs(...(await Promise.all([picturesAt(against, before), picturesAt(versionId, after)]))));
    } catch (error) {
      setProblem(asProblem(error));
    }
  }, [model, versionId, against, before, after]);
  useEffect(() => {
    if (isSeen) void load();
  }, [isSeen, load]);

  return (
    <div ref={place} className="jp-LakesideHistory-outputs" aria-busy={found === undefined && problem === undefined}>
      {change.kind !== 'added' && change.kind !== 'removed' && <p>{trans.__('Its output changed.')}</p>}
      {problem && (
        <p className="jp-Lakeside-error" role="alert">
          {problem.message}{' '}
          <button type="button" className="jp-LakesideHistory-cellAction" onClick={() => void load()}>
            {trans.__('Retry')}
          </button>
        </p>
      )}
      {found?.map((pair, at) => (
        <div key={at} className="jp-LakesideHistory-pictures">
          {change.kind !== 'added' && (
            <Picture label={trans.__('Before')} source={pair.before} cell={(before ?? 0) + 1} />
          )}
          {change.kind !== 'removed' && (
            <Picture label={trans.__('After')} source={pair.after} cell={(after ?? 0) + 1} />
          )}
        </div>
      ))}
    </div>
  );
}

function Picture(props: { label: string; source: string | undefined; cell: number }): ReactNode {
  const { label, source, cell } = props;
  const trans = useTrans();
  return (
    <figure>
      <figcaption>{label}</figcaption>
      {source === undefined ? (
        <p>{trans.__('No picture')}</p>
      ) : (
        <img src={source} alt={trans.__('Picture of cell %1: %2', cell, label)} />
      )}
    </figure>
  );
}

/** Whether something came into sight; what nobody scrolls to is never fetched. */
function useSeen(place: RefObject<HTMLElement>): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const { current } = place;
    if (isSeen || current === null) return;
    const observer = new IntersectionObserver(entries => {
      if (entries.some(entry => entry.isIntersecting)) setSeen(true);
    });
    observer.observe(current);
    return () => observer.disconnect();
  }, [place, isSeen]);
  return isSeen;
}
