import type { ReactNode } from 'react';
import { useModelState } from '../../ui/hooks.js';
import { Stale } from '../../ui/states.js';
import { useTrans } from '../../ui/trans.js';
import { count } from '../words.js';
import type { SearchModel } from './searchModel.js';

/** How much was found, said to screen readers, too. */
export function SearchNote({ search }: { search: SearchModel }): ReactNode {
  const trans = useTrans();
  const { result, error, phase, found } = useModelState(search);
  const shown = result?.hits.length ?? 0;
  const words = () => {
    if (!result) return trans.__('Searching…');
    if (shown === 0) return trans.__('Nothing is called "%1". If it is new, read the names anew (⟳).', found);
    if (result.total > shown) return trans.__('%1 of %2 found', shown, count(result.total));
    return trans.__('%1 found', shown);
  };
  return (
    <>
      {phase === 'failed' && error ? (
        <Stale error={error} onRetry={() => void search.search()} />
      ) : (
        <p className="jp-LakesideTables-note" role="status">
          {words()}
        </p>
      )}
    </>
  );
}
