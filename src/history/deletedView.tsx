import { Button } from '@jupyterlab/ui-components';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { HistoryNotebook } from '../../contract/history/records.js';
import { ago, exactTime, fileSize } from '../ui/format.js';
import { useModelState, useNow } from '../ui/hooks.js';
import { useTrans } from '../ui/trans.js';
import type { DeletedModel } from './deletedModel.js';
import { Empty, Failed, Skeleton, Stale } from '../ui/states.js';

/** Rows that are shown at once; more with a button. */
const PAGE = 100;

/** The notebooks that were deleted, the latest first. */
export function DeletedView(props: {
  model: DeletedModel;
  onBringBack: (historyId: string) => void;
  onOpen: (notebook: HistoryNotebook) => void;
}): ReactNode {
  const { model, onBringBack, onOpen } = props;
  const trans = useTrans();
  const now = useNow(60_000);
  const { phase, error, enabled, notebooks, busy } = useModelState(model);
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState(PAGE);
  const refresh = () => void model.refresh();

  if (phase === 'loading') return <Skeleton lines={6} label={trans.__('Loading the deleted notebooks')} />;
  if (phase === 'failed' && error) {
    return <Failed title={trans.__('The deleted notebooks cannot be shown')} error={error} onRetry={refresh} />;
  }
  if (notebooks.length === 0) {
    return (
      <Empty title={trans.__('No deleted notebooks')}>
        {enabled
          ? trans.__('When a notebook that was saved here is deleted, it is listed here and can be brought back.')
          : trans.__('History is off on this server, so deleted notebooks cannot be brought back.')}
      </Empty>
    );
  }
  const words = filter.trim().toLowerCase();
  const found = notebooks.filter(({ path }) => path.toLowerCase().includes(words));
  return (
    <div className="jp-LakesideHistory-deleted">
      {error && <Stale error={error} onRetry={refresh} />}
      <input
        type="search"
        className="jp-mod-styled"
        placeholder={trans.__('Filter by name')}
        aria-label={trans.__('Filter by name')}
        value={filter}
        onChange={event => setFilter(event.target.value)}
      />
      {found.length === 0 && (
        <p className="jp-LakesideHistory-none" role="status">
          {trans.__('No deleted notebook has this in its name.')}
        </p>
      )}
      <ul aria-label={trans.__('Deleted notebooks')}>
        {found.slice(0, shown).map(notebook => (
          <li key={notebook.historyId}>
            <Name path={notebook.path} />
            <span className="jp-LakesideHistory-deletedFacts">
              <span title={notebook.deletedAt && exactTime(notebook.deletedAt)}>
                {trans.__('deleted %1', notebook.deletedAt ? ago(notebook.deletedAt, now, trans) : '')}
              </span>
              {' · '}
              {trans._n('%1 version', '%1 versions', notebook.versions)} · {fileSize(notebook.size)}
            </span>
            <span className="jp-Lakeside-buttons">
              <Button
                type="button"
                className="jp-mod-styled jp-mod-reject"
                aria-label={trans.__('History of %1', notebook.path)}
                onClick={() => onOpen(notebook)}
              >
                {trans.__('History')}
              </Button>
              <Button
                type="button"
                className="jp-mod-styled jp-mod-accept"
                aria-label={trans.__('Bring %1 back', notebook.path)}
                disabled={busy.has(notebook.historyId)}
                onClick={() => onBringBack(notebook.historyId)}
              >
                {trans.__('Bring back')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
      {found.length > shown && (
        <button type="button" className="jp-LakesideHistory-more" onClick={() => setShown(shown + PAGE)}>
          {trans.__('Show more')}
        </button>
      )}
    </div>
  );
}

function Name({ path }: { path: string }): ReactNode {
  const at = path.lastIndexOf('/') + 1;
  return (
    <span className="jp-LakesideHistory-deletedName">
      <strong>{path.slice(at)}</strong>
      {at > 0 && <span className="jp-Lakeside-hint">{path.slice(0, at - 1)}</span>}
    </span>
  );
}
