import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LibraryNotebook } from '../../../contract/share/records.js';
import { documentResource, figuresResource } from '../library/resources.js';
import { Button } from '../library/views/button.js';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { MenuButton } from '../library/views/menu.js';
import { useModel } from '../library/views/modelState.js';
import { Failed } from '../library/views/states.js';
import { Frame, FrameSkeleton } from './frame.js';
import { FigureDialog } from './figureDialog.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';

/** A version of a notebook as people read it. The document is foreign: it stands in a frame that runs nothing. */
export function DocumentView(props: {
  route: Extract<Route, { kind: 'notebook' }>;
  notebook: LibraryNotebook;
  session: ISession;
}): ReactNode {
  const { route, notebook, session } = props;
  const { client, router } = session;
  const { trans, links } = useLibrary();
  const id = notebook.notebookId;
  const newest = notebook.versionId;
  const versionId = route.versionId ?? newest;
  const { hideCode } = route;
  const deleted = notebook.deletedAt !== undefined;

  const model = useMemo(() => documentResource(client, id, versionId, hideCode), [client, id, versionId, hideCode]);
  const figures = useMemo(() => figuresResource(client, id, versionId), [client, id, versionId]);
  const { phase, error } = useModel(model);
  const live = useModel(figures).value ?? [];
  useEffect(() => {
    if (!deleted) model.ensure();
  }, [model, deleted]);
  useEffect(() => () => model.dispose(), [model]);
  useEffect(() => {
    if (phase === 'ready') figures.ensure();
  }, [figures, phase]);

  const shown = notebook.versionList.find(version => version.versionId === versionId);
  const here = links.notebook(id, route.versionId);
  const figure = live.find(entry => entry.number === route.figure && entry.live);
  const kinds = { plotly: 'Plotly', vega: 'Vega', bokeh: 'Bokeh', html: 'HTML' };

  if (deleted) return <div className="lk-Document" />;
  return (
    <div className="lk-Document">
      {versionId !== newest && (
        <div className="lk-Banner">
          <Icon name="history" />
          <span className="lk-Banner-text">
            {shown
              ? trans.__('This is version %1. There is a newer one.', shown.number)
              : trans.__('This version is not in the list any more.')}
          </span>
          <LibraryLink className="lk-Button lk-mod-framed" href={links.notebook(id)}>
            {trans.__('Show the newest')}
          </LibraryLink>
          {shown && (
            <Button look="plain" icon="compare" onClick={() => router.go(links.diff(id, versionId, newest))}>
              {trans.__('What changed since')}
            </Button>
          )}
        </div>
      )}
      {live.length > 0 && (
        <div className="lk-Document-figures">
          <MenuButton
            icon="figure"
            label={trans.__('Live figures')}
            items={live.map(entry => ({
              label: trans.__('Figure %1', entry.number),
              note: `${kinds[entry.kind]} · ${trans.__('cell %1', entry.cell + 1)}`,
              icon: 'figure',
              ...(!entry.live && { disabled: entry.reason ?? trans.__('cannot be shown live here') }),
              run: () => router.update(`${here}?figure=${entry.number}`, 'push')
            }))}
          >
            {trans.__('Live figures')} <span className="lk-Count">{live.length}</span>
          </MenuButton>
        </div>
      )}
      {phase === 'failed' && error ? (
        <Failed title={trans.__('The document cannot be shown')} error={error} retry={() => void model.refresh()} />
      ) : phase === 'ready' ? (
        <Frame title={trans.__('Document of "%1"', notebook.title)} src={links.document(id, versionId, hideCode)} />
      ) : (
        <FrameSkeleton />
      )}
      {figure && (
        <FigureDialog
          title={trans.__('Figure %1 of "%2"', figure.number, notebook.title)}
          src={links.figure(id, versionId, figure.number)}
          onClose={() => router.leave(here)}
        />
      )}
    </div>
  );
}
