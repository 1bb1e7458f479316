import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LibraryNotebook } from '../../../contract/share/records.js';
import { figuresResource } from '../library/resources.js';
import { useLibrary } from '../library/views/context.js';
import { MenuButton } from '../library/views/menu.js';
import { useModelState } from '../../ui/hooks.js';
import { FigureDialog } from './figureDialog.js';
import type { Route } from './routes.js';
import type { ISession } from './session.js';

const kinds = { plotly: 'Plotly', vega: 'Vega', bokeh: 'Bokeh', html: 'HTML' };

/** The interactive figures of a version, where it has some: the document shows them still, this opens them live. */
export function FiguresButton(props: {
  route: Extract<Route, { kind: 'notebook' }>;
  notebook: LibraryNotebook;
  session: ISession;
}): ReactNode {
  const { route, notebook, session } = props;
  const { client, router } = session;
  const { trans, links } = useLibrary();
  const id = notebook.notebookId;
  const versionId = route.versionId ?? notebook.versionId;
  const model = useMemo(() => figuresResource(client, id, versionId), [client, id, versionId]);
  const figures = useModelState(model).value ?? [];
  useEffect(() => {
    model.ensure();
  }, [model]);
  useEffect(() => () => model.dispose(), [model]);

  if (figures.length === 0) return null;
  const here = links.notebook(id, route.versionId);
  const shown = figures.find(figure => figure.number === route.figure && figure.live);
  return (
    <>
      <MenuButton
        icon="figure"
        className="lk-mod-foldable"
        label={trans.__('Live figures')}
        items={figures.map(figure => ({
          label: trans.__('Figure %1', figure.number),
          note: `${kinds[figure.kind]} · ${trans.__('cell %1', figure.cell + 1)}`,
          icon: 'figure',
          ...(!figure.live && { disabled: figure.reason ?? trans.__('cannot be shown live here') }),
          run: () => router.update(`${here}?figure=${figure.number}`, 'push')
        }))}
      >
        <span className="lk-Button-text">{trans.__('Live figures')}</span>{' '}
        <span className="lk-Count">{figures.length}</span>
      </MenuButton>
      {shown && (
        <FigureDialog
          title={trans.__('Figure %1 of "%2"', shown.number, notebook.title)}
          src={links.figure(id, versionId, shown.number)}
          onClose={() => router.leave(here)}
        />
      )}
    </>
  );
}
