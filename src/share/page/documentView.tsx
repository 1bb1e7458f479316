import { useEffect, useMemo } from 'react';
import type { ReactNode } from 'react';
import type { LibraryNotebook } from '../../../contract/share/records.js';
import { documentResource } from '../library/resources.js';
import { Button } from '../library/views/button.js';
import { LibraryLink, useLibrary } from '../library/views/context.js';
import { Icon } from '../library/views/icons.js';
import { useModelState } from '../../ui/hooks.js';
import { Failed } from '../library/views/states.js';
import { ForkOffer } from './forkOffer.js';
import { Frame, FrameSkeleton } from './frame.js';
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

  const model = useMemo(() => documentResource(client, id, versionId, hideCode), [client, id, versionId, hideCode]);
  const { phase, error } = useModelState(model);
  useEffect(() => {
    model.ensure();
  }, [model]);
  useEffect(() => () => model.dispose(), [model]);

  const shown = notebook.versionList.find(version => version.versionId === versionId);

  return (
    <div className="lk-Document">
      {route.fork && notebook.deletedAt === undefined && (
        <ForkOffer route={route} notebook={notebook} session={session} />
      )}
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
      {phase === 'failed' && error ? (
        <Failed title={trans.__('The document cannot be shown')} error={error} retry={() => void model.refresh()} />
      ) : phase === 'ready' ? (
        <Frame title={trans.__('Document of "%1"', notebook.title)} src={links.document(id, versionId, hideCode)} />
      ) : (
        <FrameSkeleton />
      )}
    </div>
  );
}
