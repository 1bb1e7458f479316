import { useCallback, useEffect, useRef, useState } from 'react';
import type { ReactNode, RefObject } from 'react';
import type { CellChange } from '../../../contract/cells.js';
import type { ProblemError } from '../../../contract/problem.js';
import { asProblem } from '../../api/problems.js';
import { useTrans } from '../trans.js';
import { pairs, picturesOf } from './pictures.js';
import type { IPicturePair } from './pictures.js';
import { textsOf } from './texts.js';

/** Fetches a cell of one of the two sides as it stands in its file. Rejects with a `ProblemError`. */
export type CellOf = (side: 'before' | 'after', number: number) => Promise<unknown>;

interface IFound {
  readonly pictures: readonly IPicturePair[];
  readonly texts: { readonly before: string; readonly after: string };
}

/** What became of a cell's outputs: pictures, and texts where asked for, side by side, where they are not the same. */
export function ChangedOutputs(props: { change: CellChange; cell: CellOf; texts: boolean }): ReactNode {
  const { change, cell } = props;
  const trans = useTrans();
  const place = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(place);
  const [found, setFound] = useState<IFound>();
  const [problem, setProblem] = useState<ProblemError>();
  const { before, after } = change;

  const load = useCallback(async () => {
    const at = (side: 'before' | 'after', number: number | undefined) =>
      number === undefined ? Promise.resolve(undefined) : cell(side, number);
    setProblem(undefined);
    try {
      const [older, newer] = await Promise.all([at('before', before), at('after', after)]);
      setFound({
        pictures: pairs(picturesOf(older), picturesOf(newer)),
        texts: { before: textsOf(older), after: textsOf(newer) }
      });
    } catch (error) {
      setProblem(asProblem(error));
    }
  }, [cell, before, after]);
  useEffect(() => {
    if (isSeen) void load();
  }, [isSeen, load]);

  return (
    <div ref={place} className="jp-Lakeside-outputs" aria-busy={found === undefined && problem === undefined}>
      {change.kind !== 'added' && change.kind !== 'removed' && <p>{trans.__('Its output changed.')}</p>}
      {problem && (
        <p className="jp-Lakeside-error" role="alert">
          {problem.message}{' '}
          <button type="button" className="jp-Lakeside-cellAction" onClick={() => void load()}>
            {trans.__('Retry')}
          </button>
        </p>
      )}
      {found?.pictures.map((pair, at) => (
        <div key={at} className="jp-Lakeside-pictures">
          {change.kind !== 'added' && (
            <Picture label={trans.__('Before')} source={pair.before} cell={(before ?? 0) + 1} />
          )}
          {change.kind !== 'removed' && (
            <Picture label={trans.__('After')} source={pair.after} cell={(after ?? 0) + 1} />
          )}
        </div>
      ))}
      {props.texts && found && found.texts.before !== found.texts.after && (
        <div className="jp-Lakeside-texts">
          {change.kind !== 'added' && <Text label={trans.__('Before')} text={found.texts.before} />}
          {change.kind !== 'removed' && <Text label={trans.__('After')} text={found.texts.after} />}
        </div>
      )}
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

function Text(props: { label: string; text: string }): ReactNode {
  const trans = useTrans();
  return (
    <div>
      <span>{props.label}</span>
      {props.text === '' ? <p>{trans.__('No text')}</p> : <pre tabIndex={0}>{props.text}</pre>}
    </div>
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
