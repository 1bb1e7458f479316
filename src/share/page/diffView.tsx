import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { NotebookDiff } from '../../../contract/share/diff.js';
import type { LibraryNotebook } from '../../../contract/share/records.js';
import { ago } from '../library/format.js';
import { diffResource } from '../library/resources.js';
import { Button } from '../library/views/button.js';
import { useLibrary } from '../library/views/context.js';
import { useModelState, useNow } from '../../ui/hooks.js';
import { Empty, Failed } from '../library/views/states.js';
import { Frame, FrameSkeleton } from './frame.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';

/** What changed between two versions. */
export function DiffView(props: {
  route: Extract<Route, { kind: 'diff' }>;
  notebook: LibraryNotebook;
  session: ISession;
}): ReactNode {
  const { route, notebook, session } = props;
  const { client, router } = session;
  const { trans, links } = useLibrary();
  const now = useNow(60_000);
  const id = notebook.notebookId;
  const versions = notebook.versionList;
  const to = route.to ?? notebook.versionId;
  const from = route.from ?? versions[versions.findIndex(version => version.versionId === to) + 1]?.versionId;
  const model = useMemo(() => diffResource(client, id, from, to), [client, id, from, to]);
  const { phase, value, error } = useModelState(model);
  const single = from === undefined;
  useEffect(() => {
    if (!single) model.ensure();
  }, [model, single]);
  useEffect(() => () => model.dispose(), [model]);

  if (single) {
    return (
      <div className="lk-Page-scroll">
        <Empty icon="compare" title={trans.__('There is only one version')}>
          {trans.__('Share the notebook again after changing it; then the two can be compared.')}
        </Empty>
      </div>
    );
  }
  const show = (one: string, other: string) => router.update(links.diff(id, one, other), 'replace');
  const picker = (label: string, chosen: string, onPick: (versionId: string) => void) => (
    <label className="lk-DiffBar-pick">
      <span>{label}</span>
      <select className="lk-Input" value={chosen} onChange={event => onPick(event.target.value)}>
        {versions.map(version => (
          <option key={version.versionId} value={version.versionId}>
            {trans.__('Version %1', version.number)} · {ago(version.createdAt, now, trans)}
          </option>
        ))}
      </select>
    </label>
  );

  return (
    <div className="lk-Document">
      <div className="lk-DiffBar">
        {picker(trans.__('From'), from, picked => show(picked, to))}
        {picker(trans.__('to'), to, picked => show(from, picked))}
        <Button
          look="plain"
          icon="compare"
          aria-label={trans.__('Swap the two versions')}
          onClick={() => show(to, from)}
        />
        <p className="lk-DiffBar-summary" role="status">
          {phase === 'ready' && value && <Summary diff={value} />}
        </p>
      </div>
      {phase === 'failed' && error ? (
        <Failed
          title={trans.__('The two versions cannot be compared')}
          error={error}
          retry={() => void model.refresh()}
        />
      ) : phase === 'ready' ? (
        <Frame title={trans.__('Changes of "%1"', notebook.title)} src={links.diffDocument(id, from, to)} />
      ) : (
        <FrameSkeleton />
      )}
    </div>
  );
}

/** The difference in numbers: sign, colour and word for each kind. */
function Summary({ diff }: { diff: NotebookDiff }): ReactNode {
  const { trans } = useLibrary();
  const kinds = [
    { kind: 'added', sign: '+', text: trans._n('%1 cell added', '%1 cells added', diff.added), count: diff.added },
    {
      kind: 'removed',
      sign: '−',
      text: trans._n('%1 cell removed', '%1 cells removed', diff.removed),
      count: diff.removed
    },
    {
      kind: 'changed',
      sign: '~',
      text: trans._n('%1 cell changed', '%1 cells changed', diff.changed),
      count: diff.changed
    },
    { kind: 'moved', sign: '↕', text: trans._n('%1 cell moved', '%1 cells moved', diff.moved), count: diff.moved }
  ].filter(entry => entry.count > 0);
  if (kinds.length === 0 && !diff.metadataChanged) return trans.__('The two versions have the same cells.');
  return (
    <>
      {kinds.map(entry => (
        <span key={entry.kind} className={`lk-DiffBar-count lk-mod-${entry.kind}`}>
          <span aria-hidden="true">{entry.sign}</span> {entry.text}
        </span>
      ))}
      {diff.metadataChanged && <span className="lk-DiffBar-count">{trans.__('kernel or language changed')}</span>}
      <span className="lk-DiffBar-rest">{trans.__('%1 unchanged', diff.unchanged)}</span>
    </>
  );
}
